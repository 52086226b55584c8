"""What would lower a fee, and by how much: the quote of the night with one thing changed."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction

from freightins.calc.fee_rules import FeeRules
from freightins.calc.quotes import (
    CATEGORY,
    ClaimCounts,
    Conduct,
    Portfolio,
    Quote,
    WindowCounts,
    basis_of,
    conduct_factor,
    quote_of,
)
from freightins.calc.worth_rules import WorthRules

RETURNS, PROMOTION, BAND, CONDUCT = "returns", "promotion", "band", "conduct"
# Why a lever does nothing.
BY_CATEGORY, NOTHING_LEFT, TOP_BAND, NO_TOTAL, BOUNDED = (
    "by_category", "nothing_left", "top_band", "no_total", "bounded",
)  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """Everything a quote is computed from."""

    window: WindowCounts
    portfolio: Portfolio
    total: float | None
    conduct: Conduct
    claims: ClaimCounts


@dataclass(frozen=True)
class Lever:
    """One thing changed: the quote it would give (None where it cannot be moved) and what is saved
    per covered order in fen. ``moved`` is how far it is moved: a share, or the total reached.
    """

    name: str
    quote: Quote | None
    saved: int
    moved: Fraction
    reason: str = ""


def quoted(rules: FeeRules, inputs: Inputs) -> Quote:
    """The computed quote, by the way of the night; a fee the merchant entered is left aside."""
    return quote_of(
        rules,
        inputs.window,
        portfolio=inputs.portfolio,
        total=inputs.total,
        conduct=inputs.conduct,
        claims=inputs.claims,
    )


def levers(rules: FeeRules, worth: WorthRules, inputs: Inputs) -> tuple[list[Lever], Lever]:
    """Each lever alone, and all that can be moved together."""
    plain = quoted(rules, inputs)
    found, together = [], inputs
    for name, moving in MOVES.items():
        moved, distance, reason = moving(rules, worth, inputs)
        if name == CONDUCT and reason:
            continue
        if reason:
            found.append(Lever(name, None, 0, distance, reason))
            continue
        quote = quoted(rules, moved)
        saved = plain.computed_fee - quote.computed_fee
        found.append(Lever(name, quote, saved, distance, "" if saved else BOUNDED))
        together, _, _ = moving(rules, worth, together)
    quote = quoted(rules, together)
    return found, Lever("together", quote, plain.computed_fee - quote.computed_fee, Fraction(0))


Moved = tuple[Inputs, Fraction, str]


def _returns(rules: FeeRules, worth: WorthRules, inputs: Inputs) -> Moved:
    """Some of the returns fewer, nothing below none."""
    window = inputs.window
    own = Fraction(window.returns, window.orders) if window.orders else Fraction(0)
    step = min(worth.return_step, own)
    if not rules.is_estimated and basis_of(rules, window) == CATEGORY:
        return inputs, step, BY_CATEGORY
    if not step:
        return inputs, step, NOTHING_LEFT
    fewer = replace(window, returns=window.returns - step * window.orders)
    return replace(inputs, window=fewer), step, ""


def _promotion(rules: FeeRules, worth: WorthRules, inputs: Inputs) -> Moved:
    """A smaller share of orders from promotions."""
    window = inputs.window
    share = Fraction(window.promotions, window.orders) if window.orders else Fraction(0)
    step = min(worth.promotion_step, share)
    if not step:
        return inputs, step, NOTHING_LEFT
    fewer = replace(window, promotions=window.promotions - step * window.orders)
    return replace(inputs, window=fewer), step, ""


def _band(rules: FeeRules, worth: WorthRules, inputs: Inputs) -> Moved:
    """The total at the next level of reputation."""
    if inputs.total is None:
        return inputs, Fraction(0), NO_TOTAL
    place = bisect_right(rules.levels, Fraction(str(inputs.total)))
    if place == len(rules.levels):
        return inputs, Fraction(0), TOP_BAND
    level = rules.levels[place]
    return replace(inputs, total=float(level)), level, ""


def _conduct(rules: FeeRules, worth: WorthRules, inputs: Inputs) -> Moved:
    """The violations of the last days behind, as they will be once they are old enough."""
    if conduct_factor(rules, inputs.conduct) == 1:
        return inputs, Fraction(0), NOTHING_LEFT
    return replace(inputs, conduct=Conduct()), Fraction(0), ""


MOVES = {RETURNS: _returns, PROMOTION: _promotion, BAND: _band, CONDUCT: _conduct}
