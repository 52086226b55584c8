"""The deposit: the larger of the category's and the floating one, worked out once a month."""

from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from shopguard.lib.days import day_start
from stores.calc.deposit import deposit_due, deposit_rules, entry_due, month_computed
from stores.duties import lines_of
from stores.models import DepositDue, DepositEntry, Order, OutboxMessage, Shop, User
from stores.rules import deposit_book
from stores.selectors.visit import Visit
from stores.services.deposits import deposits_compute
from tests.factories import at, fill

RULES = deposit_rules(deposit_book().in_force(date(2026, 11, 2)))
YUAN = 100


@pytest.mark.parametrize(
    ("kind", "categories", "paid", "amount"),
    [
        # The platform's own example: outdoor 3,000 and digital 10,000, last month 70,000.
        ("enterprise", ["outdoor_services", "digital"], 70_000, 10_000),
        ("enterprise", ["outdoor_services"], 0, 3_000),
        ("enterprise", ["outdoor_services"], 49_999, 3_000),
        ("enterprise", ["outdoor_services"], 50_000, 10_000),
        ("enterprise", ["food"], 0, 10_000),
        ("enterprise", ["food"], 100_000, 20_000),
        ("individual", ["food"], 0, 1_000),
        ("individual", ["food"], 600_000, 50_000),
        ("flagship", ["food"], 0, 20_000),
        ("unheard_of", [], 0, 10_000),
    ],
)
def test_the_larger_of_both_is_due(
    kind: str, categories: list[str], paid: int, amount: int
) -> None:
    assert deposit_due(RULES, kind, categories, paid * YUAN).amount == amount * YUAN


def test_an_individual_enters_without_one() -> None:
    assert entry_due(RULES, "individual", ["food"]) == 0
    assert entry_due(RULES, "enterprise", ["digital"]) == 10_000 * YUAN


def test_it_is_worked_out_on_the_second() -> None:
    assert month_computed(RULES, date(2026, 11, 1)) is None
    assert month_computed(RULES, date(2026, 11, 2)) == date(2026, 11, 1)


def computed(shop: Shop, today: date) -> int:
    with transaction.atomic():
        return deposits_compute(shop_ids=[shop.pk], today=today)


@pytest.mark.django_db
def test_last_months_payments_count_and_nothing_else(shop: Shop) -> None:
    Shop.objects.update(shop_type="individual")
    for day, yuan in ((date(2026, 9, 30), 9), (date(2026, 10, 1), 60_000), (date(2026, 11, 1), 7)):
        fill(Order, "x", shop=shop, paid_at=at(day), order_paid=yuan * YUAN)
    assert computed(shop, date(2026, 11, 2)) == 1
    row = DepositDue.objects.get()
    assert (row.paid_last_month, row.floating) == (60_000 * YUAN, 10_000 * YUAN)
    assert (row.applies_on, row.payable_until) == (date(2026, 11, 4), date(2026, 11, 11))


@pytest.mark.django_db
def test_a_month_is_worked_out_once_and_told_once(shop: Shop, alice: User) -> None:
    DepositEntry.objects.create(shop=shop, amount=1, at=timezone.now(), entered_by="dora")
    assert [computed(shop, date(2026, 11, day)) for day in (1, 2, 3)] == [0, 1, 0]
    (told,) = OutboxMessage.objects.filter(key__startswith="notice:deposit_short")
    assert told.payload["short"] == 10_000 * YUAN - 1


@pytest.mark.django_db
def test_who_keeps_the_deposit_elsewhere_is_not_reminded(shop: Shop) -> None:
    computed(shop, date(2026, 11, 2))
    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db
def test_the_list_of_duties_names_a_deposit_that_does_not_reach(shop: Shop, alice: User) -> None:
    entry = DepositEntry.objects.create(shop=shop, amount=1, at=timezone.now(), entered_by="dora")
    computed(shop, date(2026, 10, 5))
    computed(shop, date(2026, 11, 5))
    visit = Visit(shop=shop, role="owner", now=at(date(2026, 11, 6)))
    (line,) = [line for line in lines_of(visit) if line.name == "deposit_short"]
    assert (line.count, line.due_at) == (1, day_start(date(2026, 11, 12)))
    DepositEntry.objects.filter(pk=entry.pk).update(amount=10_000 * YUAN)
    assert "deposit_short" not in [line.name for line in lines_of(visit)]
    DepositEntry.objects.all().delete()
    assert "deposit_short" not in [line.name for line in lines_of(visit)]
