"""Each night tells what fee the next billing day is expected to bring."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freightins.calc.outlook import expected_more, reached
from freightins.calc.steps import poisson_point
from freightins.models import EnteredFee, FeeOutlook, ProductSale, QuoteRevision
from freightins.selectors.outlooks import outlook_at
from freightins.services.outlooks import outlooks_tell
from freightins.services.product_sales import product_sales_count
from freightins.services.sale_days import sale_days_count
from servicescore.models import ScoreRevision
from shopguard.lib.days import at_hour
from stores.models import OrderLine, Run, Shop, Violation
from tests.factories import START, fill
from tests.freight.conftest import quoted
from tests.freight.laying import finished_run, lay_cases, lay_orders, shop_named

TODAY = date(2024, 3, 1)  # a Friday; the shop is billed on Fridays
NEXT = date(2024, 3, 8)
COUNTS = st.dictionaries(st.integers(0, 60), st.integers(0, 500), max_size=20)


def night(shop: Shop, total: float | None = 4.7, *, day: date = TODAY) -> FeeOutlook | None:
    """What the night of a day tells, its quotes and days of sale worked out first."""
    run = quoted(shop, day, total)
    now = at_hour(day, 1)
    sale_days_count(run_id=run.pk, shop_ids=[shop.pk], now=now)
    outlooks_tell(run_id=run.pk, shop_ids=[shop.pk], now=now)
    return FeeOutlook.objects.for_shop(shop).filter(date=day).first()


def lay_window(shop: Shop, *, returned: int, lag: int) -> None:
    """120 orders in the window of the next billing day, some of them back after so many days."""
    days = [datetime(2024, 1, 20, 10) + timedelta(days=n % 30) for n in range(120)]
    lay_orders(
        shop,
        [
            {"order_id": f"o{n}", "paid_at": f"{day:%Y-%m-%d %H:%M:%S}", "province": "浙江"}
            for n, day in enumerate(days)
        ],
    )
    came = [(n, days[n] + timedelta(days=lag)) for n in range(returned)]
    lay_cases(
        shop,
        [
            {"case_id": f"c{n}", "order_id": f"o{n}", "applied_at": f"{at:%Y-%m-%d %H:%M:%S}"}
            for n, at in came
            if at < datetime(2024, 3, 1)
        ],
    )


def test_it_is_the_quote_of_the_next_billing_day_when_nothing_can_change(shop: Shop) -> None:
    lay_window(shop, returned=12, lag=2)
    told = night(shop)
    assert told is not None
    assert (told.day, told.orders, told.returns, told.waiting) == (NEXT, 120, 12, 108)
    quoted(shop, NEXT)
    due = QuoteRevision.objects.get(shop=shop, date=NEXT, rule_set="fee-2023")
    assert (told.low, told.likely, told.high, told.basis) == (due.fee, due.fee, due.fee, due.basis)


def test_late_returns_make_it_a_range(shop: Shop) -> None:
    lay_window(shop, returned=60, lag=16)
    told = night(shop)
    assert told is not None
    assert told.low < told.likely < told.high


def test_a_restless_total_makes_it_a_range(shop: Shop) -> None:
    for back in range(1, 40):
        run = finished_run(TODAY - timedelta(days=back))
        fill(
            ScoreRevision, "QZ7", shop=shop, date=run.day, rule_set=run.rule_set, run=run,
            revision=1, total=4.58 if back % 2 else 4.64, industry=shop.industry,
        )  # fmt: skip
    told = night(shop, 4.61)
    assert told is not None
    assert told.low == told.likely < told.high


def test_a_violation_that_runs_out_before_it_does_not_count(shop: Shop) -> None:
    at = at_hour(TODAY - timedelta(days=88), 12)
    fill(
        Violation, "QZ7", shop=shop, kind="severe", points=4, state="executed", clause="",
        occurred_at=at, executed_at=at,
    )  # fmt: skip
    told = night(shop)
    assert told is not None
    quote = QuoteRevision.objects.get(shop=shop, date=TODAY, rule_set="fee-2023")
    assert (quote.conduct_factor, told.likely < quote.fee) == (1.1, True)


def test_an_entered_fee_is_what_is_expected(shop: Shop) -> None:
    EnteredFee.objects.create(shop=shop, fee=133, seen_on=TODAY, entered_at=START)
    told = night(shop)
    assert told is not None
    assert (told.low, told.likely, told.high, told.basis) == (133, 133, 133, "entered")


def test_it_shows_from_noon_of_its_night_until_its_day_is_over(shop: Shop) -> None:
    night(shop)
    for hours, is_shown in ((11, False), (12, True), (7 * 24 + 11, True), (8 * 24 + 1, False)):
        when = at_hour(TODAY, 0) + timedelta(hours=hours)
        assert (outlook_at(shop=shop, now=when) is not None) is is_shown, hours


def test_a_shop_without_a_billing_day_or_a_score_has_none(shop: Shop) -> None:
    other = shop_named("birch", opened_on=None)
    night(shop)
    outlooks_tell(run_id=Run.objects.latest("pk").pk, shop_ids=[other.pk], now=at_hour(TODAY, 1))
    assert outlook_at(shop=other, now=at_hour(TODAY, 13)) is None


def test_only_the_present_night_tells_and_a_second_one_replaces(shop: Shop) -> None:
    run = quoted(shop, TODAY)
    later = at_hour(TODAY + timedelta(days=1), 1)
    assert outlooks_tell(run_id=run.pk, shop_ids=[shop.pk], now=later) == 0
    for _ in range(2):
        outlooks_tell(run_id=run.pk, shop_ids=[shop.pk], now=at_hour(TODAY, 1))
    assert FeeOutlook.objects.count() == 1


def test_sales_of_products_are_of_orders_cover_could_have_been_on(shop: Shop) -> None:
    paid = {"paid_at": "2024-02-20 10:00:00", "shipped_at": "2024-02-21 10:00:00"}
    rows = [
        paid,
        paid | {"is_fraud_risk": "yes"},
        paid | {"logistics_mode": "none"},
        {"paid_at": "2024-02-20 10:00:00"},
        paid | {"paid_at": "2023-12-31 23:00:00"},
        paid,
    ]
    lay_orders(shop, rows)
    for number in range(1, len(rows) + 1):
        OrderLine.objects.create(
            shop=shop, order_ref=f"o{number}", line_no=1, product_ref="p1", as_of=START
        )
    lay_cases(shop, [{"order_id": "o6", "applied_at": "2024-02-25 10:00:00"}])
    run = finished_run(TODAY)
    product_sales_count(
        run_id=run.pk, shop_ids=[shop.pk], now=at_hour(TODAY + timedelta(days=1), 1)
    )
    assert not ProductSale.objects.exists()
    for _ in range(2):
        product_sales_count(run_id=run.pk, shop_ids=[shop.pk], now=at_hour(TODAY, 1))
    found = ProductSale.objects.get()
    assert (found.product_ref, found.orders, found.returns) == ("p1", 2, 1)


@given(COUNTS, COUNTS, st.floats(0, 1), st.integers(1, 7))
def test_no_more_come_back_than_wait(
    waiting: dict[int, int], lags: dict[int, int], share: float, ahead: int
) -> None:
    more = expected_more(waiting, lags, share=share, ahead=ahead)
    assert -1e-9 <= more <= sum(waiting.values()) + 1e-6
    assert expected_more(waiting, lags, share=share, ahead=ahead + 1) >= more - 1e-9


@given(st.lists(st.floats(3, 5), min_size=1, max_size=60), st.integers(1, 7))
def test_a_total_moves_as_far_as_it_did(totals: list[float], ahead: int) -> None:
    days = {TODAY + timedelta(days=place): total for place, total in enumerate(totals)}
    found = reached(days, ahead=ahead, share=0.1, least=1)
    assert (found is None) is (len(totals) <= ahead)
    assert found is None or totals[-1] - 2 <= found[0] <= found[1] <= totals[-1] + 2


@pytest.mark.parametrize("mean", [0.5, 30.0, 700.0, 710.0, 5000.0])
def test_points_of_poisson_lie_around_the_mean(mean: float) -> None:
    low, high = poisson_point(mean, 0.1), poisson_point(mean, 0.9)
    assert low <= mean <= high
    assert high - low == pytest.approx(2.5631 * mean**0.5, abs=1.5)
