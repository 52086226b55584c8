"""The pages of freight insurance, with and without a script, for owner and ops."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from freightins.models import ChoiceView, Claim, Cover, Enrolment, EnteredFee, FeeOutlook
from freightins.selectors.choices import choices_now
from freightins.services.enrolments import agreement_version
from stores.models import Product, Shop, User
from tests.conftest import SignedIn
from tests.factories import START
from tests.freight.conftest import quoted
from tests.freight.laying import lay_orders

HOME = "/s/plum/insurance/"
PRODUCTS = f"{HOME}products/"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The shop with three products, quoted for yesterday."""
    for number, category in enumerate(("dress", "dress", "skirt"), 1):
        Product.objects.create(
            shop=shop, external_id=f"p{number}", title=f"<b>{number}</b>", category=category,
            price=9900, as_of=START,
        )  # fmt: skip
    Product.objects.create(
        shop=shop, external_id="card", title="Gift card", is_virtual=True, as_of=START
    )
    shop.base_settings_complete = True
    shop.save()
    quoted(shop, timezone.now().date() - timedelta(days=1))
    return shop


@pytest.fixture
def owner(shop: Shop, alice: User, signed_in: SignedIn) -> Client:
    """Alice's browser."""
    return signed_in(alice)


@pytest.fixture
def ops(shop: Shop, bob: User, signed_in: SignedIn) -> Client:
    """Bob's browser."""
    return signed_in(bob)


def toggled(browser: Client, key: str, to: str, version: int = 0, level: str = "product") -> str:
    answer = browser.post(
        f"{PRODUCTS}change/", {"level": level, "key": key, "to": to, "version": version},
        follow=True,
    )  # fmt: skip
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("page", ["", "products/", "fee/", "claims/"])
def test_every_page_stands_for_owner_and_ops(owner: Client, ops: Client, page: str) -> None:
    for browser in (owner, ops):
        answer = browser.get(HOME + page)
        assert answer.status_code == 200
        assert "<b>1</b>" not in answer.content.decode()


@pytest.mark.parametrize("page", ["", "products/", "fee/", "claims/", "open/"])
def test_a_shop_without_any_data_gets_pages_that_say_so(
    other_shop: Shop, charlie: User, signed_in: SignedIn, page: str
) -> None:
    assert signed_in(charlie).get(f"/s/birch/insurance/{page}").status_code == 200


def test_the_owner_opens_after_reading_both_agreements(owner: Client, shop: Shop) -> None:
    version = agreement_version(timezone.now())
    form = {"product": "service", "scope": "shop", "accept_service": version}
    refused = owner.post(f"{HOME}open/", form)
    assert refused.status_code == 422
    assert not Enrolment.objects.exists()
    assert owner.post(f"{HOME}open/", form | {"accept_terms": version}).status_code == 302
    assert Enrolment.objects.get().opened_by.username == "alice"
    assert choices_now(shop=shop) == {("shop", ""): True}
    assert owner.post(f"{HOME}close/", {"reason": "slow season"}).status_code == 302
    assert Enrolment.objects.get().closed_at is not None


def test_ops_neither_open_nor_close_nor_enter_fees(ops: Client) -> None:
    assert ops.get(f"{HOME}open/").status_code == 403
    for address in ("open/", "close/", "fee/enter/"):
        assert ops.post(HOME + address, {}).status_code == 403


def test_ops_toggle_in_place_and_take_it_back(ops: Client, shop: Shop) -> None:
    page = toggled(ops, "p1", "on")
    assert choices_now(shop=shop) == {("product", "p1"): True}
    start = page.index(f"{PRODUCTS}undo/")
    address = page[start : page.index('"', start)].replace("&amp;", "&")
    ops.post(address)
    assert choices_now(shop=shop) == {}


def test_the_second_of_two_is_told_who_was_first(owner: Client, ops: Client, shop: Shop) -> None:
    toggled(owner, "p1", "on")
    page = toggled(ops, "p1", "off")
    assert "alice" in page
    assert "没有覆盖" in page
    assert choices_now(shop=shop) == {("product", "p1"): True}


def test_a_category_and_the_shop_are_toggled_the_same_way(ops: Client, shop: Shop) -> None:
    toggled(ops, "", "on", level="shop")
    toggled(ops, "dress", "off", level="category")
    assert choices_now(shop=shop) == {("shop", ""): True, ("category", "dress"): False}


def test_many_are_previewed_and_changed_with_one_reason(ops: Client, shop: Shop) -> None:
    answer = ops.post(f"{PRODUCTS}preview/?category=dress", {"all": "1", "to": "on"})
    page = answer.content.decode()
    assert choices_now(shop=shop) == {}
    items = [f"0:on:p{number}" for number in (1, 2)]
    assert all(f'value="{item}"' in page for item in items)
    assert ops.post(f"{PRODUCTS}change/", {"item": items, "reason": ""}).status_code == 302
    assert choices_now(shop=shop) == {}
    ops.post(f"{PRODUCTS}change/", {"item": items, "reason": "spring"})
    assert choices_now(shop=shop) == {("product", "p1"): True, ("product", "p2"): True}


