"""The score page: what it says about a score, to whom, and when."""

import json
import re
from datetime import timedelta
from html import unescape

import plotly.graph_objects as go
import pytest
import time_machine
from django.test import Client

from servicescore.models import ScoreRevision
from shopguard.lib import formats
from shopguard.lib.days import at_hour
from stores.models import PlatformCoverage
from tests.conftest import DAY_ZERO
from tests.factories import make_order, make_shop
from tests.pages.market import Market, score_night
from tests.pages.reading import rows_of_table, text_of

PLUM = "/s/plum/score/"
NEXT_DAY = DAY_ZERO + timedelta(days=1)


def page(client: Client, path: str = PLUM) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def revision(market: Market, name: str) -> ScoreRevision:
    found = ScoreRevision.objects.filter(shop=market.shops[name]).order_by("date", "revision")
    return found.last()


def test_owner_reads_total_stars_rank_and_rule_set(market: Market) -> None:
    text = text_of(page(market.client("alice")))
    newest = revision(market, "plum")
    assert formats.score(newest.total) in text
    assert f"超过 {formats.percent(newest.percentile, 0)} 的同行" in text
    assert f"同行：服饰，{newest.peers_n} 家有总分的店铺，不分平台，含本店" in text
    assert "规则集「商家服务分 2022」" in text
    assert "数据截至 2月29日 24:00" in text
    assert "近 180 天签收 180 单" in text


def test_every_metric_stands_with_numerator_denominator_weight_and_score(market: Market) -> None:
    html = page(market.client("alice"))
    receipts = revision(market, "plum").metrics
    rows = {row[0].split()[0]: row for row in rows_of_table(html, "metric-table")}
    assert len(rows) == len(receipts)
    on_time = receipts["ship_on_time_rate"]
    row = " ".join(rows["发货及时率"])
    assert f"{on_time['num']} / {on_time['den']}" in row
    assert formats.score(on_time["score"]) in row
    assert "权重 10%" in row
    assert f"已剔除 {on_time['excl']}" in row
    assert "已支付或货到付款、需要快递的订单" in html


def test_lowest_score_stands_first(market: Market) -> None:
    receipts = revision(market, "plum").metrics
    first = rows_of_table(page(market.client("alice")), "metric-table")[0]
    lowest = min(receipt["score"] for receipt in receipts.values())
    assert formats.score(lowest) in " ".join(first)


def test_five_dimensions_show_score_weight_and_the_middle_of_the_peers(market: Market) -> None:
    html = page(market.client("alice"))
    cards = re.findall(r'<article class="panel dimension".*?</article>', html, re.DOTALL)
    scores = revision(market, "plum").dimensions
    names = ("product", "logistics", "aftersales", "consult", "dispute")
    assert len(cards) == len(scores) == len(names)
    for card, name in zip(cards, names, strict=True):
        assert formats.score(scores[name]["score"]) in card
        assert "权重 20%" in card
        assert 'class="mini-peer"' in card


def test_chart_and_table_hold_the_same_numbers(market: Market) -> None:
    html = page(market.client("alice"))
    figure = figure_of(html)
    drawn = {
        day: formats.score(value)
        for day, value in zip(figure["data"][0]["x"], figure["data"][0]["y"], strict=True)
        if value is not None
    }
    written = {row[0]: row[1] for row in rows_of_table(html, "data-compact")}
    assert written == {day[5:]: score for day, score in drawn.items()}
    assert len(written) == 4


@pytest.mark.parametrize("trend", ["", "?trend=ship_on_time_rate", "?trend=pay_to_sign_hours"])
def test_plotly_accepts_the_figure(market: Market, trend: str) -> None:
    figure = figure_of(page(market.client("alice"), PLUM + trend))
    assert all(isinstance(value, float | None) for value in figure["data"][0]["y"])
    go.Figure(coloured(figure))


def test_unknown_trend_shows_the_total(market: Market) -> None:
    html = page(market.client("alice"), PLUM + "?trend=weather")
    assert "分数走势" in text_of(html)


def test_before_noon_ops_see_the_score_as_pending_and_the_owner_the_day_before(
    market: Market, afternoon: time_machine.Traveller
) -> None:
    afternoon.move_to(at_hour(DAY_ZERO, 9))
    assert "数据截至 2月28日 24:00" in text_of(page(market.client("alice")))
    assert "今天的分数待发布" not in text_of(page(market.client("alice")))
    for who in ("bob", "dora"):
        text = text_of(page(market.client(who)))
        assert "今天的分数待发布" in text
        assert "数据截至 2月29日 24:00" in text


def test_at_noon_the_owner_sees_it_too(market: Market, afternoon: time_machine.Traveller) -> None:
    afternoon.move_to(at_hour(DAY_ZERO, 12))
    text = text_of(page(market.client("alice")))
    assert "数据截至 2月29日 24:00" in text
    assert "待发布" not in text


