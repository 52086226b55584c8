"""What cover is worth: break-even, levers, covered against uncovered, and planned promotions."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freightins.calc.compare import MIX, SIMPSON, compared
from freightins.calc.levers import BAND, BY_CATEGORY, PROMOTION, RETURNS, Inputs, levers, quoted
from freightins.calc.promotion import DayCounts, Ground, Plan, planned, promoted_rate, usual_of
from freightins.calc.quotes import ClaimCounts, Conduct, Portfolio, WindowCounts
from freightins.calc.ratios import Interval
from freightins.calc.sums import ProductSums, Sums, added
from freightins.calc.worth import LIKELY, LOSES, PAYS, UNKNOWN, UNLIKELY, Said, account_of, verdict
from freightins.rules import compiled_fee_rules, worth_rules_on
from shopguard.lib.days import days_between

DAY = date(2024, 3, 1)
RULES, WORTH = compiled_fee_rules("fee-2023"), worth_rules_on(DAY)
CLOTHES = Portfolio(Fraction("0.14"), Fraction(300))
NOTHING = Sums()


@st.composite
def inputs(draw: st.DrawFn, least: int = 0) -> Inputs:
    """Anything a shop may be quoted from."""
    orders = draw(st.integers(least, 3000))
    home = draw(st.integers(0, orders))
    remote = draw(st.integers(0, orders - home))
    window = WindowCounts(
        orders=orders,
        returns=draw(st.integers(0, orders)),
        promotions=draw(st.integers(0, orders)),
        home=home,
        remote=remote,
        elsewhere=orders - home - remote,
    )
    total = draw(st.none() | st.floats(3, 5).map(lambda value: round(value, 3)))
    conduct = Conduct(draw(st.sampled_from([0, 25])), draw(st.sampled_from([0, 30])))
    return Inputs(window, CLOTHES, total, conduct, ClaimCounts())


@given(inputs(), st.sampled_from(["fee-2023", "fee-empirical"]))
def test_no_lever_makes_the_fee_dearer_and_all_together_do_no_less(
    given_inputs: Inputs, rule_set: str
) -> None:
    rules = compiled_fee_rules(rule_set)
    found, together = levers(rules, WORTH, given_inputs)
    for lever in found:
        assert lever.saved >= 0
        assert (lever.quote is None) == (lever.reason not in ("", "bounded"))
        assert together.saved >= lever.saved


@given(inputs(least=101))
def test_a_lever_moves_by_its_step_and_nothing_below_none(given_inputs: Inputs) -> None:
    window = given_inputs.window
    found = {lever.name: lever for lever in levers(RULES, WORTH, given_inputs)[0]}
    own = Fraction(window.returns, window.orders)
    assert found[RETURNS].moved == min(WORTH.return_step, own)
    if found[RETURNS].quote is not None:
        assert found[RETURNS].quote.return_rate == own - found[RETURNS].moved
    promoted = Fraction(window.promotions, window.orders)
    assert found[PROMOTION].moved == min(WORTH.promotion_step, promoted)


def test_a_shop_priced_as_its_category_cannot_lower_its_fee_by_fewer_returns() -> None:
    window = WindowCounts(100, 30, 50, elsewhere=100)
    found = levers(RULES, WORTH, Inputs(window, CLOTHES, 4.7, Conduct(), ClaimCounts()))[0]
    assert [lever.reason for lever in found if lever.name == RETURNS] == [BY_CATEGORY]
    empirical = compiled_fee_rules("fee-empirical")
    blended = levers(empirical, WORTH, Inputs(window, CLOTHES, 4.7, Conduct(), ClaimCounts()))[0]
    assert [lever.reason for lever in blended if lever.name == RETURNS] == [""]


def test_the_next_band_is_the_next_level_of_reputation() -> None:
    window = WindowCounts(1000, 80, 400, elsewhere=1000)
    for total, level in ((4.2, "4.3"), (4.3, "4.6"), (4.599, "4.6"), (4.7, "4.8")):
        found = levers(RULES, WORTH, Inputs(window, CLOTHES, total, Conduct(), ClaimCounts()))[0]
        (band,) = [lever for lever in found if lever.name == BAND]
        assert band.moved == Fraction(level)
    top = levers(RULES, WORTH, Inputs(window, CLOTHES, 4.9, Conduct(), ClaimCounts()))[0]
    assert [lever.reason for lever in top if lever.name == BAND] == ["top_band"]


def product(name: str, category: str, on: tuple[int, int], off: tuple[int, int]) -> ProductSums:
    """A product with (orders, returns) covered and uncovered."""
    sides = [Sums(orders=orders, returns=returns) for orders, returns in (on, off)]
    return ProductSums(name, category, *sides, NOTHING)


def test_opposite_ways_inside_categories_are_warned_of() -> None:
    """Cover is chosen where much comes back; inside each category covered ones come back less."""
    products = [product(f"dress{n}", "dress", (100, 28 + n), (20, 7)) for n in range(5)]
    products += [product(f"sock{n}", "sock", (20, 0), (100, 3 + n % 2)) for n in range(5)]
    found = compared(products, WORTH)[0]
    assert found.crude is not None
    assert found.within is not None
    assert found.crude.low > 0 > found.within.high
    assert found.warning == SIMPSON


def test_a_difference_that_ends_inside_categories_is_one_of_the_mix() -> None:
    products = [product(f"dress{n}", "dress", (100, 30 + n), (20, 6 + n % 2)) for n in range(5)]
    products += [product(f"sock{n}", "sock", (20, n % 2), (100, 2 + n % 2)) for n in range(5)]
    found = compared(products, WORTH)[0]
    assert found.crude is not None
    assert found.crude.excludes_zero
    assert found.warning == MIX


def test_too_few_products_or_orders_are_not_compared() -> None:
    few = [product(f"p{n}", "dress", (100, 10), (0, 0)) for n in range(9)]
    assert next(one.thin for one in compared(few, WORTH)) == "products"
    small = [product(f"p{n}", "dress", (100, 10), (2, 1)) for n in range(6)]
    assert next(one.thin for one in compared(small, WORTH)) == "orders"
    assert {one.crude for one in compared([], WORTH)} == {None}


COUNTS = st.tuples(st.integers(20, 200), st.floats(0, 1)).map(lambda p: (p[0], int(p[0] * p[1])))


@given(st.lists(st.tuples(COUNTS, COUNTS, st.sampled_from("ab")), min_size=5, max_size=20))
def test_the_other_way_round_a_comparison_has_the_other_sign(
    rows: list[tuple[tuple[int, int], tuple[int, int], str]],
) -> None:
    there = [product(str(n), kind, on, off) for n, (on, off, kind) in enumerate(rows)]
    back = [product(str(n), kind, off, on) for n, (on, off, kind) in enumerate(rows)]
    one, other = compared(there, WORTH)[0], compared(back, WORTH)[0]
    assert one.warning == other.warning
    for a, b in ((one.crude, other.crude), (one.within, other.within)):
        assert (a is None) == (b is None)
        if a is not None and b is not None:
            assert a.value == pytest.approx(-b.value)
            assert (a.low, a.high) == pytest.approx((-b.high, -b.low))


@given(st.lists(st.builds(Sums, *[st.integers(0, 99)] * 16), max_size=6))
def test_sums_add_up_whatever_their_order(parts: list[Sums]) -> None:
    assert added(parts) == added(reversed(parts))
    assert added(parts).orders == sum(part.orders for part in parts)


@pytest.mark.parametrize(
    ("uplift", "expected"),
    [
        (None, UNKNOWN),
        (Interval(0.06, 0.04, 0.08), PAYS),
        (Interval(0.06, -0.01, 0.13), LIKELY),
        (Interval(0.01, -0.05, 0.07), UNLIKELY),
        (Interval(0.00, -0.02, 0.02), LOSES),
    ],
)
def test_cover_pays_where_the_measured_uplift_is_above_break_even(
    uplift: Interval | None, expected: str
) -> None:
    assert verdict(0.03, uplift) == expected
    assert verdict(None, uplift) == UNKNOWN


def test_nothing_is_guessed_that_was_neither_said_nor_measured() -> None:
    covered = Sums(orders=100, priced=100, fen=2_000_000, fees=16_500, payouts=9_000)
    bare = account_of(covered, covered, None, uplift=0.1, disputes=-0.01, returns=0.02)
    assert (bare.gained, bare.spared, bare.burden, bare.net) == (None, None, None, None)
    said = Said(0.3, 3000, 3500)
    full = account_of(covered, covered, said, uplift=0.25, disputes=-0.02, returns=0.01)
    assert full.gained == pytest.approx(20 * 20_000 * 0.3)
    assert full.spared == pytest.approx(2 * 3500)
    assert full.burden == pytest.approx(1 * 3000)
    assert full.net == pytest.approx(120_000 + 7_000 - 16_500 - 3_000)


def ground(orders: int = 20, returns: int = 3, promotions: int = 5, fee: int = 180) -> Ground:
    """A shop that sells the same every day."""
    days = {
        day: DayCounts(orders, returns, promotions)
        for day in days_between(DAY - timedelta(days=80), DAY - timedelta(days=1))
    }
    window = WindowCounts(45 * orders, 45 * returns, 45 * promotions, elsewhere=45 * orders)
    return Ground(
        day=DAY,
        days=days,
        usual=usual_of(WORTH, days, DAY),
        inputs=Inputs(window, CLOTHES, 4.7, Conduct(), ClaimCounts()),
        covered=Fraction(1),
        fee=fee,
        billed=[DAY + timedelta(days=7 * week + 3) for week in range(WORTH.plan_weeks)],
    )


def test_a_shop_that_stays_as_it_is_keeps_its_fee() -> None:
    stand = ground()
    found = planned(RULES, WORTH, stand, Plan(DAY, DAY, 1, Fraction(0)))
    fee = quoted(RULES, stand.inputs).computed_fee
    assert {week.usual_fee for week in found.weeks} == {fee}


@given(
    st.integers(0, 60),
    st.integers(1, 20),
    st.integers(1, 5000),
    st.integers(0, 100),
    st.integers(0, 9),
)
def test_what_a_promotion_costs_is_the_sum_of_its_weeks(
    ahead: int, length: int, orders: int, percent: int, promotions: int
) -> None:
    first = DAY + timedelta(days=ahead)
    plan = Plan(first, first + timedelta(days=length - 1), orders, Fraction(percent, 100))
    stand = ground(promotions=promotions)
    found = planned(RULES, WORTH, stand, plan)
    before = sum(day < stand.billed[0] for day in days_between(plan.first, plan.last))
    at_once = Fraction(before * orders, length) * stand.fee
    assert found.whole == at_once + sum(week.more for week in found.weeks)
    assert found.peak.fee == max(week.fee for week in found.weeks)


@given(st.integers(0, 40), st.integers(1, 3000), st.integers(20, 100))
def test_orders_that_come_back_more_never_make_later_weeks_cheaper(
    ahead: int, orders: int, percent: int
) -> None:
    first = DAY + timedelta(days=ahead)
    plan = Plan(first, first + timedelta(days=2), orders, Fraction(percent, 100))
    found = planned(RULES, WORTH, ground(), plan)
    assert all(week.fee >= week.usual_fee for week in found.weeks)


def test_a_window_without_the_promotion_is_not_moved_by_it() -> None:
    """Sixteen days must pass before an order is in a window."""
    first = DAY + timedelta(days=30)
    found = planned(RULES, WORTH, ground(), Plan(first, first, 500, Fraction(1, 2)))
    untouched = [week for week in found.weeks if week.day <= first + timedelta(days=15)]
    assert untouched
    assert all(week.fee == week.usual_fee for week in untouched)


def test_the_shops_own_promotions_are_believed_from_enough_orders_on() -> None:
    usual = ground().usual
    least = WORTH.least_promoted
    assert promoted_rate(WORTH, least, 37, usual) == Fraction(37, least)
    assert promoted_rate(WORTH, least - 1, 37, usual) == usual.return_rate * WORTH.more_returns
