"""Estimates are scored by what came back: which, when, and what is said of them."""

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from freightins.calc.check import RIGHT, THIN, TOO_HIGH, TOO_LOW, Week, judged
from freightins.models import Claim, Cover, QuoteCheck
from freightins.rules import cover_rules_on, worth_rules_on
from freightins.services.checks import checks_score
from freightins.services.sale_days import sale_days_count
from shopguard.lib.days import at_hour
from stores.models import Shop, User
from tests.conftest import SignedIn
from tests.freight.conftest import quoted
from tests.freight.laying import finished_run, lay_cases, lay_orders

RULES = worth_rules_on(date(2024, 3, 1))
CLIP = cover_rules_on(date(2024, 3, 1)).clip
BILLED = date(2024, 1, 5)  # a Friday, as the shop opened on one
RIPE = date(2024, 2, 26)  # 45 days after Thursday the 11th are over
PAGE = "/s/plum/insurance/check/"


def week(group: int, returns: int, share: float = 0.1, orders: int = 100) -> Week:
    return Week(str(group), share, share * 2, share / 2, orders, returns, fees=1000, payouts=700)


def quoted_then(shop: Shop, day: date) -> None:
    """A quote made in its own night."""
    with time_machine.travel(at_hour(day, 1), tick=False):
        quoted(shop, day)


def scored_on(shop: Shop, day: date, sequence: int = 1) -> int:
    """What the night of a day scores."""
    run = finished_run(day, sequence=sequence)
    now = at_hour(day, 1)
    sale_days_count(run_id=run.pk, shop_ids=[shop.pk], now=now)
    return checks_score(run_id=run.pk, shop_ids=[shop.pk], now=now)


def lay_week(shop: Shop) -> None:
    """Seven orders a day round the billed week, two of which came back, one of them much later."""
    days = [BILLED + timedelta(days=n) for n in range(-1, 8)]
    rows = [
        {"order_id": f"{day}-{n}", "paid_at": f"{day} 10:00:00", "shipped_at": f"{day} 20:00:00"}
        for day in days
        for n in range(7)
    ]
    lay_orders(shop, rows)
    cases = (
        ("a", BILLED, "2024-01-20 10:00:00"),
        ("b", BILLED + timedelta(days=6), "2024-02-20 10:00:00"),
    )
    lay_cases(
        shop,
        [{"case_id": key, "order_id": f"{day}-0", "applied_at": at} for key, day, at in cases]
        + [{"case_id": "c", "order_id": f"{BILLED - timedelta(days=1)}-0"}],
    )


def test_a_week_is_scored_once_forty_five_days_have_passed(shop: Shop) -> None:
    lay_week(shop)
    quoted_then(shop, BILLED)
    assert scored_on(shop, RIPE - timedelta(days=1)) == 0
    assert scored_on(shop, RIPE) == 2  # one for each rule set
    found = QuoteCheck.objects.get(rule_set="fee-2023")
    assert (found.first_day, found.last_day) == (BILLED, BILLED + timedelta(days=6))
    assert (found.orders, found.returns) == (49, 2)
    assert found.expected_share == pytest.approx(0.14)
    assert not found.is_final


def test_it_is_counted_again_until_its_cover_has_run_out(shop: Shop) -> None:
    lay_week(shop)
    quoted_then(shop, BILLED)
    scored_on(shop, RIPE)
    lay_cases(shop, [{"case_id": "late", "order_id": f"{BILLED}-1"}])
    scored_on(shop, RIPE + timedelta(days=1))
    assert QuoteCheck.objects.get(rule_set="fee-2023").returns == 3
    last = RIPE + timedelta(days=cover_rules_on(BILLED).cover_days)
    assert scored_on(shop, last) == 2
    assert QuoteCheck.objects.get(rule_set="fee-2023").is_final
    assert scored_on(shop, last + timedelta(days=1)) == 0


def test_quotes_computed_afterwards_and_quotes_that_bind_nobody_are_left_out(shop: Shop) -> None:
    lay_week(shop)
    quoted(shop, BILLED)
    quoted_then(shop, BILLED + timedelta(days=1))
    assert scored_on(shop, RIPE + timedelta(days=2)) == 0


def test_a_night_scored_twice_leaves_one_row(shop: Shop) -> None:
    lay_week(shop)
    quoted_then(shop, BILLED)
    scored_on(shop, RIPE)
    scored_on(shop, RIPE, sequence=2)
    assert QuoteCheck.objects.filter(rule_set="fee-2023").count() == 1


