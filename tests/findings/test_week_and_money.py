"""The weekly report, what returns cost, whom to write to, and offers after a return."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from aftersales.models import ReturnLoyalty, WinBackOffer
from stores.models import AuditEntry, Role, Shop
from tests.factories import make_member, make_user
from tests.findings.files import DAY, import_files, market_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("buyer_keys")]
PAGES = "/s/plum/diagnostics/"
NASTY = "=1+1<script>x7</script>"


@pytest.fixture
def alice(tmp_path: Path) -> Iterator[Client]:
    """Her browser. Every order has a buyer; those of o0 to o4 bought again within thirty days of
    what came back, everything cost 88 yuan and the way back 8.
    """
    files = market_files()
    orders = [
        row | {"product_id": "0101", "buyer": f"b{n}"} for n, row in enumerate(files["orders"])
    ]
    again = [
        row | {"order_id": f"again{n}", "placed_at": "2024-02-20 10:00:00", "signed_at": "",
               "paid_at": "2024-02-20 10:01:00", "order_paid": "100"}
        for n, row in enumerate(orders[:5])
    ]  # fmt: skip
    cases = [
        row | {"reason": NASTY, "refunded": "88", "carrier_cost": "8",
               "closed_at": "2024-02-18 10:00:00"}
        for row in files["aftersales"]
    ]  # fmt: skip
    parcels = [
        row | {"status": "in_transit", "shipped_at": "2024-02-21 10:00:00", "tracking_no": f"a{n}",
               "order_id": f"again{n}"}
        for n, row in enumerate(files["parcels"][:2])
    ]  # fmt: skip
    blank = {"order_paid": ""}
    told = {**files, "orders": [blank | row for row in [*orders, *again]], "aftersales": cases}
    import_files(told, tmp_path)
    import_files({"parcels": parcels}, tmp_path)
    call_command("recompute", "--date", f"{DAY}", "--quiet")
    client = Client()
    client.force_login(make_member(make_user("alice"), Shop.objects.get(), Role.OWNER))
    with time_machine.travel(f"{DAY} 20:00+08:00", tick=False):
        yield client


def text(client: Client, path: str) -> str:
    answer = client.get(PAGES + path)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def rows(client: Client, path: str) -> list[dict[str, str]]:
    lines = b"".join(client.get(PAGES + path).streaming_content)  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(lines.decode("utf-8-sig"))))


def test_the_week_sums_up_its_days_and_says_by_which_day(alice: Client) -> None:
    page = text(alice, "week/?last=2024-02-16")
    assert "本周申请退货 22 件、1,936 元" in page
    assert "按申请日，分母是当周签收件数" in page
    assert "<script>x7" not in page
    days = rows(alice, "week.csv?last=2024-02-16")
    assert [row["申请日"] for row in days] == [f"2024-02-{day}" for day in range(10, 17)]
    assert sum(int(row["退货件数"]) for row in days) == 22


def test_a_week_nobody_named_is_the_newest_whole_one(alice: Client) -> None:
    assert "2024-02-23 至 2024-02-29" in text(alice, "week/")
    assert "2024-02-23 至 2024-02-29" in text(alice, "week/?last=nonsense")
    assert "2024-02-23 至 2024-02-29" in text(alice, "week/?last=2999-01-01")


def test_the_cost_is_summed_up_by_the_basis(alice: Client) -> None:
    parts = {row["项目"]: row for row in rows(alice, "money.csv?basis=paid")}
    assert float(parts["退款"]["金额，元"]) == 22 * 88
    assert float(parts["退回运费"]["金额，元"]) == 22 * 8
    assert parts["退款"]["日期口径"] == "按支付日"
    assert parts["运费险保费"]["金额，元"] == ""
    assert "2,112 元" in text(alice, "money/?basis=paid")


def test_late_parcels_are_listed_before_the_buyer_asks(alice: Client) -> None:
    assert [row["订单编号"] for row in rows(alice, "prevention.csv?show=late")] == [
        "again0", "again1",
    ]  # fmt: skip
    assert "again0" in text(alice, "prevention/?show=late")


def test_an_offer_is_noted_once_and_its_buyer_followed(alice: Client) -> None:
    path, form = f"{PAGES}prevention/offer/", {"order_ref": "o0", "offer": "coupon", "worth": "15"}
    assert alice.post(path, form | {"version": "0", "note": NASTY}).status_code == 302
    told = alice.post(path, form | {"version": "0"}, follow=True).content.decode()
    assert "刚刚被别人改过" in told
    strange = {"order_ref": "o199", "offer": "gift", "version": "0"}
    assert "没有售后" in alice.post(path, strange, follow=True).content.decode()
    offer = WinBackOffer.objects.get()
    assert (offer.order_ref, offer.worth, offer.version) == ("o0", 1500, 1)
    assert AuditEntry.objects.filter(action="offer.note").count() == 1
    page = text(alice, "prevention/?show=back")
    assert "<script>x7" not in page
    noted = [row["备注"] for row in rows(alice, "prevention.csv?show=back") if row["备注"]]
    assert noted == [f"'{NASTY}"]
    with time_machine.travel("2024-03-25 12:00+08:00", tick=False):
        call_command("recompute", "--date", "2024-03-25", "--quiet")
    kept = ReturnLoyalty.objects.get()
    assert (kept.offered_n, kept.offered_k) == (1, 1)
    assert (kept.others_n, kept.others_k) == (21, 4)
    assert (kept.kept_n, kept.kept_k, kept.mean_fen) == (178, 0, 10000)
