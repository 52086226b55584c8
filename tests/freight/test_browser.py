"""The pages of freight insurance in a real Chromium: by keyboard, without a script, by night."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from freightins.models import (
    Choice,
    ChoiceView,
    Claim,
    Costs,
    Cover,
    Enrolment,
    EnrolmentEvent,
    EnteredFee,
    FraudSignal,
    InvoiceRequest,
    Reconciled,
    Trial,
)
from freightins.selectors.choices import choices_now
from stores.models import Product, Role, Shop
from tests.factories import START, make_member, make_user
from tests.freight.conftest import quoted
from tests.freight.laying import shop_named
from tests.pages.browser import CONTRAST, OVERFLOW, PHONE, WIDE, Visitor, VisitorMaker, visitor_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/s/plum/insurance/"
PRODUCTS = f"{HOME}products/"
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TEN = 10
PATIENCE = 60_000  # milliseconds: only a machine under load ever waits so long
DAY = timedelta(days=1)
CHOICES: FilePayload = {
    "name": "c.csv", "mimeType": "text/csv", "buffer": b"product_id,covered\np4,no\n",
}  # fmt: skip
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
# Every address of freight insurance a member reads; each has rows in this shop.
PAGES = (
    "", "products/", "fee/", "claims/", "claims/?state=overdue", "claims/reasons/",
    "claims/signals/", "statement/", "statement/?tab=matched",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def plum(transactional_db: None) -> Shop:
    """Alice's shop, in which Bob works: ten products, a claim, a signal, two compared fees."""
    shop = shop_named("plum", name="梅子小铺", base_settings_complete=True)
    make_member(make_user("alice"), shop, Role.OWNER)
    make_member(make_user("bob"), shop, Role.OPS)
    for number in range(TEN):
        Product.objects.create(
            shop=shop, external_id=f"p{number}", title=f"Linen {number}", category="dress",
            price=9900, as_of=START,
        )  # fmt: skip
    now = timezone.now()
    quoted(shop, now.date() - DAY, total=None)
    Claim.objects.create(
        shop=shop, order_ref="order-1", case_ref="c1", state="in_review", method="self",
        opened_at=now - 9 * DAY, review_due_at=now - DAY, expected=700,
    )  # fmt: skip
    FraudSignal.objects.create(
        shop=shop, kind="same_tracking", key="T1", orders=["order-1"], figures={"claims": 2},
        found_at=now,
    )  # fmt: skip
    for order, stated, status in (("order-1", 171, "different"), ("order-2", 170, "matched")):
        Reconciled.objects.create(
            shop=shop, side="fee", order_ref=order, status=status, expected=170, stated=stated,
            lines=1, at=now - DAY, changed_at=now - DAY,
        )  # fmt: skip
    return shop


@pytest.fixture
def visitor(browser: Browser, live_server: LiveServer, plum: Shop) -> Iterator[VisitorMaker]:
    """Makes browser profiles; at the end none of them may have complained."""
    made: list[Visitor] = []

    def make(**options: object) -> Visitor:
        made.append(visitor_of(browser, live_server.url, **options))
        made[-1].context.set_default_timeout(PATIENCE)
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    assert [said for one in made for said in one.complaints] == []


@SIZES
@pytest.mark.parametrize("who", ["alice", "bob"])
def test_ten_products_are_toggled_with_the_keyboard_alone(
    visitor: VisitorMaker, plum: Shop, who: str, size: dict[str, int]
) -> None:
    person = visitor(viewport=size)
    person.sign_in(who)
    page = person.open(PRODUCTS)
    for _number in range(TEN):
        page.keyboard.press("j")
        page.keyboard.press("t")
    switched = page.locator("#products [role=switch][aria-checked=true]")
    expect(switched).to_have_count(TEN, timeout=PATIENCE)
    expect(page.locator("#products .is-saving")).to_have_count(0, timeout=PATIENCE)
    assert choices_now(shop=plum) == {("product", f"p{number}"): True for number in range(TEN)}
    assert set(Choice.objects.values_list("changed_by", "version")) == {(who, 1)}


def sent(page: Page, button: str) -> None:
    """Press a button of a form and wait for the page it leads to."""
    with page.expect_navigation():
        page.click(button)


