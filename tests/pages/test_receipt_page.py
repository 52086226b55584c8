"""The receipt: every input of a score, the sum it makes, and what earlier computations said."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from servicescore.models import DailyRow, ScoreRevision
from servicescore.rules import compiled_score_rules
from shopguard.lib import formats
from tests.conftest import DAY_ZERO
from tests.pages.market import Market, score_night
from tests.pages.reading import rows_of_table, text_of
from tests.pages.test_score_page import page

RECEIPT = "/s/plum/score/receipt/"
YESTERDAY = DAY_ZERO - timedelta(days=1)
RULES = compiled_score_rules("service-score-2022")


def revision(market: Market, shop: str = "plum") -> ScoreRevision:
    found = ScoreRevision.objects.filter(shop=market.shops[shop]).order_by("date", "revision")
    newest = found.last()
    assert newest is not None
    return newest


def number(cell: str) -> float:
    """A figure of the page as a number."""
    return float(cell.split()[0].rstrip("%").replace(",", "").replace(formats.MINUS, "-"))


def test_title_says_the_total_and_how_often_it_was_computed(market: Market) -> None:
    text = text_of(page(market.client("alice"), RECEIPT))
    total = formats.score(revision(market).total)
    assert f"3月1日的 {total} 由 8 项指标算出，没有更正过" in text
    assert "3月1日的分数只算过一次" in text


def test_rules_run_and_exact_total_are_named(market: Market) -> None:
    text = text_of(page(market.client("alice"), RECEIPT))
    newest = revision(market)
    assert newest.rule_set in text
    assert newest.rule_hash in text
    assert f"第 {newest.run_id} 号" in text
    assert f"{newest.total:.9f}" in text


def test_total_is_the_sum_of_the_dimensions_shown(market: Market) -> None:
    rows = rows_of_table(page(market.client("alice"), RECEIPT), "sum-table")
    points = [number(row[-1]) for row in rows[:-1]]
    assert sum(points) == pytest.approx(number(rows[-1][-1]), abs=3e-4)
    for row in rows[:-1]:
        assert number(row[1]) * number(row[3]) / 100 == pytest.approx(number(row[-1]), abs=3e-4)


def test_every_value_and_score_can_be_computed_from_the_row(market: Market) -> None:
    rows = rows_of_table(page(market.client("alice"), RECEIPT), "inputs-table")
    assert len(rows) == len(RULES.metrics) + 1  # pay_to_sign_hours has one trade mode
    for row in rows:
        num, den = (number(part) for part in row[1].split(" / "))
        unit = 100 if row[2].endswith("%") else 1
        assert num / den * unit == pytest.approx(number(row[2]), rel=2e-3), row
        if row[6] != formats.UNKNOWN:
            share = RULES.rank_share
            score = share * number(row[6]) + (1 - share) * number(row[7])
            assert score == pytest.approx(number(row[8]), abs=2e-4), row


def test_shop_without_peers_is_scored_by_value_alone(market: Market) -> None:
    rows = rows_of_table(page(market.client("dora"), "/s/lone/score/receipt/"), "inputs-table")
    for row in (row for row in rows if row[7] != formats.UNKNOWN):
        assert row[6] == formats.UNKNOWN
        assert row[7] == row[8]


def test_shop_with_too_few_orders_shows_its_inputs_without_a_total(market: Market) -> None:
    text = text_of(page(market.client("bob"), "/s/twig/score/receipt/"))
    assert "没有总分：每一项的输入都在这里" in text
    assert "存下的总分 —" in text


def test_computations_of_a_date_stand_side_by_side(market: Market) -> None:
    DailyRow.objects.filter(shop=market.shops["plum"]).update(dispute_rate_num=1)
    score_night(YESTERDAY)
    html = page(market.client("alice"), f"{RECEIPT}?date={YESTERDAY}")
    first, second = ScoreRevision.objects.filter(
        shop=market.shops["plum"], date=YESTERDAY
    ).order_by("revision")
    rows = {row[0]: row[1:] for row in rows_of_table(html, "revision-table")}
    assert rows["总分"] == [f"{one.total:.6f}".rstrip("0") for one in (first, second)]
    receipts = [one.metrics["dispute_rate"] for one in (first, second)]
    told = [f"{one['num']} / {one['den']}" for one in receipts]
    assert rows["纠纷发起率：分子 / 分母"] == told
    assert "商品评价平均分：加权值" not in rows
    assert "补录或更正的数据" in text_of(html)


def test_earlier_computation_says_that_it_was_corrected(market: Market) -> None:
    DailyRow.objects.filter(shop=market.shops["plum"]).update(dispute_rate_num=1)
    score_night(YESTERDAY)
    html = page(market.client("alice"), f"{RECEIPT}?date={YESTERDAY}&revision=1")
    first = ScoreRevision.objects.get(shop=market.shops["plum"], date=YESTERDAY, revision=1)
    assert "这是第 1 次计算，后来有更正" in text_of(html)
    assert f"{first.total:.9f}" in html


def test_download_holds_the_rows_of_the_page(market: Market) -> None:
    client = market.client("alice")
    response = client.get("/s/plum/score/receipt/inputs.csv")
    assert response.status_code == 200
    rows = list(csv.reader(StringIO(response.getvalue().decode("utf-8-sig"))))
    shown = rows_of_table(page(client, RECEIPT), "inputs-table")
    assert len(rows) == len(shown) + 1
    named = {row[0]: row for row in rows[1:] if not row[1]}
    expected = revision(market).metrics["dispute_rate"]
    assert float(named["纠纷发起率"][2]) == expected["wnum"]
    assert float(named["纠纷发起率"][-2]) == expected["score"]


def test_date_without_a_score_does_not_exist(market: Market) -> None:
    client = market.client("alice")
    assert client.get(f"{RECEIPT}?date=2020-01-01").status_code == 404
    assert client.get("/s/plum/score/receipt/inputs.csv?date=2020-01-01").status_code == 404


def test_check_says_what_differs_from_the_records_of_now(market: Market) -> None:
    html = page(market.client("alice"), f"{RECEIPT}?check=1")
    rows = {row[0]: row[1:] for row in rows_of_table(html, "check-table")}
    newest = revision(market)
    assert rows["签收订单"] == [formats.number(newest.signed_orders), "0"]
    assert "还没有核对" not in text_of(html)
    assert "还没有核对" in text_of(page(market.client("alice"), RECEIPT))
