"""The table of the assessment of a day for machines: two rows per shop in own mode."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from servicescore.calc.assessment import (
    INDICATORS,
    Judgement,
    Replay,
)
from servicescore.models import AssessmentDay
from servicescore.rules import compiled_assessment_rules
from servicescore.selectors.assessment import judged_through, own_modes
from servicescore.selectors.score_export import NothingComputedError, harmless, number
from stores.models import Shop

HEADER = [
    "shop_id",
    "date",
    "indicator",
    "value",
    "n",
    "level",
    "state",
    "window_from",
    "window_to",
]


@dataclass(frozen=True)
class AssessmentTable:
    """A header and its rows, all texts ready to be written."""

    header: list[str]
    rows: list[list[str]]


def assessment_table(*, day: date) -> AssessmentTable:
    """Both indicators of every shop that was in own mode on ``day``, as they were judged.

    Raises NothingComputedError when no shop's day has been judged yet, RuleError when no rules
    are in force.
    """
    shops = list(Shop.objects.order_by("external_id"))
    modes = own_modes(shops)
    own = [shop for shop in shops if modes[shop.pk].on(day)]
    through = judged_through([shop.pk for shop in own])
    judged = [shop for shop in own if day <= through.get(shop.pk, date.min)]
    if own and not judged:
        raise NothingComputedError(
            f"no assessment of {day} has been computed; run: "
            f"python manage.py recompute --date {day}"
        )
    stored = judgements_on(day, judged)
    judged.sort(key=lambda shop: shop.external_id)
    rows = [
        [harmless(shop.external_id), day.isoformat(), *_cells(stored[shop.pk][indicator])]
        for shop in judged
        for indicator in INDICATORS
    ]
    return AssessmentTable(header=HEADER, rows=rows)


def judgements_on(day: date, shops: list[Shop]) -> dict[int, dict[str, Judgement]]:
    """What was said of each shop on a judged day, by indicator.

    A day without a row had nothing to judge.
    """
    nothing = {
        row.indicator: row for row in Replay({}, [], [], compiled_assessment_rules).judge(day)[0]
    }
    found = {shop.pk: dict(nothing) for shop in shops}
    for row in AssessmentDay.objects.filter(day=day, shop__in=shops):
        found[row.shop_id][row.indicator] = judgement_of(row)
    return found


def judgement_of(row: AssessmentDay) -> Judgement:
    """A stored row as the calculation gave it."""
    return Judgement(
        row.day, row.indicator, row.num, row.n, row.level, row.state, row.window_from,
        row.window_to,
    )  # fmt: skip


def _cells(row: Judgement) -> Iterator[str]:
    yield row.indicator
    yield number(row.value)
    yield str(row.n)
    yield row.level
    yield row.state
    yield row.window_from.isoformat()
    yield row.window_to.isoformat()