def test_every_form_works_without_javascript(visitor: VisitorMaker, plum: Shop) -> None:
    person = visitor(java_script_enabled=False)
    person.sign_in("alice")
    page = person.open(f"{HOME}open/")
    for agreement in ("service", "terms"):
        page.check(f"[name=accept_{agreement}]")
    sent(page, ".opening [type=submit]")
    assert Enrolment.objects.get(closed_at=None).opened_by.username == "alice"
    page = person.open(PRODUCTS)
    sent(page, "#products tbody tr:first-child [role=switch]")
    assert choices_now(shop=plum)["product", "p0"] is False
    sent(page, "[data-toasts] form [type=submit]")
    assert ("product", "p0") not in choices_now(shop=plum)
    page.check("tr:has-text('Linen 3') [name=product]")
    sent(page, "#bulk [value=off]")
    page.fill("#reason", "spring")
    sent(page, "#preview .btn-primary")
    assert choices_now(shop=plum)["product", "p3"] is False
    page = person.open(f"{HOME}fee/")
    page.fill("#entered-fee", "1.55")
    sent(page, "#enter button:has-text('记下')")
    assert EnteredFee.objects.get().fee == 155
    page = person.open(f"{HOME}statement/")
    page.check("[name=row]")
    page.fill("#mark-reason", "their rate")
    sent(page, ".bulk [value=seen]")
    assert Reconciled.objects.get(order_ref="order-1").seen_by == "alice"
    page = person.open(f"{HOME}claims/signals/")
    page.fill(".signal-list [name=reason]", "one parcel")
    sent(page, ".signal-list [value=seen]")
    assert FraudSignal.objects.get().seen_by == "alice"
    page = person.open(HOME)
    page.click(".close-cover summary")
    page.fill("#close-reason", "summer")
    sent(page, ".close-cover [type=submit]")
    assert not Enrolment.objects.filter(closed_at=None).exists()


def covered_months(shop: Shop) -> None:
    """Cover that is active, with covers of the month before last to ask an invoice for."""
    now = timezone.now()
    enrolment = Enrolment.objects.create(shop=shop, opened_at=now - 90 * DAY)
    EnrolmentEvent.objects.create(shop=shop, enrolment=enrolment, at=now - 90 * DAY, state="active")
    for number in range(3):
        begun = now - (45 + number) * DAY
        Cover.objects.create(
            shop=shop, order_ref=f"covered-{number}", enrolment=enrolment, placed_at=begun - DAY,
            from_at=begun, to_at=begun + 90 * DAY, fee=170,
        )  # fmt: skip


def test_the_forms_of_worth_invoices_and_choices_work_without_javascript(
    visitor: VisitorMaker, plum: Shop
) -> None:
    covered_months(plum)
    person = visitor(java_script_enabled=False)
    person.sign_in("alice")
    page = person.open(f"{HOME}statement/invoices/")
    page.fill("#invoice-title", "梅子小铺")
    page.fill("#invoice-tax", "91330106MA2DEMO001")
    sent(page, ".invoice-form [type=submit]")
    sent(page, "form [name=to][value=submitted]")
    page.fill("[id^=number-]", "2633")
    sent(page, "form [name=to][value=issued]")
    assert InvoiceRequest.objects.get().number == "2633"
    page = person.open(f"{HOME}worth/")
    for name, told in (("margin", "31.6"), ("returned", "12"), ("disputed", "35")):
        page.fill(f"#{name}", told)
    sent(page, "form:has(#margin) [type=submit]")
    assert Costs.objects.get().margin == 316
    page = person.open(f"{HOME}worth/plan/")
    page.fill("#plan-orders", "77")
    sent(page, ".plan-form [type=submit]")
    expect(page.locator("#plan-orders")).to_have_value("77")
    page = person.open(f"{PRODUCTS}?category=dress")
    page.click(".save-view summary")
    page.fill("#view-name", "Dresses")
    sent(page, ".save-view [type=submit]:not([name=drop])")
    assert ChoiceView.objects.get().name == "Dresses"
    page = person.open(PRODUCTS)
    sent(page, "#levels li:first-child [role=switch]")
    assert choices_now(shop=plum)["shop", ""] is True
    page.set_input_files("#choices-file", files=CHOICES)
    sent(page, "form:has(#choices-file) [type=submit]")
    page.fill("#reason", "from a file")
    sent(page, "#preview .btn-primary")
    assert choices_now(shop=plum)["product", "p4"] is False
    page = person.open(f"{HOME}worth/trials/")
    page.fill("#trial-name", "half of them")
    for box in page.locator("#begin [name=product]:not([disabled])").all():
        box.check()
    sent(page, "#begin form > [type=submit]")
    assert Trial.objects.get().ended_at is None
    sent(page, ".page-actions form [type=submit]")
    assert Trial.objects.get().ended_by == "alice"


@SIZES
def test_every_page_is_readable_by_night_in_english(
    visitor: VisitorMaker, plum: Shop, size: dict[str, int]
) -> None:
    person = visitor(viewport=size, color_scheme="dark")
    page = person.sign_in("bob")
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": person.base}])
    for path in PAGES:
        page = person.open(HOME + path)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        wrong = [*page.evaluate(OVERFLOW), *page.evaluate(CONTRAST)]
        assert [path, *wrong, *page.evaluate("window.refused")] == [path]
