"""The table of what moved the totals of a date since the day before, for machines."""

from collections.abc import Iterator
from datetime import date, timedelta

from servicescore.calc.changes import PARTS, ChangeParts
from servicescore.models import ScoreRevision
from servicescore.rules import compiled_score_rules
from servicescore.selectors.changes import changes_between
from servicescore.selectors.score_export import (
    NothingComputedError,
    ScoreTable,
    computed_rule_set,
    harmless,
    number,
)
from servicescore.selectors.standpoint import Results, results_of
from stores.models import Shop

HEADER = ["shop_id", "date", "previous_total", "total", *PARTS]


def changes_table(*, day: date) -> ScoreTable:
    """One row per shop: yesterday's total, today's, and the parts of the change.

    Parts are empty where either day has no total. Raises NothingComputedError when no score of
    the date has been computed.
    """
    after = results_on(day)
    try:
        before = results_on(day - timedelta(days=1))
    except NothingComputedError:
        before = Results(day - timedelta(days=1), after.rules, {})
    found = changes_between(before, after, list(after.by_shop))
    rows = [
        [harmless(name), day.isoformat(), *_cells(found.get(pk), after.rules.decimals)]
        for name, pk in sorted(Shop.objects.values_list("external_id", "pk"))
    ]
    return ScoreTable(rule_set=after.rules.id, header=HEADER, rows=rows)


def results_on(day: date) -> Results:
    """The newest finished result of every shop, under the rule set `export_scores` takes."""
    rules = compiled_score_rules(computed_rule_set(day))
    rows = ScoreRevision.objects.finished().filter(date=day, rule_set=rules.id)
    return results_of(rows, day, rules)


def _cells(change: ChangeParts | None, decimals: int) -> Iterator[str]:
    yield number(change.previous_total if change else None, decimals)
    yield number(change.total if change else None, decimals)
    yield from (number(change.parts.get(name) if change else None) for name in PARTS)
