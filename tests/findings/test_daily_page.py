"""The daily page follows the date basis in every heading and number, on screen and in files."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from aftersales.models import AfterSaleCase
from stores.models import OrderLine, Product, Role, Shop
from tests.factories import fill, make_member, make_user
from tests.findings.files import DAY, import_files, market_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("buyer_keys")]
PAGE = "/s/plum/diagnostics/daily"
NASTY = "=1+1<script>x7</script>"


@pytest.fixture
def alice(tmp_path: Path) -> Client:
    """Her browser; her shop was counted last night, and one reason of its cases is nasty."""
    files = market_files()
    cases = [row | {"reason": NASTY} for row in files["aftersales"]]
    import_files({**files, "aftersales": cases}, tmp_path)
    call_command("recompute", "--date", f"{DAY}", "--quiet")
    client = Client()
    client.force_login(make_member(make_user("alice"), Shop.objects.get(), Role.OWNER))
    return client


def text(client: Client, query: str = "") -> str:
    answer = client.get(f"{PAGE}/{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def rows(client: Client, query: str) -> list[dict[str, str]]:
    answer = client.get(f"{PAGE}.csv{query}")
    lines = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(lines.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("query", "words", "counts"),
    [
        ("", "按签收日，分母是签收件数", "22 / 200"),
        ("?basis=paid", "按支付日，分母是支付件数", "22 / 200"),
        ("?basis=applied", "按申请日，分母是当日签收件数", "22 / 200"),
        ("?basis=applied&of=paid", "按申请日，分母是当日支付件数", "22 / 200"),
        ("?basis=nonsense&of=nonsense", "按签收日，分母是签收件数", "22 / 200"),
    ],
)
def test_every_heading_says_by_which_day(
    alice: Client, query: str, words: str, counts: str
) -> None:
    page = text(alice, query)
    assert page.count(words) >= 5
    others = {"按签收日，", "按支付日，", "按申请日，"} - {words[:5]}
    assert not [other for other in others if other in page]
    assert counts in page


def test_the_days_move_with_the_basis(alice: Client) -> None:
    def day_of_sales(query: str, head: str, of: str) -> list[str]:
        return [row[head] for row in rows(alice, query) if row[of] == "200"]

    assert day_of_sales("", "签收日", "签收件数") == ["2024-02-09"]
    assert day_of_sales("?basis=paid", "支付日", "支付件数") == ["2024-02-05"]
    applied = rows(alice, "?basis=applied")
    assert sum(int(row["退货件数"]) for row in applied) == 22
    assert {row["申请日"] for row in applied if row["退货件数"] != "0"} == {
        f"2024-02-{day}" for day in range(10, 17)
    }


def test_quality_by_the_latest_reason_is_a_switch(alice: Client) -> None:
    page = text(alice, "?reason=latest")
    assert "按最新原因" in page
    assert "按首次原因" not in page


def test_reasons_of_a_file_stay_text(alice: Client) -> None:
    assert "<script>x7" not in text(alice)
    assert "&lt;script&gt;x7" in text(alice)
    told = [row["前三原因"] for row in rows(alice, "") if row["前三原因"]]
    assert told
    assert all(cell.startswith("'=") for cell in told)


def test_a_shop_nobody_counted_is_told_what_to_do() -> None:
    shop = Shop.objects.create(
        external_id="plum", name="青梅", industry="home", as_of="2024-03-01T00:00Z"
    )
    client = Client()
    client.force_login(make_member(make_user("alice"), shop, Role.OWNER))
    assert "还没有检验过" in text(client)
    assert client.get(f"{PAGE}.csv").status_code == 404


def test_a_page_drawn_before_is_drawn_anew_for_another_night_or_title(alice: Client) -> None:
    pages = [PAGE + "/", "/s/plum/diagnostics/cuts/?cut=product", "/s/plum/diagnostics/product/"]
    shop = Shop.objects.get()
    OrderLine.objects.for_shop(shop).update(product_ref="p1")
    call_command("recompute", "--date", f"{DAY}", "--quiet")

    def seen() -> list[str]:
        return [re.sub(r'value="\w{64}"', "", alice.get(page).text) for page in pages]

    assert ["毛衣" in page for page in seen()] == [False] * 3
    fill(Product, "QZ7", shop=shop, external_id="p1", title="毛衣")
    before = seen()
    assert ["毛衣" in page for page in before] == [True] * 3
    AfterSaleCase.objects.for_shop(shop).filter(external_id="c0").update(outcome="cancelled")
    assert seen() == before
    call_command("recompute", "--date", f"{DAY}", "--quiet")
    assert [now != then for now, then in zip(seen(), before, strict=True)] == [True] * 3


def test_a_page_is_drawn_in_the_language_of_who_looks(alice: Client) -> None:
    assert "每天的退货" in text(alice)
    alice.post("/language/", {"language": "en"})
    assert "Returns" in text(alice)
