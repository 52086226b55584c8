"""The guarantee period of a product and what it says about a case.

It begins the day after sign-for and ends at 23:59:59 of the last day. An application from
sign-for on is inside. Working days, where a shop counts only those, follow the official calendar
with its make-up working days; for a year that calendar lacks the end is by calendar days.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chinese_calendar import is_workday

from shopguard.lib.days import day_end, shanghai_day
from shopguard.lib.rulesets import RuleSet

ONE_DAY = timedelta(days=1)
CONDITIONS = ("intact", "packaging", "unsealed", "used")
SOURCES = ("product", "category", "rule", "default")
EXEMPTIONS = ("made_to_order", "virtual", "category")


@dataclass(frozen=True)
class Terms:
    """What holds for a product: days, where they come from (one of :data:`SOURCES`), whether it is
    exempt (one of :data:`EXEMPTIONS`, or nothing), and whether it is once it has been unsealed.
    """

    days: int
    source: str = "default"
    exemption: str = ""
    unsealed_exempt: bool = False


@dataclass(frozen=True)
class Goods:
    """What is known of a product; ``own_days`` and ``category_days`` are choices of the shop."""

    category: str = ""
    is_made_to_order: bool = False
    is_virtual: bool = False
    own_days: int | None = None
    category_days: int | None = None
    category_unsealed_exempt: bool | None = None


@dataclass(frozen=True)
class Period:
    """First and last day, both included, and the last second. ``is_estimated``: working days
    were asked for and the calendar does not know the year.
    """

    first: date
    last: date
    ends_at: datetime
    is_estimated: bool = False


@dataclass(frozen=True)
class Claim:
    """A case as the guarantee sees it; ``condition`` is one of :data:`CONDITIONS` or unknown."""

    applied_at: datetime
    signed_at: datetime | None
    is_quality: bool = False
    condition: str = ""


@dataclass(frozen=True)
class Verdict:
    """``standing`` is inside, outside or exempt; ``qualifies`` None where the shop must look.

    ``reasons`` are codes, the deciding one first. Without sign-for there is no period.
    """

    standing: str
    qualifies: bool | None
    reasons: tuple[str, ...]
    period: Period | None


def terms_of(rules: RuleSet, goods: Goods) -> Terms:
    """The terms of a product: its own days, its category's, those of the lists, the default."""
    days, source = _days(rules, goods)
    unsealed = goods.category_unsealed_exempt
    if unsealed is None:
        unsealed = goods.category in rules["exempt.unsealed_categories"]
    return Terms(days, source, _exemption(rules, goods), unsealed)


def _days(rules: RuleSet, goods: Goods) -> tuple[int, str]:
    if goods.own_days is not None:
        return goods.own_days, "product"
    if goods.category_days is not None:
        return goods.category_days, "category"
    for length in ("month", "two_months"):
        if goods.category in rules[f"{length}.categories"]:
            return rules[f"{length}.days"], "rule"
    return rules["period.days"], "default"


def _exemption(rules: RuleSet, goods: Goods) -> str:
    if goods.is_made_to_order:
        return "made_to_order"
    if goods.is_virtual:
        return "virtual"
    return "category" if goods.category in rules["exempt.categories"] else ""


def period_of(signed_at: datetime, days: int, *, working_days: bool = False) -> Period:
    """The period of goods signed for at an instant. Raises ValueError for negative days."""
    if days < 0:
        raise ValueError("a guarantee has no negative days")
    signed = shanghai_day(signed_at)
    last, is_estimated = signed + timedelta(days=days), False
    if working_days:
        try:
            last = _last_working_day(signed, days)
        except NotImplementedError:  # the calendar holds no such year
            is_estimated = True
    return Period(signed + ONE_DAY, last, day_end(last), is_estimated)


def _last_working_day(signed: date, days: int) -> date:
    last = signed
    for _ in range(days):
        last += ONE_DAY
        while not is_workday(last):
            last += ONE_DAY
    return last


def verdict_on(claim: Claim, terms: Terms, *, working_days: bool = False) -> Verdict:
    """What the guarantee says about a case, each part with its reason."""
    period = None
    if claim.signed_at is not None:
        period = period_of(claim.signed_at, terms.days, working_days=working_days)
    exemption = _exempt_because(claim, terms)
    if exemption and not claim.is_quality:
        return Verdict("exempt", False, (exemption,), period)
    is_over = period is not None and claim.applied_at > period.ends_at
    standing = "outside" if is_over else "inside"
    timing = "after_end" if is_over else "within" if period else "not_signed"
    estimated = ("estimated",) if period is not None and period.is_estimated else ()
    if claim.is_quality:
        return Verdict(standing, True, ("quality", timing, *estimated), period)
    condition = {"packaging": ("packaging",), "used": ("used",)}.get(claim.condition, ())
    qualifies: bool | None = not is_over
    if qualifies and claim.condition == "used":
        qualifies = None
    return Verdict(standing, qualifies, (timing, *condition, *estimated), period)


def _exempt_because(claim: Claim, terms: Terms) -> str:
    if terms.exemption:
        return terms.exemption
    opened = claim.condition in ("unsealed", "used")
    return "unsealed" if terms.unsealed_exempt and opened else ""
