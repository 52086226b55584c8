"""Fixes are recorded with their products and day, measured by the night, and shown with doubt."""

import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from aftersales.models import Fix, FixEffect
from aftersales.services.fixes import FixRefusedError, fix_record
from stores.models import AuditEntry, Role, Shop, User
from tests.factories import make_member, make_user
from tests.findings.files import import_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("buyer_keys")]
STARTED, LATER = date(2024, 2, 1), date(2024, 4, 1)
PAGE = "/s/plum/diagnostics/fixes/"
NASTY = "=1+1<script>x7</script>"


def order_files() -> dict[str, list[dict[str, str]]]:
    """Each day round the start ten orders of "bad" and ten of "good". Of bad, four of ten came back
    before the start and one after it; of good always two.
    """
    orders, cases = [], []
    for back in range(-30, 30):
        day = STARTED + timedelta(days=back)
        for n in range(20):
            ref = f"o{back}x{n}"
            goods = "bad" if n < 10 else "good"
            returns = (4 if back < 0 else 1) if goods == "bad" else 2
            orders.append(
                {
                    "shop_id": "plum", "order_id": ref, "line_no": "1", "product_id": goods,
                    "placed_at": f"{day} 10:00:00", "paid_at": f"{day} 10:01:00",
                }
            )  # fmt: skip
            if n % 10 < returns:
                cases.append(
                    {
                        "shop_id": "plum", "case_id": f"c{ref}", "order_id": ref,
                        "kind": "return_refund", "outcome": "completed", "reason": "其他",
                        "applied_at": f"{day + timedelta(days=5)} 10:00:00",
                    }
                )  # fmt: skip
    shop = {"shop_id": "plum", "name": "青梅", "industry": "womens_clothing"}
    return {"shops": [shop], "orders": orders, "aftersales": cases}


@pytest.fixture
def alice(tmp_path: Path) -> User:
    import_files(order_files(), tmp_path)
    return make_member(make_user("alice"), Shop.objects.get(), Role.OWNER)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def recorded(alice: User) -> Fix:
    return fix_record(
        actor=alice, shop=Shop.objects.get(), action="size_chart", products=["bad"],
        started_on=STARTED, cause=NASTY,
    )  # fmt: skip


def test_the_night_measures_a_fix_against_goods_without_it(alice: User) -> None:
    fix = recorded(alice)
    call_command("recompute", "--date", f"{LATER}", "--quiet")
    effect = FixEffect.objects.get(fix=fix, horizon=30)
    assert (effect.n_before, effect.k_before) == (300, 120)
    assert (effect.n_after, effect.k_after) == (300, 30)
    assert (effect.others_n_before, effect.others_k_before) == (300, 60)
    assert effect.change == pytest.approx(-0.3)
    assert effect.verdict == "improved"
    assert effect.is_final
    assert not FixEffect.objects.get(fix=fix, horizon=90).is_final


def test_orders_too_young_to_have_come_back_wait(alice: User) -> None:
    fix = recorded(alice)
    call_command("recompute", "--date", f"{STARTED + timedelta(days=20)}", "--quiet")
    effect = FixEffect.objects.get(fix=fix, horizon=30)
    assert (effect.n_before, effect.n_after) == (300, 60)
    assert not effect.is_final


def test_a_fix_is_recorded_on_its_page_and_shown_with_its_interval(alice: User) -> None:
    client = browser(alice)
    form = {
        "action": "photos", "more": "bad", "started_on": f"{STARTED}", "cause": NASTY, "note": "",
    }  # fmt: skip
    assert client.post(f"{PAGE}record/", form).status_code == 302
    call_command("recompute", "--date", f"{LATER}", "--quiet")
    page = client.get(PAGE).content.decode()
    assert [text for text in ("重拍图片", "变好", "−30.0 个百分点") if text not in page] == []
    assert "<script>x7" not in page
    lines = b"".join(client.get(f"{PAGE[:-1]}.csv").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.DictReader(StringIO(lines.decode("utf-8-sig"))))
    assert [row["天数"] for row in rows] == ["30", "60", "90"]
    assert all(row["针对"].startswith("'=") for row in rows)
    assert AuditEntry.objects.filter(action="fix.record").count() == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"products": []}, "products"),
        ({"products": ["nobody"]}, "unknown"),
        ({"action": "magic"}, "action"),
        ({"started_on": date(2999, 1, 1)}, "future"),
    ],
)
def test_a_fix_that_cannot_be_is_refused(alice: User, change: dict[str, object], why: str) -> None:
    given = {"action": "photos", "products": ["bad"], "started_on": STARTED} | change
    with pytest.raises(FixRefusedError) as refused:
        fix_record(actor=alice, shop=Shop.objects.get(), **given)  # type: ignore[arg-type]
    assert refused.value.why == why


def test_a_withdrawn_fix_is_measured_no_longer_and_two_cannot_withdraw_it(alice: User) -> None:
    fix, client = recorded(alice), browser(alice)
    path = f"{PAGE}{fix.pk}/withdraw/"
    assert client.post(path, {"version": "0"}).status_code == 302
    page = client.post(path, {"version": "0"}, follow=True).content.decode()
    assert "刚刚被别人改过" in page
    call_command("recompute", "--date", f"{LATER}", "--quiet")
    assert not FixEffect.objects.exists()


def test_the_sample_of_a_day_is_the_same_all_day_and_its_results_are_kept(alice: User) -> None:
    shop = Shop.objects.get()
    with time_machine.travel(f"{STARTED}T12:00:00+08:00", tick=False):
        fix = fix_record(
            actor=alice, shop=shop, action="sampling", products=["bad"], started_on=STARTED
        )
        client = browser(alice)
        path = f"{PAGE}{fix.pk}/"
        first, again = (client.get(path).context["page"].sample for _ in range(2))
        assert first
        assert first == again
        ref = first[0].external_id
        answer = client.post(f"{path}sample/", {"order_ref": ref, "result": "bad", "note": "线头"})
        assert answer.status_code == 302
        page = client.get(path).context["page"]
        assert ref not in [order.external_id for order in page.sample]
        assert (page.good.k, page.good.n) == (1, 1)
        strange = {"order_ref": "nobody", "result": "good"}
        told = client.post(f"{path}sample/", strange, follow=True).content.decode()
        assert "没有这项整改的商品" in told
