"""A shop sees what was found: in a sentence, as bars, as rows, as a file, on its overview."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from stores.models import Role, Shop
from tests.factories import make_member, make_user
from tests.findings.files import DAY, import_files, market_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("buyer_keys")]
PAGE = "/s/plum/diagnostics/"


@pytest.fixture
def alice(tmp_path: Path) -> Client:
    """Her browser; her shop was searched last night."""
    import_files(market_files(), tmp_path)
    call_command("recompute", "--date", f"{DAY}", "--quiet")
    client = Client()
    client.force_login(make_member(make_user("alice"), Shop.objects.get(), Role.OWNER))
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_what_was_found_and_on_what_basis(alice: Client) -> None:
    page = text(alice, PAGE)
    assert "1 个真实异常" in page.replace("\u00a0", " ")
    assert "圆通承运的退货率是其他的 7.0 倍" in page
    assert "40 件里 14 件，其他 5.0%" in page
    assert "1,056 元" in page
    assert "按签收日" in page


def test_the_page_speaks_english(alice: Client) -> None:
    alice.cookies["django_language"] = "en"
    assert "7.0 times the return rate of the rest: carried by 圆通" in text(alice, PAGE)


def test_a_finding_shows_its_bars_and_its_rows(alice: Client) -> None:
    page = text(alice, f"{PAGE}findings/1/")
    assert "圆通承运" in page
    assert page.count("第 1 行") == 14
    assert alice.get(f"{PAGE}findings/2/").status_code == 404


def test_rows_are_downloaded_as_the_night_saw_them(alice: Client) -> None:
    answer = alice.get(f"{PAGE}findings/1/rows.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(StringIO(lines)))
    assert {row["订单编号"] for row in rows} == {f"o{n}" for n in range(14)}
    assert alice.get(f"{PAGE}findings.xlsx").status_code == 200


def test_the_overview_and_the_api_tell_of_it(alice: Client) -> None:
    assert "圆通承运的退货率是其他的 7.0 倍" in text(alice, "/s/plum/")
    [found] = alice.get("/api/v1/shops/plum/findings/").json()["results"]
    assert (found["date"], found["cut"]) == (f"{DAY}", [["courier", "圆通"]])


def test_a_shop_nobody_searched_is_told_what_to_do() -> None:
    shop = Shop.objects.create(
        external_id="plum", name="青梅", industry="home", as_of="2024-03-01T00:00Z"
    )
    client = Client()
    client.force_login(make_member(make_user("alice"), shop, Role.OWNER))
    assert "还没有检验过" in text(client, PAGE)
