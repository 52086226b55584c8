"""The table of a score date for machines: one row per shop, every metric of the rule set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from servicescore.calc.rules import ScoreRules
from servicescore.models import ScoreRevision
from servicescore.rules import compiled_score_rules, score_book
from shopguard.lib.rulesets import RuleError
from stores.calc.cells import FORMULA_STARTS
from stores.models import Shop

# What a shop that came after the run, or whose shard failed, has in the column `state`.
NOT_COMPUTED = "not_computed"
FIGURES = ("value", "n", "percentile", "score", "excluded")
DECIMALS = 12


class NothingComputedError(Exception):
    """There is no finished score of the date (and rule set) asked for."""


@dataclass(frozen=True)
class ScoreTable:
    """A header and its rows, all texts ready to be written."""

    rule_set: str
    header: list[str]
    rows: list[list[str]]


def score_table(*, day: date, rule_set: str | None = None) -> ScoreTable:
    """The newest revision of every shop on ``day``.

    Without ``rule_set`` it is the one in force on the day, or when that has no scores the one
    computed last. Raises RuleError for an unknown rule set, NothingComputedError without scores.
    """
    chosen = rule_set or computed_rule_set(day)
    rules = compiled_score_rules(chosen)
    revisions = ScoreRevision.objects.finished().filter(date=day, rule_set=chosen)
    newest = revisions.order_by("shop_id", "-revision").distinct("shop_id")
    found = {revision.shop_id: revision for revision in newest}
    if not found:
        raise NothingComputedError(
            f"no score of {day} under {chosen} has been computed; run: "
            f"python manage.py recompute --date {day} --rule-set {chosen}"
        )
    shops = sorted(Shop.objects.values_list("external_id", "pk"))
    return ScoreTable(
        rule_set=chosen,
        header=list(_header(rules)),
        rows=[
            [harmless(name), day.isoformat(), chosen, *_cells(found.get(pk), rules)]
            for name, pk in shops
        ],
    )


def computed_rule_set(day: date) -> str:
    """The rule set whose scores of a date are given out when none is asked for.

    Raises NothingComputedError when there is no score of the date.
    """
    computed = ScoreRevision.objects.finished().filter(date=day)
    last = computed.order_by("-run_id").values_list("rule_set", flat=True).first()
    if last is None:
        raise NothingComputedError(
            f"no score of {day} has been computed; run: python manage.py recompute --date {day}"
        )
    try:
        in_force = score_book().in_force(day).id
    except RuleError:
        return last
    return in_force if computed.filter(rule_set=in_force).exists() else last


def _header(rules: ScoreRules) -> Iterator[str]:
    yield from ("shop_id", "date", "rule_set", "total", "stars", "state")
    yield from (dimension.id for dimension in rules.dimensions)
    yield from (f"{name}_{figure}" for name in rules.metrics for figure in FIGURES)
    yield "estimate"


def _cells(revision: ScoreRevision | None, rules: ScoreRules) -> Iterator[str]:
    """Every cell from total on."""
    if revision is None:
        nothing = _metric_cells(
            {"value": None, "n": 0, "percentile": None, "score": None, "excl": 0}
        )
        yield from ("", "", NOT_COMPUTED, *("" for _ in rules.dimensions))
        yield from (*(list(nothing) * len(rules.metrics)), "no")
        return
    yield number(revision.total, rules.decimals)
    yield "" if revision.stars is None else f"{revision.stars:g}"
    yield revision.state
    for dimension in rules.dimensions:
        yield number(revision.dimensions[dimension.id]["score"])
    for name in rules.metrics:
        yield from _metric_cells(revision.metrics[name])
    yield "yes" if revision.estimate else "no"


def _metric_cells(receipt: Mapping[str, Any]) -> Iterator[str]:
    yield number(receipt["value"])
    yield str(receipt["n"])
    yield number(receipt["percentile"])
    yield number(receipt["score"])
    yield str(receipt["excl"])


def harmless(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def number(value: float | None, decimals: int = DECIMALS) -> str:
    """A figure with its decimals, empty when there is none."""
    return "" if value is None else f"{value:.{decimals}f}"