def test_fees_and_payouts_are_those_of_the_covered_orders(shop: Shop) -> None:
    lay_week(shop)
    quoted_then(shop, BILLED)
    when = at_hour(BILLED, 20)
    order = f"{BILLED}-0"
    Cover.objects.create(shop=shop, order_ref=order, placed_at=when, from_at=when, fee=165)
    Cover.objects.create(shop=shop, order_ref=f"{BILLED}-1", placed_at=when, reason="not_chosen")
    Claim.objects.create(
        shop=shop, order_ref=order, case_ref="a", state="paid", amount=900, opened_at=when
    )
    scored_on(shop, RIPE)
    found = QuoteCheck.objects.get(rule_set="fee-2023")
    assert (found.fees, found.payouts) == (165, 900)


def test_too_few_weeks_or_returns_are_not_judged() -> None:
    thin = judged([week(n, 10) for n in range(RULES.least_weeks - 1)], RULES, CLIP)
    few = judged([week(n, 1, share=0.01, orders=20) for n in range(12)], RULES, CLIP)
    for found in (thin, few):
        assert (found.verdict, found.calibration) == (THIN, None)
    assert judged([], RULES, CLIP).loss_ratio is None


@pytest.mark.parametrize(
    ("returns", "verdict"),
    [
        ([9, 11, 10, 8, 12, 10], RIGHT),
        ([20, 22, 21, 19, 20, 21], TOO_LOW),
        ([3, 4, 5, 3, 4, 4], TOO_HIGH),
    ],
)
def test_the_verdict_follows_the_interval(returns: list[int], verdict: str) -> None:
    found = judged([week(n, count) for n, count in enumerate(returns)], RULES, CLIP)
    assert found.verdict == verdict
    assert found.loss_ratio == pytest.approx(0.7)


def test_a_week_without_an_own_rate_is_left_out_against_that_rival_only() -> None:
    weeks = [week(n, 10) for n in range(6)]
    weeks.append(Week("6", 0.1, None, 0.05, 100, 10, 0, 0))
    found = judged(weeks, RULES, CLIP)
    assert found.own is not None
    assert found.category is not None
    assert (found.own.weeks, found.category.weeks) == (6, 7)


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0.01, 0.6)), min_size=1, max_size=30))
def test_who_foretells_what_came_has_the_least_loss(weeks: list[tuple[int, float]]) -> None:
    """On the same weeks nobody beats the share that really came back."""
    rows = [
        Week(str(n), min(max(returns / 40, CLIP), 1 - CLIP), share, share, 40, returns, 0, 0)
        for n, (returns, share) in enumerate(weeks)
    ]
    found = judged(rows, RULES, CLIP)
    assert found.category is not None
    assert found.category.ours <= found.category.loss + 1e-12


def test_the_page_tells_what_is_known_and_what_is_waited_for(
    shop: Shop, alice: User, signed_in: SignedIn
) -> None:
    owner = signed_in(alice)
    assert "还没有满期的周" in owner.get(PAGE).content.decode()
    lay_week(shop)
    quoted_then(shop, BILLED)
    assert "2024-02-26" in owner.get(PAGE).content.decode()
    scored_on(shop, RIPE)
    page = owner.get(PAGE).content.decode()
    assert "满期 1 周" in page.replace("\u00a0", " ")
    assert "周数不足" in page
    content = b"".join(owner.get(f"{PAGE}weeks.csv").streaming_content).decode()
    assert "2024-01-05,2024-01-11,fee-2023,49,2,0.14" in content


def test_the_desk_shows_all_shops_to_admins_alone(
    shop: Shop, dora: User, alice: User, signed_in: SignedIn
) -> None:
    lay_week(shop)
    quoted_then(shop, BILLED)
    scored_on(shop, RIPE)
    page = signed_in(dora).get("/admin-desk/model/").content.decode()
    assert "1 家店有满期的周" in page.replace("\u00a0", " ")
    assert shop.name in page
    assert signed_in(alice).get("/admin-desk/model/").status_code == 404


def test_scored_weeks_are_listed_over_the_api(
    shop: Shop, alice: User, charlie: User, signed_in: SignedIn
) -> None:
    lay_week(shop)
    quoted_then(shop, BILLED)
    scored_on(shop, RIPE)
    address = "/api/v1/shops/plum/insurance/checks/?rule_set=fee-2023"
    (row,) = signed_in(alice).get(address).json()["results"]
    assert (row["date"], row["orders"], row["returns"]) == ("2024-01-05", 49, 2)
    assert signed_in(charlie).get(address).status_code == 404
