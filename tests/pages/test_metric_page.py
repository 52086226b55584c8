"""The page of one metric: its number, how it comes about, and the records behind it."""

import csv
import re
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO

import plotly.graph_objects as go
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from servicescore.models import ScoreRevision
from servicescore.rules import compiled_score_rules
from servicescore.selectors import row_filters
from shopguard.lib import formats
from shopguard.lib.days import at_hour
from stores.models import Consultation, Exclusion, Shop, Touch
from tests.conftest import DAY_ZERO
from tests.factories import START, at
from tests.pages.market import Market
from tests.pages.reading import rows_of_table, text_of
from tests.pages.test_score_page import coloured, figure_of

RULES = compiled_score_rules("service-score-2022")
REPLY = "/s/plum/score/metrics/reply_3min_rate/"
YESTERDAY = DAY_ZERO - timedelta(days=1)


def page(client: Client, path: str = REPLY) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def receipt(market: Market, metric: str) -> dict:
    newest = ScoreRevision.objects.filter(shop=market.shops["plum"]).order_by("date").last()
    assert newest is not None
    return newest.metrics[metric]


def chats(shop: Shop, *seconds: int | None, prefix: str = "q") -> None:
    """Consultations of yesterday with those first replies; the days wait for the night."""
    Consultation.objects.bulk_create(
        Consultation(
            shop=shop, external_id=f"{prefix}{number}", started_at=at(YESTERDAY, "10:00"),
            started_by="buyer", first_reply_seconds=wait, agent="小李", as_of=START,
        )
        for number, wait in enumerate(seconds)
    )  # fmt: skip
    Touch.objects.create(shop=shop, day=YESTERDAY)


@pytest.mark.parametrize("metric", sorted(RULES.metrics))
def test_every_metric_shows_value_score_and_the_sums_behind_them(
    market: Market, metric: str
) -> None:
    html = page(market.client("alice"), reverse("servicescore:metric", args=["plum", metric]))
    text = text_of(html)
    expected = receipt(market, metric)
    assert formats.score(expected["score"]) in text
    assert f"{formats.number(expected['n'])} 条" in text
    assert f"/ {formats.number(expected['den'])} =" in text
    assert "计入" in text
    assert "不计入" in text
    go.Figure(coloured(figure_of(html)))


def test_title_answers_first(market: Market) -> None:
    html = page(market.client("alice"))
    title = text_of(re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)[1])
    assert title.startswith("3分钟回复率")
    assert "昨天" in title


def test_steps_show_what_value_and_rank_give_which_score(market: Market) -> None:
    expected = receipt(market, "reply_3min_rate")
    rows = rows_of_table(page(market.client("alice")), "ladder")
    assert [row[0] for row in rows] == ["5.0", "4.8", "4.6", "4.2", "3.5", "3.0"]
    line = RULES.metrics["reply_3min_rate"].anchors["reply_3min_rate"]
    reached = [float(row[0]) for row in rows if "已达到" in row[1]]
    assert max(reached, default=3.0) <= float(line.at(expected["value"])) or not reached
    ranked = [float(row[0]) for row in rows if "已达到" in row[2]]
    assert max(ranked) <= float(RULES.curve.at(expected["percentile"]))


def test_chart_and_table_hold_the_same_numbers(market: Market) -> None:
    html = page(market.client("alice"))
    drawn = [value for value in figure_of(html)["data"][0]["y"] if value is not None]
    written = [row[1] for row in rows_of_table(html, "data-compact") if "%" in row[1]]
    shown = [formats.percent(value, 1) for value in reversed(drawn)]
    assert shown == [cell for cell in written if cell in shown][: len(shown)]


def test_metric_that_is_none_does_not_exist(market: Market) -> None:
    client = market.client("alice")
    for metric in ("weather", "delivery_hours", "reply_3min_rate'"):
        assert client.get(f"/s/plum/score/metrics/{metric}/").status_code == 404


def test_every_number_of_the_score_page_opens_its_rows(market: Market) -> None:
    client = market.client("alice")
    links = set(re.findall(r'href="(/s/plum/score/metrics/[^"#]*)', page(client, "/s/plum/score/")))
    for metric in RULES.metrics:
        address = reverse("servicescore:metric", args=["plum", metric])
        shows = {unescape(link) for link in links if link.startswith(address)}
        assert {address, f"{address}?show=counted"} <= shows
    assert any("mode=domestic" in link for link in links)
    assert any("show=excluded" in link for link in links)
    assert any("show=numerator" in link for link in links)
    for link in links:
        assert client.get(unescape(link)).status_code == 200


def test_records_stand_with_why_they_count(market: Market) -> None:
    chats(market.shops["plum"], 20, 200, None)
    client = market.client("alice")
    missed = rows_of_table(page(client), "row-table")
    assert len(missed) == 2
    told = " ".join(" ".join(row) for row in missed)
    assert "没有人回复" in told
    assert "首次回复太慢" in told
    assert "首响 200 秒" in told
    met = rows_of_table(page(client, f"{REPLY}?show=numerator"), "row-table")
    assert [row[0] for row in met] == ["q0"]


def test_changed_facts_are_said_beside_the_published_number(market: Market) -> None:
    client = market.client("alice")
    assert "这次计算之后，数据有变化" not in text_of(page(client))
    chats(market.shops["plum"], 20, 20, 20)
    text = text_of(page(client))
    assert "这次计算之后，数据有变化" in text
    assert formats.percent(receipt(market, "reply_3min_rate")["value"], 1) in text