def test_virtual_products_leave_a_preview(ops: Client) -> None:
    page = ops.post(f"{PRODUCTS}preview/", {"product": ["card", "p1"], "to": "on"})
    told = page.content.decode()
    assert 'value="0:on:p1"' in told
    assert 'value="0:on:card"' not in told


def test_a_file_is_previewed_with_what_it_got_wrong(ops: Client) -> None:
    text = "product_id,covered\np1,yes\np2,perhaps\nnobody,no\np3,inherit\n"
    file = SimpleUploadedFile("choices.csv", text.encode("gb18030"))
    page = ops.post(f"{PRODUCTS}file/", {"file": file}).content.decode()
    assert 'value="0:on:p1"' in page
    assert 'value="0:inherit:p3"' in page
    assert "perhaps" in page
    assert "nobody" in page


def test_a_file_without_its_columns_is_refused(ops: Client) -> None:
    file = SimpleUploadedFile("choices.csv", b"id,on\np1,yes\n")
    answer = ops.post(f"{PRODUCTS}file/", {"file": file})
    assert answer.status_code == 422
    assert "product_id" in answer.content.decode()


def test_the_exported_table_imports_as_no_change(ops: Client, shop: Shop) -> None:
    toggled(ops, "p1", "on")
    content = b"".join(ops.get(f"{PRODUCTS}products.csv").streaming_content)
    page = ops.post(f"{PRODUCTS}file/", {"file": SimpleUploadedFile("cover.csv", content)})
    told = page.content.decode()
    assert 'value="1:on:p1"' in told
    assert 'value="0:inherit:p2"' in told


def test_filters_are_kept_as_a_view_of_the_person(ops: Client, owner: Client, bob: User) -> None:
    ops.post(f"{PRODUCTS}views/?category=skirt", {"name": "Skirts"})
    assert ChoiceView.objects.get().user == bob
    assert "Skirts" in ops.get(PRODUCTS).content.decode()
    assert "Skirts" not in owner.get(PRODUCTS).content.decode()
    ops.post(f"{PRODUCTS}views/?category=skirt", {"name": "Skirts", "drop": "1"})
    assert not ChoiceView.objects.exists()


def test_an_entered_fee_is_kept_with_its_date(owner: Client) -> None:
    today = timezone.now().date() - timedelta(days=1)
    owner.post(f"{HOME}fee/enter/", {"fee": "1.65", "seen_on": today.isoformat()})
    entered = EnteredFee.objects.get()
    assert (entered.fee, entered.seen_on) == (165, today)
    for fee, day in (("0", today), ("nan", today), ("1.65", date(2999, 1, 1))):
        owner.post(f"{HOME}fee/enter/", {"fee": fee, "seen_on": day.isoformat()})
    assert EnteredFee.objects.count() == 1


def test_next_weeks_fee_is_a_range_as_the_night_told_it(owner: Client, shop: Shop) -> None:
    assert "今晚之后显示" in owner.get(f"{HOME}fee/").content.decode()
    today = timezone.now().date()
    FeeOutlook.objects.create(
        shop=shop, date=today - timedelta(days=1), day=today + timedelta(days=3), basis="shop",
        low=141, likely=150, high=162, orders=123, returns=9, promotions=5, waiting=114,
    )  # fmt: skip
    for page in ("", "fee/"):
        assert "1.41 元–1.62 元" in owner.get(HOME + page).content.decode()
    assert "下期窗口有 123 单，会切换到本店退货率" in owner.get(f"{HOME}fee/").content.decode()


def test_the_overview_has_a_panel(owner: Client, shop: Shop) -> None:
    lay_orders(shop, [{"order_id": "n1", "paid_at": "2024-02-01 10:00:00"}])
    assert HOME in owner.get("/s/plum/").content.decode()


def test_the_ledger_tells_covers_claims_and_why_there_is_none(owner: Client, shop: Shop) -> None:
    now = timezone.now()
    days = timedelta(days=1)
    Cover.objects.create(
        shop=shop, order_ref="o1", placed_at=now - 9 * days, from_at=now - 8 * days,
        to_at=now + 82 * days, fee=170,
    )  # fmt: skip
    Cover.objects.create(shop=shop, order_ref="o2", placed_at=now, reason="fraud_risk")
    Claim.objects.create(
        shop=shop, order_ref="o1", case_ref="c1", method="locker", state="paid", amount=1000,
        opened_at=now - 2 * days, paid_at=now - 2 * days, is_estimated=True,
    )  # fmt: skip
    page = owner.get(f"{HOME}claims/?state=paid").content.decode()
    assert "近一年 1 件理赔" in page.replace("\u00a0", " ")
    assert "订单有骗赔风险" in page
    assert "588%" in page
    content = b"".join(owner.get(f"{HOME}claims/claims.csv").streaming_content).decode()
    assert "o1,c1,快递柜,已赔付" in content
