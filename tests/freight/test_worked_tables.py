"""Every table of the document on freight insurance is what the code computes."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest

from freightins.calc.check import Week, judged
from freightins.calc.compare import compared
from freightins.calc.levers import Inputs, levers
from freightins.calc.outlook import expected_more, reached
from freightins.calc.portfolio import portfolios
from freightins.calc.quotes import (
    ClaimCounts,
    Conduct,
    Portfolio,
    WindowCounts,
    conduct_factor,
    expected_payout,
    fee_of,
    first_weight,
    quote_of,
    validity,
)
from freightins.calc.ratios import Interval
from freightins.calc.sums import ProductSums, Sums
from freightins.calc.trials import Followed, effect_of
from freightins.calc.worth import Said, break_even
from freightins.rules import compiled_fee_rules, cover_rules_on, worth_rules_on
from freightins.selectors.windows import windows_counted
from freightins.services.outlooks import LEAST_MOVES, LOW
from shopguard.lib.money import fen_from_yuan, yuan_text
from tests.freight.laying import lay_cases, lay_orders, shop_named
from tests.score.worked_tables import Table, tables

DOCUMENT = "freight-insurance"
RULES = compiled_fee_rules("fee-2023")
EMPIRICAL = compiled_fee_rules("fee-empirical")
DAY = date(2024, 3, 1)
FEN = 100


@pytest.mark.django_db
@pytest.mark.parametrize("table", tables(DOCUMENT), ids=str)
def test_a_table_of_the_document_is_true(table: Table) -> None:
    """Whatever a table shows, the code gives the same figures."""
    check = CHECKS.get(table.header[-1])
    assert check is not None, f"no check knows the table {table}"
    check(table)


def check_window(table: Table) -> None:
    """First and last day of a window."""
    for row in table.rows:
        first, last = RULES.window_days(date.fromisoformat(row["quote of"]))
        assert (row["first day"], row["last day"]) == (first.isoformat(), last.isoformat())


def check_orders(table: Table) -> None:
    """Orders that belong to the window."""
    for place, row in enumerate(table.rows):
        shop = shop_named(f"order-{place}")
        lay_orders(shop, [row])
        counted = windows_counted([shop], RULES, *RULES.window_days(DAY)).loc[shop.pk]
        assert ("yes" if counted["orders"] else "no") == row["counts"], row


def check_cases(table: Table) -> None:
    """Cases by which an order came back."""
    for place, row in enumerate(table.rows):
        shop = shop_named(f"case-{place}")
        lay_orders(shop, [{"order_id": "o1", "paid_at": "2024-02-01 10:00:00"}])
        lay_cases(shop, [row])
        counted = windows_counted([shop], RULES, *RULES.window_days(DAY)).loc[shop.pk]
        assert ("yes" if counted["returns"] else "no") == row["came back"], row


def check_risk(table: Table) -> None:
    """Counts to R and the risk rate."""
    for row in table.rows:
        quote = quote_of(
            RULES,
            WindowCounts(int(row["orders"]), int(row["returns"]), int(row["promotions"])),
            portfolio=portfolios(RULES, {})[row["category"]],
            total=float(row["score"]) if row["score"] else None,
            conduct=Conduct(int(row["severe"]), int(row["general"])),
            claims=ClaimCounts(),
        )
        assert quote.basis == row["basis"]
        assert float(quote.blended_rate) == pytest.approx(float(row["R"]), abs=1e-12)
        assert float(quote.risk_rate) == pytest.approx(float(row["risk rate"]), abs=1e-12)


def check_factor(table: Table) -> None:
    """What a score, or points, do to the rate."""
    for row in table.rows:
        if "score" in row:
            found = RULES.level_factor(float(row["score"]) if row["score"] else None)
        else:
            found = conduct_factor(RULES, Conduct(int(row["severe"]), int(row["general"])))
        assert found == Fraction(row["factor"]), row


def check_provinces(table: Table) -> None:
    """The price of the first weight."""
    for row in table.rows:
        found = first_weight(RULES, row["order's province"], row["return province"])
        assert yuan_text(found) == row["yuan"], row


def check_payout(table: Table) -> None:
    """What a claim is expected to cost."""
    for row in table.rows:
        window = WindowCounts(
            orders=int(row["orders"]),
            home=int(row["home"]),
            remote=int(row["remote"]),
            elsewhere=int(row["elsewhere"]),
        )
        fen = fen_from_yuan(row["fetched yuan"])
        claims = ClaimCounts(int(row["claims paid"]), int(row["fetched"]), fen)
        assert expected_payout(RULES, window, claims).expected == Fraction(row["payout"]) * FEN


def check_fee(table: Table) -> None:
    """The rounded fee."""
    for row in table.rows:
        found = fee_of(RULES, Fraction(row["risk rate"]), Fraction(row["payout"]) * FEN)
        assert yuan_text(found) == row["fee"], row


def check_validity(table: Table) -> None:
    """The days a fee is charged."""
    for row in table.rows:
        opened = date.fromisoformat(row["opened_on"]) if row["opened_on"] else None
        found = validity(RULES, date.fromisoformat(row["quote of"]), opened)
        shown = tuple(day.isoformat() for day in found) if found else ("", "")
        assert shown == (row["valid from"], row["valid to"])


def check_portfolio(table: Table) -> None:
    """Base rate and K of some shops that sell clothes."""
    for row in table.rows:
        pairs = [
            (int(returns), int(orders))
            for returns, _, orders in (p.partition("/") for p in row[table.header[0]].split())
        ]
        found: Portfolio = portfolios(EMPIRICAL, {"apparel": pairs})["apparel"]
        assert float(found.rate) == pytest.approx(float(row["base rate"]), abs=1e-9)
        assert float(found.credibility) == pytest.approx(float(row["K"]), abs=1e-8)


def check_weeks(table: Table) -> None:
    """Ripe weeks to a verdict."""
    for row in table.rows:
        weeks = []
        for number, told in enumerate(row[table.header[0]].split()):
            counts, _, share = told.partition("@")
            returns, _, orders = counts.partition("/")
            expected = float(share)
            weeks.append(
                Week(str(number), expected, expected, expected, int(orders), int(returns), 0, 0)
            )
        found = judged(weeks, worth_rules_on(DAY), cover_rules_on(DAY).clip)
        assert found.verdict == row["verdict"]
        assert found.expected == pytest.approx(float(row["expected"]))
        if found.calibration is None:
            assert row["calibration"] == row["low"] == row["high"] == ""
            continue
        for name, value in zip(
            ("calibration", "low", "high"), _figures(found.calibration), strict=True
        ):
            assert value == pytest.approx(float(row[name]), abs=1e-6), row


def _figures(interval: Interval) -> tuple[float, float, float]:
    return interval.value, interval.low, interval.high


def check_break_even(table: Table) -> None:
    """Fee by margin of an order."""
    for row in table.rows:
        covered = Sums(orders=int(row["covered orders"]), fees=fen_from_yuan(row["fees"]))
        orders = int(row["orders"])
        whole = Sums(orders=orders, priced=orders, fen=orders * fen_from_yuan(row["order value"]))
        said = Said(float(row["margin"]), 0, 0) if row["margin"] else None
        found = break_even(covered, whole, said)
        assert (found is None) == (not row["break-even"]), row
        if found is not None:
            assert found == pytest.approx(float(row["break-even"]), abs=1e-9)


def check_comparison(table: Table) -> None:
    """Products on both sides to a plain difference, one inside categories, and a warning."""
    for row in table.rows:
        words = row[table.header[0]].split()
        products = [
            _product(str(n), kind, told)
            for n, (kind, told) in enumerate(zip(words[::2], words[1::2], strict=True))
        ]
        found = compared(products, worth_rules_on(DAY))[0]
        assert found.warning == row["warning"]
        for name, interval in (("plain", found.crude), ("inside", found.within)):
            assert (interval is None) == (not row[name]), row
            if interval is not None:
                assert interval.value == pytest.approx(float(row[name]), abs=1e-9)


def _product(name: str, category: str, told: str) -> ProductSums:
    sides = []
    for side in told.split(","):
        orders, _, returns = side.partition("/")
        sides.append(Sums(orders=int(orders), returns=int(returns)))
    return ProductSums(name, category, *sides, Sums())


def check_levers(table: Table) -> None:
    """One thing changed to a new rate and fee."""
    for row in table.rows:
        orders = int(row["orders"])
        window = WindowCounts(orders, int(row["returns"]), int(row["promotions"]), elsewhere=orders)
        believed = portfolios(RULES, {})[row["category"]]
        given = Inputs(window, believed, float(row["score"]), Conduct(), ClaimCounts())
        lever = next(
            one for one in levers(RULES, worth_rules_on(DAY), given)[0] if one.name == row["lever"]
        )
        assert yuan_text(lever.saved) == row["saved"], row
        assert (lever.quote is None) == (not row["fee"])
        if lever.quote is not None:
            assert yuan_text(lever.quote.computed_fee) == row["fee"], row
            assert float(lever.quote.risk_rate) == pytest.approx(float(row["risk rate"]), abs=1e-9)


def check_trials(table: Table) -> None:
    """Products on two sides to an effect."""
    for row in table.rows:
        words = row[table.header[0]].split()
        followed = []
        for number, (arm, told) in enumerate(zip(words[::2], words[1::2], strict=True)):
            before, _, after = told.partition("/")
            followed.append(Followed(str(number), arm, int(before), int(after), int(after), 0))
        uplift = effect_of(followed, worth_rules_on(DAY)).uplift
        assert (uplift is None) == (not row["uplift"])
        if uplift is not None:
            for name, value in zip(("uplift", "low", "high"), _figures(uplift), strict=True):
                assert value == pytest.approx(float(row[name]), abs=1e-6), row


def check_more(table: Table) -> None:
    """Returns still to come."""
    for row in table.rows:
        waiting, lags = (
            {
                int(days): int(count)
                for count, _at, days in (one.partition("@") for one in told.split())
            }
            for told in (row["waiting (orders@days)"], row["lags (returns@days)"])
        )
        share, ahead = float(row["share"]), int(row["days ahead"])
        found = expected_more(waiting, lags, share=share, ahead=ahead)
        assert found == pytest.approx(float(row["more returns"]), abs=1e-9), row


def check_reached(table: Table) -> None:
    """From where to where a total may go."""
    for row in table.rows:
        told = map(float, row["totals of late"].split())
        totals = {DAY + timedelta(days=place): total for place, total in enumerate(told)}
        found = reached(totals, ahead=int(row["days ahead"]), share=LOW, least=LEAST_MOVES)
        if not row["total, low"]:
            assert found is None
            continue
        low, high = float(row["total, low"]), float(row["total, high"])
        assert found == pytest.approx((low, high), abs=1e-9), row


CHECKS: dict[str, Callable[[Table], None]] = {
    "last day": check_window,
    "counts": check_orders,
    "came back": check_cases,
    "risk rate": check_risk,
    "factor": check_factor,
    "yuan": check_provinces,
    "payout": check_payout,
    "fee": check_fee,
    "valid to": check_validity,
    "K": check_portfolio,
    "verdict": check_weeks,
    "break-even": check_break_even,
    "warning": check_comparison,
    "high": check_trials,
    "saved": check_levers,
    "more returns": check_more,
    "total, high": check_reached,
}


def test_the_two_worked_stores_of_the_source_come_out() -> None:
    """15 % and 5 %, within half a point."""
    for orders, returns, category, score, promotions, expected in (
        (1000, 80, "apparel", 4.50, 400, 0.15),
        (1000, 30, "electronics", 4.85, 100, 0.05),
    ):
        quote = quote_of(
            RULES,
            WindowCounts(orders, returns, promotions),
            portfolio=portfolios(RULES, {})[category],
            total=score,
            conduct=Conduct(),
            claims=ClaimCounts(),
        )
        assert abs(float(quote.risk_rate) - expected) < 0.005