def test_rows_are_narrowed_by_record_and_day_and_order_is_one_of_a_list(market: Market) -> None:
    chats(market.shops["plum"], 200, 300, None)
    client = market.client("alice")
    assert len(rows_of_table(page(client, f"{REPLY}?q=q1"), "row-table")) == 1
    before = (YESTERDAY - timedelta(days=1)).isoformat()
    assert "没有「未达标」的记录" in text_of(page(client, f"{REPLY}?to={before}"))
    for sort in ("effect", "amount", "newest", "oldest", "id; DROP TABLE stores_shop", ""):
        rows = rows_of_table(page(client, f"{REPLY}?sort={sort}"), "row-table")
        assert len(rows) == 3


def test_of_too_many_records_the_newest_stand_first_until_days_make_them_fewer(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To put the worst first every record would have to be read."""
    monkeypatch.setattr(row_filters, "MOST_SORTED", 100)
    client = market.client("alice")
    assert receipt(market, "reply_3min_rate")["n"] > 100
    assert orders_offered(page(client, f"{REPLY}?sort=effect")) == ["newest", "oldest"]
    few = f"{REPLY}?sort=effect&from={YESTERDAY - timedelta(days=2)}"
    assert orders_offered(page(client, few)) == ["effect", "amount", "newest", "oldest"]


def orders_offered(html: str) -> list[str]:
    chosen = re.search(r'<select[^>]*id="rows-sort".*?</select>', html, re.DOTALL)
    assert chosen
    return re.findall(r'value="(\w+)"', chosen[0])


@pytest.mark.parametrize(
    "query", ["page=99999999", "page=-1", "from=2024-13-99", "q=%00", "mode=x", "show=x", "date=x"]
)
def test_nonsense_in_the_address_is_no_fault(market: Market, query: str) -> None:
    page(market.client("alice"), f"{REPLY}?{query}")


def test_many_rows_come_page_by_page(market: Market) -> None:
    chats(market.shops["plum"], *[200] * 60)
    client = market.client("alice")
    first = page(client)
    assert len(rows_of_table(first, "row-table")) == 25
    found: set[str] = set()
    for number in (1, 2, 3):
        found |= {
            row[0] for row in rows_of_table(page(client, f"{REPLY}?page={number}"), "row-table")
        }
    assert len(found) == 60
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first


def test_excluded_records_say_why(market: Market) -> None:
    shop = market.shops["plum"]
    chats(shop, 200)
    Exclusion.objects.create(
        shop=shop, kind="consultation", external_id="q0", metrics=["reply_3min_rate"],
        source="appeal:1", reason="系统故障", granted_at=START,
    )  # fmt: skip
    (row,) = rows_of_table(page(market.client("alice"), f"{REPLY}?show=excluded"), "row-table")
    assert "系统故障" in " ".join(row)
    assert "已剔除" in " ".join(row)


def test_export_is_what_is_on_screen(market: Market) -> None:
    shop = market.shops["plum"]
    chats(shop, 200, None, 20)
    chats(shop, 999, prefix="=1+")
    client = market.client("alice")
    response = client.get("/s/plum/score/metrics/reply_3min_rate/rows.csv?show=missed&sort=oldest")
    text = b"".join(response).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(StringIO(text)))
    on_screen = rows_of_table(page(client, f"{REPLY}?show=missed&sort=oldest"), "row-table")
    assert len(rows) == 3
    assert [row["编号"].lstrip("'") for row in rows] == [row[0] for row in on_screen]
    assert "'=1+0" in text
    response = client.get("/s/plum/score/metrics/reply_3min_rate/rows.xlsx?show=missed")
    book = CalamineWorkbook.from_filelike(BytesIO(response.getvalue()))  # type: ignore[attr-defined]
    assert len(book.get_sheet_by_index(0).to_python()) == 4
    assert client.get("/s/plum/score/metrics/reply_3min_rate/rows.pdf").status_code == 404


def test_trade_modes_have_steps_of_their_own(market: Market) -> None:
    text = text_of(page(market.client("alice"), "/s/plum/score/metrics/pay_to_sign_hours/"))
    assert "内贸" in text
    assert "全部贸易方式" in text


def test_pending_metric_is_for_staff_only(
    market: Market, afternoon: time_machine.Traveller
) -> None:
    afternoon.move_to(at_hour(DAY_ZERO, 9))
    assert "今天的分数待发布" in text_of(page(market.client("bob")))
    assert "今天的分数待发布" not in text_of(page(market.client("alice")))
    assert market.client("alice").get(f"{REPLY}?date={DAY_ZERO}").status_code == 404


@pytest.mark.parametrize("metric", sorted(RULES.metrics))
def test_a_page_costs_at_most_thirteen_queries(
    market: Market, metric: str, django_assert_max_num_queries: object
) -> None:
    client = market.client("alice")
    chats(market.shops["plum"], 200, None)
    address = reverse("servicescore:metric", args=["plum", metric])
    for query in ("", "?show=counted&q=x", "?show=excluded", "?product=p1"):
        with django_assert_max_num_queries(13):  # type: ignore[operator]
            page(client, address + query)


def test_table_of_metrics_is_downloaded_as_it_stands(market: Market) -> None:
    response = market.client("alice").get("/s/plum/score/metrics.csv")
    rows = list(csv.DictReader(StringIO(b"".join(response).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    shown = rows_of_table(page(market.client("alice"), "/s/plum/score/"), "metric-table")
    assert [row["指标"] for row in rows] == [row[0].split()[0] for row in shown]
    expected = receipt(market, "reply_3min_rate")
    (reply,) = [row for row in rows if row["指标"] == "3分钟回复率"]
    assert float(reply["加权值"]) == pytest.approx(expected["value"])
    assert reply["分母"] == str(expected["den"])
    xlsx = market.client("alice").get("/s/plum/score/metrics.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx.getvalue()))  # type: ignore[attr-defined]
    assert len(book.get_sheet_by_index(0).to_python()) == len(rows) + 1
