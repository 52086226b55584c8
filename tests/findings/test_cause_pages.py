"""Cuts, heat map and the page of a product: by the basis asked for, numbers with their rows."""

import csv
import re
from html import unescape
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from stores.models import Role, Shop
from tests.factories import make_member, make_user
from tests.findings.files import DAY, import_files, market_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("buyer_keys")]
PAGES = "/s/plum/diagnostics/"
LINKED = re.compile(r'<a href="[^"]*/rows/\?([^"]+)">(\d+)</a>')
NASTY = "=1+1<script>x7</script>颜色不一样"


@pytest.fixture
def alice(tmp_path: Path) -> Client:
    """Her browser. Product 0101 is every second line; its buyers and agents wrote nasty texts."""
    files = market_files()
    orders = [row | {"product_id": f"010{n % 2 + 1}"} for n, row in enumerate(files["orders"])]
    cases = [row | {"reason": NASTY} for row in files["aftersales"]]
    reviews = [
        {
            "shop_id": "plum", "review_id": f"r{n}", "order_id": f"o{n}", "product_id": "0101",
            "rating": "1", "text": NASTY, "created_at": "2024-02-20 10:00:00",
        }
        for n in (0, 2)
    ]  # fmt: skip
    import_files({**files, "orders": orders, "aftersales": cases, "reviews": reviews}, tmp_path)
    call_command("recompute", "--date", f"{DAY}", "--quiet")
    client = Client()
    client.force_login(make_member(make_user("alice"), Shop.objects.get(), Role.OWNER))
    return client


def text(client: Client, path: str) -> str:
    with time_machine.travel(f"{DAY} 20:00+08:00", tick=False):
        answer = client.get(PAGES + path)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def rows(client: Client, path: str) -> list[dict[str, str]]:
    with time_machine.travel(f"{DAY} 20:00+08:00", tick=False):
        answer = client.get(PAGES + path)
        lines = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(lines.decode("utf-8-sig"))))


def test_a_cut_is_shown_by_the_basis_and_marked_where_it_is_more_than_chance(
    alice: Client,
) -> None:
    page = text(alice, "cuts/?cut=courier")
    assert "快递：1 个取值退得比偶然多" in page
    assert "按签收日，分母是签收件数" in page
    by_application = text(alice, "cuts/?cut=courier&basis=applied&of=paid")
    assert "按申请日，分母是当日支付件数" in by_application
    assert "比偶然多</strong>" not in by_application


def test_the_file_of_a_cut_holds_what_is_on_screen(alice: Client) -> None:
    told = {row["快递"]: row for row in rows(alice, "cuts.csv?cut=courier&basis=paid")}
    assert told["圆通"]["支付件数"] == "40"
    assert told["圆通"]["退货件数（支付日）"] == "14"


def test_a_number_of_a_cut_opens_its_rows_by_the_basis_of_the_page(alice: Client) -> None:
    for cut in ("courier", "product", "weekday", "hour", "price_band", "days_after_order"):
        for basis in ("", "&basis=paid", "&basis=applied&of=paid"):
            page = text(alice, f"cuts/?cut={cut}{basis}")
            links = LINKED.findall(page)
            assert links
            for query, count in links:
                found = rows(alice, f"rows.csv?{unescape(query)}")
                assert len(found) == int(count), (cut, basis, query)


def test_rows_of_a_day_and_a_reason_carry_their_basis_and_case(alice: Client) -> None:
    page = text(alice, "daily/?days=90")
    counts = [(query, int(n)) for query, n in LINKED.findall(page) if "by=day" in query]
    assert sum(n for query, n in counts if "only=quality" not in query) == 22
    for query, count in counts[:6]:
        assert len(rows(alice, f"rows.csv?{unescape(query)}")) == count
    shown = text(alice, "rows/?by=reason&value=" + quote(NASTY))
    assert "退货 22 件" in shown
    assert "按签收日，分母是签收件数" in shown
    assert "/aftersales/cases/" in shown
    assert "<script>x7" not in shown


def test_every_return_of_the_window_is_listed(alice: Client) -> None:
    assert len(rows(alice, "rows.csv")) == len(rows(alice, "rows.csv?by=all&basis=paid")) == 22
    assert "整个窗口：退货 22 件" in text(alice, "rows/")


@pytest.mark.parametrize(
    "query", ["by=hour", "by=nothing&value=1", "by=weekday&value=x", "by=day&value=x"]
)
def test_rows_of_nothing_are_not_there(alice: Client, query: str) -> None:
    assert alice.get(f"{PAGES}rows/?{query}").status_code == 404
    assert alice.get(f"{PAGES}rows.csv?{query}").status_code == 404


def test_a_cell_of_the_heat_map_opens_its_cases(alice: Client) -> None:
    page = text(alice, "cuts/")
    assert "?product=0101&amp;cause=" in page
    cases = rows(alice, "product.csv?product=0101")
    assert {row["订单编号"] for row in cases} == {
        f"o{n}" for n in [*range(14), *range(40, 48)] if n % 2 == 0
    }
    assert all(row["首次原因"].startswith("'=") for row in cases)
    assert rows(alice, "product.csv?product=0101&cause=other") == []


def test_the_page_of_a_product_puts_texts_side_by_side_and_obeys_none(alice: Client) -> None:
    page = text(alice, "product/?product=0101")
    assert "11 件售后" in page
    assert "<mark>颜色不一样</mark>" in page
    assert "<script>x7" not in page
    assert "&lt;script&gt;x7" in page


def test_goods_nobody_sold_are_not_found(alice: Client) -> None:
    assert "没有找到「9999」" in text(alice, "product/?sku=9999")
    assert "退得最多的是" in text(alice, "product/")
    assert {row["商品或 SKU"] for row in rows(alice, "product.csv")} >= {"0101", "0102"}
