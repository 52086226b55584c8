"""Looks for findings in the window of a date and keeps them in the place of earlier ones."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.utils import timezone

from aftersales.calc.evidence import Evidence, evidence
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import NUMBERS, TEXTS, Lines, lines_by_shop
from aftersales.calc.return_sums import APPLIED, PAID, SIGNED
from aftersales.calc.search import Finding, Search, search
from aftersales.findings import cuts
from aftersales.models import FindingRow, FindingSet
from aftersales.rules import finding_book, finding_rules_on
from aftersales.selectors.finding_lines import (
    lines_bought,
    lines_returned,
    lines_signed,
    lines_sold,
)
from aftersales.services.fixes import fixes_measure
from aftersales.services.return_sums import sums_keep
from aftersales.services.win_back import loyalty_keep
from shopguard.lib.frames import rows_write
from stores.models import Run

FIGURES = (
    "n_inside", "k_inside", "n_outside", "k_outside", "lift", "excess", "excess_fen", "p", "q",
)  # fmt: skip
NOTHING = Search(rows=0, returns=0, quality=0, tested=0, findings=())
# More bars nobody reads; those with most lines stay, and the one the finding is about.
MOST_BARS = 24
MOST_REASONS = 8


@dataclass(frozen=True)
class Result:
    """A search with what is shown of each of its findings, rank by rank."""

    search: Search
    evidence: tuple[Evidence, ...]


def findings_compute(*, run_id: int, shop_ids: Sequence[int]) -> int:
    """Search the shops' windows up to the run's date; returns how many shops were searched.

    A shop whose lines are those of its newest search keeps that search's findings: it is only
    searched when its facts changed or the window moved over one. Must run inside the caller's
    transaction; what stood for the date is replaced.
    """
    run = Run.objects.get(pk=run_id)
    rules = finding_rules_on(run.day)
    sold = lines_sold(shop_ids=shop_ids, day=run.day, window_days=rules.window_days)
    frame = lines_signed(sold)
    inputs = inputs_by_shop(frame, rules)
    same = _kept(shop_ids, inputs)
    searched = 0
    results: dict[int, Result] = {}
    for shop, lines in lines_by_shop(frame):
        if shop not in same:
            results[shop] = _searched(lines, rules)
            searched += 1
    results |= {shop: _as_result(earlier) for shop, earlier in same.items()}
    FindingSet.objects.filter(shop__in=shop_ids, date=run.day).delete()
    nothing = Result(NOTHING, ())
    _write(run, {shop: results.get(shop, nothing) for shop in shop_ids}, inputs)
    back = lines_returned(shop_ids=shop_ids, day=run.day, window_days=rules.window_days)
    by_basis = {SIGNED: frame, PAID: lines_bought(sold), APPLIED: back}
    sums_keep(day=run.day, shop_ids=shop_ids, frames=by_basis, rules=rules)
    fixes_measure(shop_ids=shop_ids, day=run.day)
    loyalty_keep(shop_ids=shop_ids, day=run.day)
    return searched


def _searched(lines: Lines, rules: FindingRules) -> Result:
    found = search(lines, rules, cuts())
    return Result(found, tuple(evidence(lines, one, rules, cuts()) for one in found.findings))


def inputs_by_shop(frame: pd.DataFrame, rules: FindingRules) -> dict[int, str]:
    """A hash over every line of a shop, whatever the order of the lines, and over the rules."""
    hashes = pd.util.hash_pandas_object(frame[[*NUMBERS, *TEXTS]], index=False)
    sums = hashes.groupby(frame["shop"]).agg(["sum", "size"])
    return {
        int(shop): f"{total:016x}.{size}.{rules.hash}"
        for shop, total, size in zip(sums.index, sums["sum"], sums["size"], strict=True)
    }


def _kept(shop_ids: Sequence[int], inputs: Mapping[int, str]) -> dict[int, FindingSet]:
    """The newest search of each shop that saw the same lines under the same rules."""
    rows = FindingSet.objects.filter(shop__in=shop_ids).order_by("shop_id", "-computed_at")
    newest = rows.distinct("shop_id")
    same = [found.pk for found in newest if found.inputs == inputs.get(found.shop_id)]
    kept = FindingSet.objects.filter(pk__in=same).prefetch_related("findings")
    return {found.shop_id: found for found in kept}


def _as_result(found: FindingSet) -> Result:
    rows = list(found.findings.order_by("rank"))
    findings = tuple(_as_finding(row) for row in rows)
    shown = tuple(
        Evidence(
            tuple((value, n, k) for value, n, k in row.bars),
            tuple((reason, k) for reason, k in row.reasons),
            tuple(row.lines),
        )
        for row in rows
    )
    kept = Search(found.rows, found.returns, found.quality, found.tested, findings)
    return Result(kept, shown)


def _as_finding(row: FindingRow) -> Finding:
    figures = {figure: getattr(row, figure) for figure in FIGURES}
    cut = tuple((name, value) for name, value in row.cut)
    return Finding(outcome=row.outcome, cut=cut, rank=row.rank, **figures)


def _write(run: Run, results: Mapping[int, Result], inputs: Mapping[int, str]) -> None:
    rule_set, now = finding_book().in_force(run.day).id, timezone.now()
    sets = FindingSet.objects.bulk_create(
        FindingSet(
            shop_id=shop,
            date=run.day,
            run=run,
            rule_set=rule_set,
            inputs=inputs.get(shop, ""),
            rows=result.search.rows,
            returns=result.search.returns,
            quality=result.search.quality,
            tested=result.search.tested,
            computed_at=now,
        )
        for shop, result in results.items()
    )
    rows = [row for kept in sets for row in _rows(kept, results[kept.shop_id])]
    shown = ("bars", "reasons", "lines")
    columns = ("shop_id", "found_id", "rank", "outcome", "cut", *FIGURES, *shown)
    rows_write(FindingRow._meta.db_table, columns, rows)


def _rows(kept: FindingSet, result: Result) -> Iterator[tuple[Any, ...]]:
    for finding, shown in zip(result.search.findings, result.evidence, strict=True):
        figures = (getattr(finding, figure) for figure in FIGURES)
        head = (kept.shop_id, kept.pk, finding.rank, finding.outcome, _json(finding.cut), *figures)
        reasons = shown.reasons[:MOST_REASONS]
        yield (*head, _json(_bars(finding, shown)), _json(reasons), list(shown.lines))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _bars(finding: Finding, shown: Evidence) -> list[tuple[str, int, int]]:
    if len(shown.bars) <= MOST_BARS:
        return list(shown.bars)
    own = finding.cut[-1][1]
    largest = sorted(shown.bars, key=lambda bar: (bar[0] != own, -bar[1]))[:MOST_BARS]
    return [bar for bar in shown.bars if bar in largest]
