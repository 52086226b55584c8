"""The overview of a shop that has everything asks once for what its panels share."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.models import AfterSaleCase, FindingRow, FindingSet
from freightins.models import Enrolment, EnrolmentEvent
from freightins.services.choices import Wanted, choices_change
from freightins.services.quotes import quotes_compute
from freightins.services.windows import windows_count
from stores.models import ImportBatch, Product, Run, Shop
from tests.factories import START, fill
from tests.pages.market import Market

PAGE = "/s/plum/"
# At first the industry, the fee ahead and the products are read; they are kept for the next look.
MOST_AT_FIRST, MOST_AGAIN = 26, 12


@pytest.fixture
def shop(market: Market) -> Shop:
    """A scored shop with cover that is open, a product it is advised against, a case, a finding."""
    shop, cut = market.shops["plum"], [["product", "p1"]]
    shop.opened_on, shop.base_settings_complete = date(2023, 9, 1), True
    shop.save()
    fill(Product, "QZ7", shop=shop, external_id="p1", title="量身裙", is_made_to_order=True,
         is_virtual=False)  # fmt: skip
    run = Run.objects.filter(day=market.day).latest("pk")
    windows_count(run_id=run.pk, shop_ids=[shop.pk])
    quotes_compute(run_id=run.pk, shop_ids=[shop.pk])
    enrolment = Enrolment.objects.create(shop=shop, opened_at=START)
    fill(EnrolmentEvent, "QZ7", shop=shop, enrolment=enrolment, at=START, state="active")
    fill(AfterSaleCase, "QZ7", shop=shop, outcome="open", due_at=START + timedelta(days=1))
    found = fill(FindingSet, "QZ7", shop=shop, run=run, date=market.day)
    fill(FindingRow, "QZ7", shop=shop, found=found, cut=cut, rank=1, outcome="returns")
    fill(ImportBatch, "QZ7", shop=shop, kind="orders", status="applied", as_of=START)
    cache.clear()
    return shop


def look(market: Market) -> tuple[int, str]:
    """How often the page asked, and what it showed."""
    client = market.client("alice")
    with CaptureQueriesContext(connection) as asked:
        html = client.get(PAGE).content.decode()
    return len(asked), html


def test_the_second_look_asks_little_and_shows_the_same(market: Market, shop: Shop) -> None:
    (first, page), (again, same) = look(market), look(market)
    assert "没有读出来" not in page
    assert "量身裙" in page
    assert (first <= MOST_AT_FIRST, again <= MOST_AGAIN) == (True, True), (first, again)
    assert without_tokens(page) == without_tokens(same)


def test_a_choice_taken_back_is_no_longer_advised_against(market: Market, shop: Shop) -> None:
    choose(shop, is_covered=True)
    assert "看看 1 件建议关掉保障的商品" in look(market)[1]
    choose(shop, is_covered=False, version=1)
    assert "建议关掉保障的商品" not in look(market)[1]


def test_a_file_that_came_is_told_at_once(
    market: Market, shop: Shop, afternoon: time_machine.Traveller
) -> None:
    choose(shop, is_covered=True)
    assert "看看 1 件建议关掉保障的商品" in look(market)[1]
    Product.objects.filter(shop=shop).update(is_virtual=True)
    afternoon.shift(60)
    fill(ImportBatch, "QZ8", shop=shop, kind="orders", status="applied", as_of=START)
    assert "建议关掉保障的商品" not in look(market)[1]


def choose(shop: Shop, *, is_covered: bool, version: int = 0) -> None:
    """Cover of the product on or off."""
    choices_change(
        actor="test", shop=shop, wanted=[Wanted("product", "p1", is_covered, version)],
        source="single",
    )  # fmt: skip


def without_tokens(html: str) -> list[str]:
    """The lines that are no token of a form."""
    return [line for line in html.splitlines() if "csrfmiddlewaretoken" not in line]
