"""The pages of worth: what they say, to whom, and what a form without a script keeps."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from freightins.calc.levers import quoted as quote_again
from freightins.models import Costs, QuoteRevision, SaleDay
from freightins.rules import compiled_fee_rules
from freightins.selectors.lever_page import inputs_of
from shopguard.lib.days import at_hour, shanghai_day
from stores.models import Product, Shop, Traffic, User, Violation
from tests.conftest import SignedIn
from tests.factories import START
from tests.freight.conftest import Quoting, quoted
from tests.freight.laying import lay_cases, lay_orders

HOME = "/s/plum/insurance/worth/"
API = "/api/v1/shops/plum/insurance/"
CODES = ("dress", "skirt")


def sale_day(shop: Shop, product: str, cover: str, **sums: int) -> None:
    """A counted day well inside the days shown."""
    day = shanghai_day(timezone.now()) - timedelta(days=40)
    names = [field.name for field in SaleDay._meta.concrete_fields][5:]
    counts = dict.fromkeys(names, 0) | {"orders": 100, "priced": 100, "fen": 2_000_000} | sums
    SaleDay.objects.create(shop=shop, product_ref=product, day=day, cover=cover, **counts)


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The shop with ten products, half of them covered, and a quote of yesterday."""
    for number in range(10):
        Product.objects.create(
            shop=shop, external_id=f"p{number}", title=f"<b>{number}</b>", as_of=START,
            category=CODES[number % 2],
        )  # fmt: skip
        cover = "on" if number < 5 else "off"
        fees = {"fees": 16_500, "payouts": 9000, "claims": 10} if cover == "on" else {}
        sale_day(shop, f"p{number}", cover, returns=10 + number, silent=60, items=110, **fees)
    sale_day(shop, "", "on", orders=500, fees=82_500, payouts=45_000, claims=50, priced=500,
             fen=10_000_000)  # fmt: skip
    sale_day(shop, "", "off", orders=500)
    quoted(shop, shanghai_day(timezone.now()) - timedelta(days=1))
    return shop


@pytest.fixture
def owner(shop: Shop, alice: User, signed_in: SignedIn) -> Client:
    """Alice's browser."""
    return signed_in(alice)


@pytest.fixture
def ops(shop: Shop, bob: User, signed_in: SignedIn) -> Client:
    """Bob's browser."""
    return signed_in(bob)


@pytest.mark.parametrize("page", ["", "products/", "plan/"])
def test_every_page_stands_for_owner_and_ops_and_nobody_else(
    owner: Client, ops: Client, charlie: User, signed_in: SignedIn, page: str
) -> None:
    for browser in (owner, ops):
        answer = browser.get(HOME + page)
        assert answer.status_code == 200
        assert "<b>1</b>" not in answer.content.decode()
    assert signed_in(charlie).get(HOME + page).status_code == 404


@pytest.mark.parametrize("page", ["", "products/", "plan/", "plan/?orders=x&first=soon"])
def test_a_shop_without_any_data_gets_pages_that_say_so(
    other_shop: Shop, charlie: User, signed_in: SignedIn, page: str
) -> None:
    assert signed_in(charlie).get(f"/s/birch/insurance/worth/{page}").status_code == 200


def test_the_owner_fills_in_the_margin_and_reads_the_break_even(owner: Client, ops: Client) -> None:
    page = owner.get(HOME).content.decode()
    assert "每月保费约 413 元" in page.replace("\u00a0", " ")
    form = {"margin": "33.0", "returned": "31", "disputed": ""}
    assert ops.post(f"{HOME}costs/", form).status_code == 403
    owner.post(f"{HOME}costs/", form)
    kept = Costs.objects.get()
    assert (kept.margin, kept.return_cost, kept.dispute_cost) == (330, 3100, 0)
    # 1.65 yuan of 33 % of 200 yuan
    assert "2.5%" in ops.get(HOME).content.decode()


@pytest.mark.parametrize("margin", ["", "0", "100.1", "12.34", "x", "-5", "1e1"])
def test_a_margin_that_is_none_is_refused(owner: Client, margin: str) -> None:
    owner.post(f"{HOME}costs/", {"margin": margin, "returned": "1"})
    assert not Costs.objects.exists()


def test_conversion_is_compared_with_traffic_only(owner: Client, shop: Shop) -> None:
    assert "导入流量文件后才比较" in owner.get(HOME).content.decode()
    day = shanghai_day(timezone.now()) - timedelta(days=40)
    for number in range(10):
        Traffic.objects.create(
            shop=shop, product_ref=f"p{number}", day=day, as_of=START, visitors=1000 + number
        )
    assert "导入流量文件后才比较" not in owner.get(HOME).content.decode()


