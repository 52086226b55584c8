"""The table of all shops: order, counts, search and filters, and the way into one."""

import re

import pytest
import time_machine
from django.test import Client

from servicescore.models import ScoreRevision
from shopguard.lib.days import at_hour
from stores.models import Role, Shop
from tests.conftest import DAY_ZERO
from tests.factories import make_member, make_shop, make_user
from tests.pages.market import Market
from tests.pages.reading import attributes, rows_of_table, text_of


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/{query}")
    assert response.status_code == 200
    return response.content.decode()


def totals(html: str) -> list[float]:
    shown = [re.match(r"\d\.\d\d", row[1]) for row in rows_of_table(html, "shop-table")]
    return [float(found[0]) for found in shown if found]


def names(html: str) -> list[str]:
    return re.findall(r"<strong>([^<\d]+[^<]*)</strong>", html)


def test_lowest_total_stands_first(market: Market) -> None:
    shown = totals(page(market.client("dora")))
    assert len(shown) > 10
    assert shown == sorted(shown)


def test_every_shop_with_a_total_has_a_sparkline(market: Market) -> None:
    html = page(market.client("dora"))
    assert html.count('class="spark"') == len(totals(html))
    assert "梅子小铺近 30 天的服务分，现在" in html


def test_tiers_count_every_total_once(market: Market) -> None:
    html = page(market.client("dora"))
    counts = re.findall(r'class="tier-count"[^>]*>(\d+)<', html)
    assert len(counts) == 5
    assert sum(map(int, counts)) == len(totals(html))


def test_shops_without_a_total_stand_last_with_the_reason(market: Market) -> None:
    rows = rows_of_table(page(market.client("dora")), "shop-table")
    reasons = [row[1] for row in rows if row[1].startswith("—")]
    assert sorted(reasons) == ["— 行业不评分", "— 订单不足", "— 订单不足"]
    assert all(row[1].startswith("—") for row in rows[-len(reasons) :])


def test_as_of_time_is_that_of_the_newest_score(market: Market) -> None:
    assert "数据截至 2月29日 24:00，3月1日 12:00 发布（上海时间）" in text_of(
        page(market.client("dora"))
    ).replace(" ，", "，").replace(" （", "（")


def test_late_shop_is_marked_and_can_be_listed(market: Market) -> None:
    html = page(market.client("dora"), "?view=late")
    assert names(html) == ["晚到小店"]
    assert "asof-late" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=梅子", ["梅子小铺"]),
        ("?q=PLUM", ["梅子小铺"]),
        ("?industry=jewellery", ["孤品银饰"]),
        ("?state=industry_not_scored", ["本地课堂"]),
        ("?view=unscored&q=小枝", ["小枝手作"]),
    ],
)
def test_search_and_filters_narrow_the_table(
    market: Market, query: str, expected: list[str]
) -> None:
    assert names(page(market.client("dora"), query)) == expected


def test_stars_filter_keeps_only_those_stars(market: Market) -> None:
    html = page(market.client("dora"), "?stars=4.5")
    assert totals(html)
    assert all(4.5 <= total < 4.8 for total in totals(html))


def test_counts_of_views_agree_with_what_they_list(market: Market) -> None:
    client = market.client("dora")
    views = re.findall(r'href="\?view=(\w+)"[^>]*>[^<]*<span>(\d+)</span>', page(client))
    assert len(views) == 7
    for view, count in views:
        html = page(client, f"?view={view}")
        assert html.count('class="shop-row') == int(count), view


def test_no_match_says_which_filter_to_drop(market: Market) -> None:
    html = page(market.client("dora"), "?q=zzz")
    assert "没有符合条件的店铺" in text_of(html)
    assert ("a", "?view=all") in attributes(html, "href")
    assert "共 0 家" not in html


@pytest.mark.parametrize("query", ["?page=0", "?page=9999", "?page=x", "?view=x&sort=x&stars=x"])
def test_nonsense_in_the_address_is_harmless(market: Market, query: str) -> None:
    page(market.client("dora"), query)


def test_chosen_row_height_is_remembered(market: Market) -> None:
    client = market.client("dora")
    assert "data-compact shop-table" in page(client, "?density=compact")
    assert "data-compact shop-table" in page(client)


def test_fifty_shops_a_page(market: Market) -> None:
    for number in range(60):
        make_shop(f"more-{number}", name=f"更多 {number}")
    client = market.client("dora")
    first = page(client)
    assert first.count('class="shop-row') == 50
    assert ("a", "?view=all&amp;sort=total&amp;page=2".replace("&amp;", "&")) in attributes(
        first, "href"
    )
    assert "上一页" in page(client, "?page=2")


def test_only_shop_of_a_person_opens_at_once(market: Market) -> None:
    response = market.client("alice").get("/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/s/plum/"


def test_ops_see_their_shops_only(market: Market) -> None:
    assert sorted(names(page(market.client("bob")))) == sorted(["梅子小铺", "小枝手作"])


def test_who_has_no_shop_reads_how_to_get_one(market: Market) -> None:
    text = text_of(page(market.client("erin")))
    assert "你名下还没有店铺" in text
    assert "告诉他们你的账号： erin" in text


def weakest(html: str, name: str) -> str:
    rows = [row for row in rows_of_table(html, "shop-table") if name in row[0]]
    return next(cell for row in rows for cell in row if "最弱" in cell)


def test_a_trial_of_other_rules_does_not_say_which_dimension_is_weakest(market: Market) -> None:
    client = market.client("dora")
    before = weakest(page(client), "梅子小铺")
    score = ScoreRevision.objects.filter(shop=market.shops["plum"], date=market.day).latest("pk")
    tried = {name: part | {"score": 3.0} for name, part in score.dimensions.items()}
    score.pk, score.rule_set, score.dimensions = None, "experience-3d", tried
    score.save(force_insert=True)
    assert weakest(page(client), "梅子小铺") == before
    assert re.search(r"\d\.\d\d$", before)
    assert not before.endswith("3.00")


def test_pending_scores_are_marked_for_ops_and_hidden_from_owners(
    market: Market, afternoon: time_machine.Traveller
) -> None:
    afternoon.move_to(at_hour(DAY_ZERO, 9))
    owner = make_member(make_user("olga"), market.shops["plum"], Role.OWNER)
    make_member(owner, market.shops["peer-001"], Role.OWNER)
    client = Client()
    client.force_login(owner)
    assert "待发布" not in page(client)
    assert "02-29" in page(client)
    assert page(market.client("bob")).count("待发布") >= 2


def test_markup_in_a_name_stays_text(market: Market) -> None:
    Shop.objects.filter(external_id="plum").update(name="<b>梅</b>")
    html = page(market.client("dora"))
    assert "<b>梅</b>" not in html
    assert "&lt;b&gt;梅&lt;/b&gt;" in html
