"""The night quotes every shop; what was quoted stays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError

from freightins.models import Claim, EnteredFee, QuoteRevision
from freightins.services.quotes import quotes_compute
from freightins.services.windows import windows_count
from stores.models import Shop
from tests.factories import at
from tests.freight.conftest import Quoting, quoted
from tests.freight.laying import finished_run, lay_cases, lay_orders, shop_named

INSIDE = "2024-02-01 10:00:00"


def orders(shop: Shop, count: int, prefix: str = "o", **fields: str) -> None:
    rows = [{"order_id": f"{prefix}{n}", "paid_at": INSIDE, **fields} for n in range(count)]
    lay_orders(shop, rows)


def returns(shop: Shop, count: int, prefix: str = "o") -> None:
    rows = [
        {"case_id": f"{prefix}{n}", "order_id": f"{prefix}{n}", "outcome": "completed"}
        for n in range(count)
    ]
    lay_cases(shop, rows)


def test_a_hundred_orders_are_priced_as_their_category(shop: Shop, quote: Quoting) -> None:
    orders(shop, 100)
    returns(shop, 50)
    found = quote()
    assert (found.basis, found.window_orders, found.window_returns) == ("category", 100, 50)
    assert found.return_rate == 0.5
    assert found.blended_rate == found.category_rate == 0.14


def test_a_hundred_and_one_are_priced_by_themselves(shop: Shop, quote: Quoting) -> None:
    orders(shop, 101)
    returns(shop, 50)
    found = quote()
    assert found.basis == "shop"
    assert found.blended_rate == pytest.approx((50 + 300 * 0.14) / 401)


def test_two_cases_on_one_order_are_one_return(shop: Shop, quote: Quoting) -> None:
    orders(shop, 3)
    lay_cases(shop, [{"order_id": "o0", "case_id": "a"}, {"order_id": "o0", "case_id": "b"}])
    assert quote().window_returns == 1


def test_a_case_that_waits_for_its_order_counts_nothing(shop: Shop, quote: Quoting) -> None:
    lay_cases(shop, [{"order_id": "elsewhere"}])
    found = quote()
    assert (found.window_orders, found.window_returns, found.return_rate) == (0, 0, None)


def test_cases_and_orders_of_another_shop_do_not_matter(shop: Shop, quote: Quoting) -> None:
    other = shop_named("birch")
    orders(shop, 3)
    orders(other, 5)
    returns(other, 3)
    found = quote()
    assert (found.window_orders, found.window_returns) == (3, 0)


def test_the_shop_is_priced_by_main_category_then_industry_then_other(
    shop: Shop, quote: Quoting
) -> None:
    found = {}
    for sequence, (category, industry) in enumerate(
        [("bags", "food"), ("", "food"), ("tents", "food"), ("tents", "camping")], 1
    ):
        Shop.objects.filter(pk=shop.pk).update(main_category=category, industry=industry)
        found[category, industry] = quote(sequence=sequence).category
    assert list(found.values()) == ["bags", "food", "food", "other"]


def test_distance_is_told_by_the_return_province(shop: Shop, quote: Quoting) -> None:
    for prefix, province in {"a": "浙江", "b": "青海", "c": "广东", "d": ""}.items():
        orders(shop, 1, prefix, province=province)
    assert quote().first_weight == (800 + 1800 + 1000 + 1000) / 4


def test_promotions_raise_the_rate_by_half_their_share(shop: Shop, quote: Quoting) -> None:
    orders(shop, 1, "a", is_promotion="yes")
    orders(shop, 3, "b")
    assert quote().promotion_factor == 1.125


def test_a_shop_without_a_total_is_quoted_at_its_category(shop: Shop, quote: Quoting) -> None:
    found = quote(total=None)
    assert (found.level_factor, found.blended_rate) == (1.0, 0.14)
    assert found.fee == 170  # 0.14 x 1.2 x 8.80 x 1.15


def test_a_shop_without_a_score_row_keeps_its_old_fee(shop: Shop, day_zero: date) -> None:
    run = finished_run(day_zero)
    windows_count(run_id=run.pk, shop_ids=[shop.pk])
    assert quotes_compute(run_id=run.pk, shop_ids=[shop.pk]) == 0


def test_the_quote_of_the_billing_weekday_binds_for_a_week(shop: Shop, quote: Quoting) -> None:
    binding = quote(date(2024, 3, 1))
    assert (binding.valid_from, binding.valid_to) == (date(2024, 3, 1), date(2024, 3, 7))
    assert quote(date(2024, 3, 2)).valid_from is None


def test_a_quote_is_never_rewritten(quote: Quoting) -> None:
    found = quote()
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        QuoteRevision.objects.filter(pk=found.pk).update(fee=1)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        QuoteRevision.objects.filter(pk=found.pk).delete()


def test_the_same_night_twice_adds_no_revision(shop: Shop, quote: Quoting) -> None:
    orders(shop, 5)
    assert quote().revision == quote(sequence=2).revision == 1


def test_late_facts_add_a_revision_and_leave_the_first(shop: Shop, quote: Quoting) -> None:
    orders(shop, 120)
    first = quote()
    returns(shop, 12)
    second = quote(sequence=2)
    assert (first.revision, second.revision) == (1, 2)
    assert second.fee > QuoteRevision.objects.get(pk=first.pk).fee == first.fee


def test_a_quote_of_a_past_day_is_marked_as_backfilled(shop: Shop, quote: Quoting) -> None:
    assert quote().is_backfilled
    today = datetime.now(UTC) + timedelta(hours=8)
    assert not quote(today.date()).is_backfilled


def test_an_entered_fee_takes_the_place_of_the_computed_one(shop: Shop, quote: Quoting) -> None:
    def enter(fee: int | None, seen_on: date) -> None:
        when = at(date(2024, 2, 1))
        EnteredFee.objects.create(shop=shop, fee=fee, seen_on=seen_on, entered_at=when)

    enter(99, date(2024, 2, 20))
    enter(88, date(2024, 3, 2))
    found = quote()
    assert (found.basis, found.fee) == ("entered", 99)
    assert found.computed_fee == 170
    assert quote(date(2024, 3, 2)).fee == 88
    enter(None, date(2024, 3, 3))
    assert quote(date(2024, 3, 3)).basis == "category"


@pytest.mark.parametrize(
    ("count", "first", "last", "is_own"),
    [
        (30, date(2023, 9, 3), date(2024, 2, 29), True),
        (29, date(2023, 9, 3), date(2024, 2, 29), False),
        (30, date(2023, 9, 2), date(2024, 2, 29), False),
        (30, date(2023, 9, 3), date(2024, 3, 1), False),
    ],
)
def test_thirty_claims_paid_in_180_days_set_the_payout(
    shop: Shop, quote: Quoting, count: int, first: date, last: date, is_own: bool
) -> None:
    days = [first, last, *[date(2024, 1, 10)] * (count - 2)]
    for number, day in enumerate(days):
        is_fetched = number % 3 == 0
        Claim.objects.create(
            shop=shop,
            order_ref=f"o{number}",
            case_ref=f"c{number}",
            method=Claim.Method.LOCKER if is_fetched else Claim.Method.SELF,
            state=Claim.State.PAID,
            opened_at=at(day),
            paid_at=at(day),
            amount=1200 if is_fetched else 700,
        )
    found = quote()
    assert found.has_own_claims is is_own
    expected = 1200 / 3 + 700 * 2 / 3 if is_own else 880
    assert found.expected_payout == pytest.approx(expected)


def test_estimated_payments_are_not_among_the_thirty(shop: Shop, quote: Quoting) -> None:
    for number in range(30):
        Claim.objects.create(
            shop=shop,
            order_ref=f"o{number}",
            case_ref=f"c{number}",
            state=Claim.State.PAID,
            opened_at=at(date(2024, 1, 10)),
            paid_at=at(date(2024, 1, 10)),
            amount=700,
            is_estimated=number == 0,
        )
    assert not quote().has_own_claims


def test_the_empirical_set_learns_from_every_shop_of_the_category(shop: Shop) -> None:
    day = date(2024, 3, 1)
    run = finished_run(day)
    others = [shop_named(f"other-{n}") for n in range(5)]
    for number, other in enumerate(others):
        orders(other, 40)
        returns(other, 4 * number)
    windows_count(run_id=run.pk, shop_ids=[other.pk for other in others])
    orders(shop, 50)
    quoted(shop, day, sequence=2)
    found = QuoteRevision.objects.get(shop=shop, rule_set="fee-empirical")
    assert found.basis == "category"
    assert 0 < found.blended_rate < found.category_rate
    assert found.credibility < 300
