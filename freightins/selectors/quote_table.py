"""The quotes of a date for machines: one row per shop."""

from dataclasses import dataclass
from datetime import date

from freightins.models import QuoteRevision
from freightins.rules import fee_book
from servicescore.rules import score_book
from shopguard.lib.exports import neutralised
from shopguard.lib.money import yuan_text
from shopguard.lib.rulesets import RuleError

HEADER = (
    "shop_id", "date", "rule_set", "basis", "window_orders", "window_returns", "return_rate",
    "category_rate", "blended_rate", "reputation_factor", "promotion_factor", "risk_rate",
    "expected_payout", "fee", "binding", "valid_from", "valid_to",
)  # fmt: skip
DECIMALS = 12
FEN = 100


class NothingQuotedError(Exception):
    """There is no finished quote of the date (and rule set) asked for."""


@dataclass(frozen=True)
class QuoteTable:
    """A header and its rows, all texts ready to be written."""

    rule_set: str
    header: list[str]
    rows: list[list[str]]


def quote_table(*, day: date, rule_set: str | None = None) -> QuoteTable:
    """The newest quote of every shop on ``day``, by shop id.

    Without ``rule_set`` it is the one in force on the day. Raises RuleError for an unknown rule set
    or a day without one, NothingQuotedError without quotes.
    """
    book = fee_book()
    rules = book.by_id(rule_set) if rule_set else book.in_force(day)
    quotes = QuoteRevision.objects.finished().filter(date=day, rule_set=rules.id)
    scored_by = _score_rule_set(day, rules.id)
    newest = quotes.filter(score_rule_set=scored_by).newest().select_related("shop")
    rows = sorted(newest, key=lambda quote: quote.shop.external_id)
    return QuoteTable(rules.id, list(HEADER), [_cells(quote) for quote in rows])


def _score_rule_set(day: date, rule_set: str) -> str:
    """Whose totals the quotes shown stand on: the score rules in force, else those run last."""
    quotes = QuoteRevision.objects.finished().filter(date=day, rule_set=rule_set)
    last = quotes.order_by("-run_id").values_list("score_rule_set", flat=True).first()
    if last is None:
        raise NothingQuotedError(
            f"no quote of {day} under {rule_set} has been computed; run: "
            f"python manage.py recompute --date {day}"
        )
    try:
        in_force = score_book().in_force(day).id
    except RuleError:
        return last
    return in_force if quotes.filter(score_rule_set=in_force).exists() else last


def _cells(quote: QuoteRevision) -> list[str]:
    return [
        neutralised(quote.shop.external_id),
        quote.date.isoformat(),
        quote.rule_set,
        quote.basis,
        str(quote.window_orders),
        str(quote.window_returns),
        _number(quote.return_rate),
        _number(quote.category_rate),
        _number(quote.blended_rate),
        _number(quote.reputation_factor),
        _number(quote.promotion_factor),
        _number(quote.risk_rate),
        _number(quote.expected_payout / FEN),
        yuan_text(quote.fee),
        "yes" if quote.is_binding else "no",
        "" if quote.valid_from is None else quote.valid_from.isoformat(),
        "" if quote.valid_to is None else quote.valid_to.isoformat(),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.{DECIMALS}f}"