def test_missed_night_is_said(market: Market, afternoon: time_machine.Traveller) -> None:
    afternoon.move_to(at_hour(NEXT_DAY, 15))
    text = text_of(page(market.client("alice")))
    assert "晚了 1 天" in text
    assert "最近的分数还没算出来" in text


def test_too_small_shop_reads_how_many_orders_are_missing(market: Market) -> None:
    html = page(market.client("bob"), "/s/twig/score/")
    text = text_of(html)
    assert "再签收 6 单就有服务分" in text
    assert "近 180 天签收 24 单， 还差 6 单 才计算总分" in text
    assert "发货及时率 24 / 30" in text
    assert "不足 24/30" in text
    assert 'class="need-bar"' in html


@pytest.mark.parametrize("tab", ["", "explain/", "what-if/", "recovery/", "receipt/", "rules/"])
def test_shop_nobody_imported_anything_for_is_led_to_its_imports(market: Market, tab: str) -> None:
    make_shop("unborn")
    html = page(market.client("dora"), f"/s/unborn/score/{tab}")
    assert "还没有数据，先导入订单" in text_of(html)
    assert 'href="/s/unborn/imports/"' in html.split("<main", 1)[1]


@pytest.mark.parametrize("tab", ["", "explain/", "what-if/", "recovery/", "rules/"])
def test_shop_that_was_counted_without_any_order_is_led_there_too(market: Market, tab: str) -> None:
    html = page(market.client("charlie"), f"/s/empty/score/{tab}")
    assert 'href="/s/empty/imports/"' in html.split("<main", 1)[1]


def test_industry_that_is_never_scored_keeps_its_values(market: Market) -> None:
    html = page(market.client("dora"), "/s/class/score/")
    text = text_of(html)
    assert "本地生活行业不计服务分，各项数值照常看" in text
    assert "样本不足" not in html
    assert 'class="panel dimension"' not in html
    assert figure_of(html)["data"][0]["name"] == "商品评价平均分"


def test_few_peers_make_an_estimate(market: Market) -> None:
    text = text_of(page(market.client("dora"), "/s/lone/score/"))
    assert "估算：有的指标同行不足 10 家，只按数值给分" in text
    assert "珠宝饰品有总分的店铺不到 10 家，不排名" in text
    assert "估算" not in text_of(page(market.client("alice")))


def test_missing_complaints_file_is_said_until_it_came(market: Market) -> None:
    client = market.client("alice")
    text = text_of(page(client))
    assert "没有导入过文件，按 0 计" in text
    assert "纠纷发起率：这个平台还没有导入过投诉文件" in text
    assert "售后文件" not in text
    PlatformCoverage.objects.create(platform="xiaohongshu", kind="complaints")
    assert "没有导入过文件" not in text_of(page(client))


def test_assumptions_are_marked(market: Market) -> None:
    html = page(market.client("alice"))
    assert "半衰期、得分锚点和最低样本是本系统的假设" in text_of(html)
    assert html.count('<span class="tag">假设</span>') >= 3


def test_shop_before_its_first_night_reads_what_comes_next(market: Market) -> None:
    fresh = make_shop("fresh", name="刚到")
    make_order(market.shops["plum"])
    text = text_of(page(market.client("dora"), "/s/fresh/score/"))
    assert "还没有数据，先导入订单" in text
    make_order(fresh)
    text = text_of(page(market.client("dora"), "/s/fresh/score/"))
    assert "数据到了，今晚算第一次服务分" in text


def test_new_night_changes_what_is_shown(market: Market, afternoon: time_machine.Traveller) -> None:
    afternoon.move_to(at_hour(NEXT_DAY, 15))
    score_night(NEXT_DAY)
    text = text_of(page(market.client("alice")))
    assert "数据截至 3月1日 24:00" in text
    assert "晚了" not in text


def figure_of(html: str) -> dict:
    found = re.search(r'<script id="trend-figure"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(unescape(found[1]))


def coloured(value: object) -> object:
    """The figure with a real colour wherever a token is named."""
    if isinstance(value, dict):
        keys = ("color", "bgcolor", "fillcolor")
        return {key: "#000" if key in keys else coloured(v) for key, v in value.items()}
    return [coloured(item) for item in value] if isinstance(value, list) else value


def test_an_earlier_night_computed_again_is_shown_at_once(market: Market) -> None:
    client, night = market.client("alice"), market.day - timedelta(days=2)
    page(client)
    again = ScoreRevision.objects.filter(shop=market.shops["plum"], date=night).latest("revision")
    again.pk, again.revision, again.total = None, again.revision + 1, 3.21
    again.save(force_insert=True)
    rows = rows_of_table(page(client), "data-compact")
    assert [f"{night:%m-%d}", "3.21"] in [row[:2] for row in rows]


def test_a_shop_that_moved_reads_its_new_industry(market: Market) -> None:
    client, shop = market.client("alice"), market.shops["plum"]
    page(client)
    shop.industry = "home"
    shop.save()
    assert "同行：家居" in text_of(page(client))
