"""What if: figures moved by an address, the total they give, and the gap to each goal."""

import re
from html import unescape

import pytest

from servicescore.metrics import metrics
from servicescore.models import ScoreRevision
from servicescore.selectors.what_if_asked import Scale
from shopguard.lib import formats
from tests.pages.market import Market
from tests.pages.reading import attributes, rows_of_table, text_of
from tests.pages.test_receipt_page import number
from tests.pages.test_score_page import page

WHAT_IF = "/s/plum/score/what-if/"


def total(market: Market) -> float:
    found = ScoreRevision.objects.filter(shop=market.shops["plum"]).order_by("date").last()
    assert found is not None
    assert found.total is not None
    return found.total


def figure(html: str) -> float:
    found = re.search(r'fig-xl">([\d.]+)<', html)
    assert found
    return float(found[1])


def test_without_a_move_it_shows_the_total_of_today(market: Market) -> None:
    html = page(market.client("alice"), WHAT_IF)
    assert formats.score(total(market)) == f"{figure(html):.2f}"
    assert "改了 0 项" in text_of(html)


def test_better_figure_gives_a_better_total_and_says_what_it_unlocks(market: Market) -> None:
    query = "reply_3min_rate=97&product_rating=4.9&ship_on_time_rate=99.8&return_refund_hours=12"
    html = page(market.client("alice"), f"{WHAT_IF}?{query}")
    assert figure(html) > total(market)
    text = text_of(html)
    assert "改了 4 项" in text
    assert "解锁" in text


def test_points_of_the_metrics_add_up_to_the_change(market: Market) -> None:
    html = page(market.client("alice"), f"{WHAT_IF}?reply_3min_rate=90&dispute_rate=0.3")
    effects = re.findall(r'id="effect-\w+">.*?<b class="[^"]*">([^<]+)</b>', html)
    moved = sum(number(text) for text in effects)
    assert moved == pytest.approx(figure(html) - total(market), abs=0.008)


@pytest.mark.parametrize("text", ["many", "nan", "1e999", "", "９６"])
def test_what_is_no_figure_moves_nothing(market: Market, text: str) -> None:
    html = page(market.client("alice"), f"{WHAT_IF}?reply_3min_rate={text}")
    assert "改了 0 项" in text_of(html)


def test_figure_beyond_the_scale_stops_at_its_end(market: Market) -> None:
    html = page(market.client("alice"), f"{WHAT_IF}?reply_3min_rate=250")
    best = re.search(r'name="reply_3min_rate" value="([\d.]+)" min="[\d.]+" max="([\d.]+)"', html)
    assert best
    assert best[1] == best[2]


def test_change_one_click_away_leads_to_its_own_figure(market: Market) -> None:
    client = market.client("alice")
    chips = [unescape(v) for tag, v in attributes(page(client, WHAT_IF), "href") if tag == "a"]
    chip = next(link for link in chips if link.startswith("?reply_3min_rate="))
    html = page(client, WHAT_IF + chip)
    assert "改了 1 项" in text_of(html)
    assert 'class="chip is-chosen"' in html
    assert figure(html) >= float(formats.score(total(market)))


def test_smallest_change_of_the_table_reaches_its_goal(market: Market) -> None:
    client = market.client("alice")
    html = page(client, f"{WHAT_IF}?goal=4.8")
    reachable = [row for row in rows_of_table(html, "gap-table") if "→ —" not in row[2]]
    assert rows_of_table(html, "gap-table")
    for row in reachable:
        assert number(row[5]) >= 4.8 - 0.005


def test_link_can_be_shared_within_the_shop(market: Market) -> None:
    path = f"{WHAT_IF}?reply_3min_rate=90"
    assert figure(page(market.client("alice"), path)) == figure(page(market.client("bob"), path))
    assert market.client("charlie").get(path).status_code == 404


def test_shop_without_a_total_reads_what_is_missing(market: Market) -> None:
    text = text_of(page(market.client("bob"), "/s/twig/score/what-if/?reply_3min_rate=90"))
    assert "有了总分才能试算" in text
    assert "满 30 单才有总分" in text


def test_shop_without_peers_is_moved_by_value_alone(market: Market) -> None:
    client = market.client("dora")
    now = figure(page(client, "/s/lone/score/what-if/"))
    assert figure(page(client, "/s/lone/score/what-if/?reply_3min_rate=97")) > now


def test_figure_is_rounded_towards_the_better_side() -> None:
    on_time = Scale.of(metrics()["ship_on_time_rate"], (0.8, 0.998))
    assert on_time.towards_best(0.961231) == "96.13"
    dispute = Scale.of(metrics()["dispute_rate"], (0.04, 0.0))
    assert dispute.towards_best(0.00411239) == "0.411"
    assert dispute.share(0.04) == 0
    assert dispute.share(0.0) == 1
