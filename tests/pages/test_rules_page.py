"""The score under every rule set, and who of the shops gains or loses by it."""

import plotly.graph_objects as go
import pytest

from servicescore.models import DailyRow, ScoreRevision
from tests.conftest import DAY_ZERO
from tests.pages.figures import figure_named
from tests.pages.market import PEERS, Market
from tests.pages.reading import rows_of_table, text_of
from tests.pages.test_receipt_page import number
from tests.pages.test_score_page import coloured, page

RULES = "/s/plum/score/rules/"


@pytest.fixture
def with_old_metrics(market: Market) -> Market:
    """The days also hold what the rules before 2022 looked at."""
    DailyRow.objects.update(
        collect_on_time_rate_num=4, collect_on_time_rate_den=4,
        delivery_hours_num=4 * 40 * 3600, delivery_hours_den=4,
    )  # fmt: skip
    return market


def test_three_rule_sets_stand_side_by_side(with_old_metrics: Market) -> None:
    html = page(with_old_metrics.client("alice"), RULES)
    text = text_of(html)
    assert text.count("商家服务分 2022") >= 1
    for name in ("店铺分（2022 年 8 月前）", "三维体验分（预览，平台未公布）"):
        assert name in text
    assert "商品 50%" in text
    assert "服务 35%" in text
    stored = ScoreRevision.objects.get(shop=with_old_metrics.shops["plum"], date=DAY_ZERO)
    assert f"现行规则 {stored.total:.2f}" in text


def test_drawing_and_table_hold_the_same_weeks(with_old_metrics: Market) -> None:
    html = page(with_old_metrics.client("alice"), RULES)
    figure = figure_named(html, "rule-history-figure")
    go.Figure(coloured(figure))
    rows = rows_of_table(html, "rule-history-table")
    assert len(rows) == len(figure["data"][0]["x"])
    assert [len(line["y"]) for line in figure["data"]] == [len(rows)] * 3


def test_staff_read_who_of_their_shops_gains_and_why(with_old_metrics: Market) -> None:
    html = page(with_old_metrics.client("dora"), f"{RULES}?other=experience-3d")
    rows = rows_of_table(html, "rule-shops-table")
    assert len(rows) == PEERS
    for row in rows:
        change = number(row[2]) - number(row[1])
        assert number(row[3]) == pytest.approx(change, abs=0.011), row
        assert row[4] or not number(row[3])
    assert "谁会升，谁会降" in text_of(html)


def test_nobody_reads_of_shops_they_may_not_enter(with_old_metrics: Market) -> None:
    for_owner = page(with_old_metrics.client("alice"), RULES)
    assert "谁会升，谁会降" not in for_owner
    for_ops = rows_of_table(page(with_old_metrics.client("bob"), RULES), "rule-shops-table")
    assert [row[0] for row in for_ops] == ["梅子小铺"]


def test_shop_without_a_total_reads_what_is_missing(market: Market) -> None:
    text = text_of(page(market.client("bob"), "/s/twig/score/rules/"))
    assert "有了总分才能比较规则" in text
    assert "满 30 单才有总分" in text
