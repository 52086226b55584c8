"""Why a total moved since the night before: six parts that add up to the change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from servicescore.calc.rules import ScoreRules
from servicescore.calc.scoring import IndustryScores, totals_of
from servicescore.calc.standpoint import Standpoint, scored_again
from servicescore.calc.windows import WindowSums, age_weights

PARTS = ("rule", "corrections", "aged_out", "ageing_and_new", "peers", "presence")
# Weighted sums that differ by no more than this share were only added up in another order.
ADDED_ALIKE = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Night:
    """A stored score: what it was computed from, and its total; None where it has none."""

    stand: Standpoint
    total: float | None


@dataclass(frozen=True)
class Turn:
    """The days by which the windows of two nights differ, as daily rows by column.

    ``entering`` is the newest day of the later window, ``leaving`` the oldest of the earlier one.
    """

    entering: Mapping[str, int]
    leaving: Mapping[str, int]


@dataclass(frozen=True)
class ChangeParts:
    """The change of a total in points: ``parts`` by :data:`PARTS`, empty without two totals.

    ``by_metric`` splits each part but the first and the last by metric. ``joined`` and ``left``
    name the metrics and trade modes (as stems) that became present or are so no longer.
    """

    previous_total: float | None
    total: float | None
    parts: Mapping[str, float]
    by_metric: Mapping[str, Mapping[str, float]]
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def change_parts(
    before: Night, under_new_rules: Standpoint, after: Night, turn: Turn
) -> ChangeParts:
    """Put today in the place of yesterday, one thing after another, and see what each does.

    ``under_new_rules`` is where the shop stood yesterday by the rules of after: with the facts
    known then, and with the peers' values and who is present worked out under these rules (the
    same as ``before.stand`` where the rules are the same). Presence is held from there on until
    the last part. The first and the last total are the stored ones, so that nothing is left over.
    """
    if before.total is None or after.total is None:
        return ChangeParts(before.total, after.total, {}, {})
    rules = after.stand.rules
    steps = list(_steps(under_new_rules, after.stand, turn))
    totals = [before.total]
    for step in steps:
        found = float(totals_of(step.dimensions, rules)[0])
        totals.append(totals[-1] if np.isnan(found) else found)
    if _same_rules(before.stand, under_new_rules):
        totals[1] = before.total
    totals.append(after.total)
    points = [_points(step, rules) for step in steps]
    held, present_after = (
        presence_of(steps[0]),
        presence_of(scored_again(after.stand, after.stand.sums)),
    )
    return ChangeParts(
        previous_total=before.total,
        total=after.total,
        parts=dict(zip(PARTS, np.diff(totals).tolist(), strict=True)),
        by_metric={
            part: {name: later[name] - was[name] for name in later}
            for part, was, later in zip(PARTS[1:-1], points[:-1], points[1:], strict=True)
        },
        joined=tuple(name for name, flag in present_after.items() if flag and not held[name]),
        left=tuple(name for name, flag in held.items() if flag and not present_after[name]),
    )


def _same_rules(one: Standpoint, other: Standpoint) -> bool:
    return (one.rules.id, one.rules.hash) == (other.rules.id, other.rules.hash)


def _steps(then: Standpoint, after: Standpoint, turn: Turn) -> Iterator[IndustryScores]:
    """The shop by today's rules, then with one thing after another as it is after."""
    held = presence_of(scored_again(then, then.sums))
    known, aged = _yesterday_as_known_now(then, after, turn)
    sums = then.sums
    for next_sums, stand in (
        (then.sums, then),
        (known, then),
        (aged, then),
        (after.sums, then),
        (after.sums, after),
    ):
        sums = _with_last_values(next_sums, sums, held)
        yield scored_again(stand, sums, held=held)


def presence_of(scores: IndustryScores) -> dict[str, bool]:
    """Whether each metric and each trade mode (by stem) of the first entry is present."""
    found = {}
    for name, columns in scores.metrics.items():
        found[name] = bool(columns.present[0])
        found |= {f"{name}_{mode}": bool(m.present[0]) for mode, m in columns.modes.items()}
    return found


def _yesterday_as_known_now(
    then: Standpoint, after: Standpoint, turn: Turn
) -> tuple[WindowSums, WindowSums]:
    """Yesterday's window by what is known today, and the same without its oldest day.

    Today's sums less the day that entered, a day younger, are those of the days both windows have.
    A stem whose sums come out as they were known then has these, to the last bit.
    """
    weights = age_weights(after.rules.window_days, after.rules.half_life)
    younger, oldest = weights[0] / weights[1], weights[-1]
    aged = WindowSums(
        plain={name: c - turn.entering[name] for name, c in after.sums.plain.items()},
        weighted={
            name: (c - weights[0] * turn.entering[name]) * younger
            for name, c in after.sums.weighted.items()
        },
    )
    known = WindowSums(
        plain={name: column + turn.leaving[name] for name, column in aged.plain.items()},
        weighted={
            name: column + oldest * turn.leaving[name] for name, column in aged.weighted.items()
        },
    )
    for rule in after.rules.metrics.values():
        for stem in rule.metric.stems:
            if _alike(known, then.sums, stem):
                known = _taken(known, then.sums, stem)
    return known, aged


def _alike(one: WindowSums, other: WindowSums, stem: str) -> bool:
    names = [f"{stem}_num", f"{stem}_den"]
    return all(
        one.plain[name][0] == other.plain[name][0]
        and np.isclose(one.weighted[name], other.weighted[name], rtol=ADDED_ALIKE, atol=0)[0]
        for name in names
    )


def _taken(sums: WindowSums, source: WindowSums, stem: str) -> WindowSums:
    """``sums`` with the columns of a stem from ``source``."""
    own = {f"{stem}_num", f"{stem}_den", f"{stem}_excl"}
    return replace(
        sums,
        plain={**sums.plain, **{n: c for n, c in source.plain.items() if n in own}},
        weighted={**sums.weighted, **{n: c for n, c in source.weighted.items() if n in own}},
    )


def _with_last_values(sums: WindowSums, before: WindowSums, held: Mapping[str, bool]) -> WindowSums:
    """A stem that is held but has no record left keeps the sums it had before."""
    for name, is_held in held.items():
        den = f"{name}_den"
        if is_held and den in sums.plain and sums.plain[den][0] <= 0:
            sums = _taken(sums, before, name)
    return sums


def _points(scores: IndustryScores, rules: ScoreRules) -> dict[str, float]:
    """What each metric puts into the total, the present ones sharing all the weight."""
    own = {n: float(column.result.score[0]) for n, column in scores.metrics.items()}
    present = {
        rule.id: [name for name in rule.metrics if not np.isnan(own[name])]
        for rule in rules.dimensions
    }
    weight = sum(rule.weight for rule in rules.dimensions if present[rule.id])
    return {
        name: rule.weight / weight / len(present[rule.id]) * own[name]
        if name in present[rule.id]
        else 0.0
        for rule in rules.dimensions
        for name in rule.metrics
    }