def test_the_table_of_products_is_narrowed_ordered_and_taken_along(owner: Client) -> None:
    page = owner.get(f"{HOME}products/?category=dress&sort=returns").content.decode()
    assert re.findall(r">(p\d) · dress<", page) == ["p8", "p6", "p4", "p2", "p0"]
    assert "p1 " not in page
    content = b"".join(owner.get(f"{HOME}products.csv?category=dress").streaming_content).decode()
    assert len(content.strip().splitlines()) == 6
    assert "p2,<b>2</b>,dress,100,100,0.12,165.0,90.0" in content


def test_levers_start_from_the_very_quote_of_the_night(shop: Shop, quote: Quoting) -> None:
    days = [f"2024-01-{day:02} 10:00:00" for day in range(5, 28)]
    lay_orders(
        shop,
        [
            {"order_id": f"o{n}", "paid_at": days[n % 23], "is_promotion": "yes" if n % 3 else ""}
            for n in range(137)
        ],
    )
    lay_cases(shop, [{"case_id": f"c{n}", "order_id": f"o{n}"} for n in range(23)])
    for rule_set in ("fee-2023", "fee-empirical"):
        found = quote(total=4.55, rule_set=rule_set, sequence=7 if rule_set == "fee-2023" else 8)
        inputs = inputs_of(shop=shop, quote=found)
        assert inputs is not None
        again = quote_again(compiled_fee_rules(rule_set), inputs)
        assert again.computed_fee == found.computed_fee
        assert float(again.risk_rate) == pytest.approx(found.risk_rate, abs=1e-15)


def test_a_planned_promotion_is_read_from_its_link_and_faults_stand_at_their_fields(
    owner: Client, shop: Shop
) -> None:
    today = shanghai_day(timezone.now())
    for back in range(16, 60):
        SaleDay.objects.create(
            shop=shop, day=today - timedelta(days=back), cover="", product_ref="",
            **dict.fromkeys([f.name for f in SaleDay._meta.concrete_fields][5:], 0)
            | {"orders": 20, "returns": 3},
        )  # fmt: skip
    first = today + timedelta(days=10)
    query = f"first={first}&last={first + timedelta(days=2)}&orders=900&rate=30"
    page = owner.get(f"{HOME}plan/?{query}").content.decode()
    assert "这场促销约多付保费" in page
    assert 'value="900"' in page
    wrong = owner.get(f"{HOME}plan/?first=2020-01-01&orders=0&rate=101").content.decode()
    assert wrong.count('aria-invalid="true"') == 4
    told = owner.get(f"{API}promotion/?{query}").json()
    assert told["faults"] == {}
    assert len(told["weeks"]) == 12
    assert told["more_fen"] > 0


def test_ops_are_not_led_to_the_page_of_violations(shop: Shop, owner: Client, ops: Client) -> None:
    yesterday = shanghai_day(timezone.now()) - timedelta(days=1)
    Violation.objects.create(
        shop=shop, external_id="v1", clause="6", kind="general", points=80, state="executed",
        occurred_at=at_hour(yesterday - timedelta(days=4), 12),
        executed_at=at_hour(yesterday - timedelta(days=1), 12), as_of=START,
    )  # fmt: skip
    quoted(shop, yesterday, sequence=2)
    for browser, is_led in ((owner, True), (ops, False)):
        page = browser.get(HOME).content.decode()
        assert "近期违规满期" in page
        assert ('href="/s/plum/conduct/">近期违规满期' in page) is is_led


def test_programs_read_products_and_levers(owner: Client, shop: Shop) -> None:
    rows = owner.get(f"{API}worth/").json()["products"]
    assert {row["product_id"]: row["fees_fen"] for row in rows}["p0"] == 16_500
    levers = owner.get(f"{API}levers/").json()
    assert levers["fee_fen"] == QuoteRevision.objects.filter(rule_set="fee-2023")[0].computed_fee
    assert [lever["name"] for lever in levers["levers"]] == ["returns", "promotion", "band"]


def test_no_page_of_worth_reads_orders(owner: Client) -> None:
    for page in ("", "products/", "plan/"):
        with CaptureQueriesContext(connection) as asked:
            owner.get(HOME + page)
        texts = " ".join(
            query["sql"]
            for query in asked.captured_queries
            if "shipments_due" not in query["sql"]  # what waits, for the navigation
        )
        assert "stores_order" not in texts
        assert "freightins_cover" not in texts
        assert len(asked) <= 22
