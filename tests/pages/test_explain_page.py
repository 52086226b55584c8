"""Why a score moved: six parts that add up, the metrics behind them, and one sentence."""

from datetime import date, timedelta

import plotly.graph_objects as go
import pytest

from servicescore.calc.changes import PARTS
from servicescore.models import DailyRow, ScoreRevision
from shopguard.lib import formats
from tests.conftest import DAY_ZERO
from tests.factories import make_shop
from tests.pages.figures import figure_named
from tests.pages.market import Market, fill_days, score_night
from tests.pages.reading import rows_of_table, text_of
from tests.pages.test_receipt_page import number
from tests.pages.test_score_page import coloured, page

EXPLAIN = "/s/plum/score/explain/"
NEW_RULES = date(2022, 8, 20)


def total(market: Market, back: int = 0) -> float:
    day = DAY_ZERO - timedelta(days=back)
    found = ScoreRevision.objects.filter(shop=market.shops["plum"], date=day).last()
    assert found is not None
    assert found.total is not None
    return found.total


def test_parts_add_up_to_the_change(market: Market) -> None:
    rows = rows_of_table(page(market.client("alice"), EXPLAIN), "fall-table")
    assert len(rows) == len(PARTS) + 2
    assert number(rows[0][2]) == pytest.approx(total(market, 1), abs=1e-6)
    assert number(rows[-1][2]) == pytest.approx(total(market), abs=1e-6)
    points = sum(number(row[1]) for row in rows[1:-1])
    assert points == pytest.approx(total(market) - total(market, 1), abs=6e-6)


def test_metrics_add_up_to_the_parts_they_share(market: Market) -> None:
    html = page(market.client("alice"), EXPLAIN)
    parts = {row[0].split()[0]: number(row[1]) for row in rows_of_table(html, "fall-table")[1:-1]}
    rows = rows_of_table(html, "by-metric-table")
    aged, new, peers = (sum(number(row[at]) for row in rows) for at in (2, 3, 4))
    assert aged == pytest.approx(parts["最老的一天移出"], abs=1e-3)
    assert new == pytest.approx(parts["新的一天计入，其余变旧"], abs=1e-3)
    assert peers == pytest.approx(parts["同行变了"], abs=1e-3)


def test_drawing_and_table_hold_the_same_numbers(market: Market) -> None:
    html = page(market.client("alice"), EXPLAIN)
    figure = figure_named(html, "fall-figure")
    go.Figure(coloured(figure))
    bars, levels, _names = figure["data"]
    shown = [formats.signed(points, 6) for points in bars["y"]]
    assert shown == [row[1] for row in rows_of_table(html, "fall-table")[1:-1]]
    assert levels["y"] == [total(market, 1), total(market)]


def test_late_parcels_of_yesterday_are_named_as_the_cause(market: Market) -> None:
    DailyRow.objects.filter(shop=market.shops["plum"], day=DAY_ZERO - timedelta(days=1)).update(
        ship_on_time_rate_num=0, ship_on_time_rate_den=4
    )
    score_night(DAY_ZERO)
    client = market.client("alice")
    text = text_of(page(client, EXPLAIN))
    assert "2月29日的4 件晚发计入" in text
    assert "2月29日的4 件晚发计入" in text_of(page(client, "/s/plum/"))


def test_records_that_came_late_are_told_as_a_correction(market: Market) -> None:
    old = DAY_ZERO - timedelta(days=10)
    DailyRow.objects.filter(shop=market.shops["plum"], day=old).update(
        ship_on_time_rate_num=0, ship_on_time_rate_den=4, ship_on_time_rate_excl=0
    )
    score_night(DAY_ZERO)
    html = page(market.client("alice"), EXPLAIN)
    parts = {row[0].split()[0]: number(row[1]) for row in rows_of_table(html, "fall-table")[1:-1]}
    assert parts["补录和更正"] < 0
    assert "补录或更正了发货及时率" in text_of(html)


def test_appeal_that_was_granted_lifts_the_total_as_a_correction(market: Market) -> None:
    rows = DailyRow.objects.filter(shop=market.shops["plum"], quality_refund_rate_num__gt=0)
    rows.exclude(day=DAY_ZERO - timedelta(days=1)).update(quality_refund_rate_num=0)
    score_night(DAY_ZERO)
    html = page(market.client("alice"), EXPLAIN)
    parts = {row[0].split()[0]: number(row[1]) for row in rows_of_table(html, "fall-table")[1:-1]}
    assert parts["补录和更正"] > 0


def test_day_the_rules_changed_says_so(market: Market) -> None:
    shop = make_shop("veteran", name="老店", industry="shoes")
    fill_days(shop, NEW_RULES, skill=0.6)
    days = DailyRow.objects.filter(shop=shop)
    days.update(collect_on_time_rate_num=4, collect_on_time_rate_den=4)
    days.update(delivery_hours_num=4 * 50 * 3600, delivery_hours_den=4)
    for day in (NEW_RULES - timedelta(days=1), NEW_RULES):
        score_night(day, "shoes")
    client = market.client("dora")
    html = page(client, f"/s/veteran/score/explain/?date={NEW_RULES}")
    rows = rows_of_table(html, "fall-table")
    parts = {row[0].split()[0]: number(row[1]) for row in rows[1:-1]}
    assert parts["规则变了"] != 0
    assert "规则变了" in text_of(html)
    assert number(rows[0][2]) + sum(parts.values()) == pytest.approx(number(rows[-1][2]), abs=6e-6)
    for path in ("receipt/", "what-if/", "recovery/", "rules/"):
        assert client.get(f"/s/veteran/score/{path}?date={NEW_RULES}").status_code == 200
        before = NEW_RULES - timedelta(days=1)
        assert client.get(f"/s/veteran/score/{path}?date={before}").status_code == 200


def test_number_of_a_day_opens_its_records(market: Market) -> None:
    html = page(market.client("alice"), EXPLAIN)
    day = "2024-02-29"
    assert f"show=counted&amp;from={day}&amp;to={day}#rows" in html


def test_first_day_has_nothing_to_compare(market: Market) -> None:
    first = DAY_ZERO - timedelta(days=3)
    text = text_of(page(market.client("alice"), f"{EXPLAIN}?date={first}"))
    assert "前一天没有分数可比" in text
    assert "这是第一个可比的日子" in text


def test_shop_without_a_total_reads_what_is_missing(market: Market) -> None:
    text = text_of(page(market.client("bob"), "/s/twig/score/explain/"))
    assert "还没有总分，没有变化可说" in text
    assert "近 180 天签收 24 单，满 30 单才有总分" in text
    text = text_of(page(market.client("dora"), "/s/class/score/explain/"))
    assert "本地生活行业不参与服务分" in text


def test_shop_without_peers_is_explained_as_well(market: Market) -> None:
    rows = rows_of_table(page(market.client("dora"), "/s/lone/score/explain/"), "fall-table")
    parts = {row[0].split()[0]: number(row[1]) for row in rows[1:-1]}
    assert parts["同行变了"] == 0


def test_date_without_a_score_does_not_exist(market: Market) -> None:
    assert market.client("alice").get(f"{EXPLAIN}?date=2020-01-01").status_code == 404
