"""The search for findings: test all candidates, take the surest, set its rows aside, repeat."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from aftersales.calc.candidates import OUTCOMES, Candidates, candidates
from aftersales.calc.cuts import Cut
from aftersales.calc.exact import Floats, binomial_midp, discoveries, hypergeometric_midp
from aftersales.calc.finding_rules import FindingRules
from aftersales.calc.lines import UNKNOWN, Flags, Integers, Lines
from aftersales.calc.shares import DayShares, ReasonShares, day_shares, reason_shares

CutName = tuple[tuple[str, str], ...]
RETURN, QUALITY = OUTCOMES


@dataclass(frozen=True)
class Finding:
    """A cut in which more comes back than chance explains.

    ``cut`` holds dimension and value, two of them for a pair. Counts, ``lift`` (None where nothing
    outside came back) and ``excess`` are of all rows, ``p`` and ``q`` of the round it was taken in.
    ``excess_fen`` is None where no amount is known. ``rank`` 1 costs most.
    """

    outcome: str
    cut: CutName
    n_inside: int
    k_inside: int
    n_outside: int
    k_outside: int
    lift: float | None
    excess: float
    excess_fen: float | None
    p: float
    q: float
    rank: int = 0


@dataclass(frozen=True)
class Search:
    """What was searched and what was found, by rank. ``tested`` is the size of the family."""

    rows: int
    returns: int
    quality: int
    tested: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Counts:
    """One element per test: n and k inside, and rows and hits of everything the cut is part of."""

    n: Integers
    k: Integers
    rows: Integers
    hits: Integers


@dataclass(frozen=True)
class Tests:
    """All tests of a shop: rates of returns, of quality, then shares of days and of reasons."""

    lines: Lines
    rules: FindingRules
    cells: Candidates
    days: DayShares
    reasons: ReasonShares

    @cached_property
    def hits(self) -> tuple[Flags, Flags]:
        """The lines of each outcome."""
        return self.lines.returned, self.lines.numbers["is_quality"] == 1

    @cached_property
    def parts(self) -> Integers:
        """How many dimensions the cut of each test names."""
        days, reasons = np.full(self.days.count, 2), np.full(self.reasons.count, 1)
        return np.concatenate([self.cells.parts, self.cells.parts, days, reasons])

    @property
    def first_day(self) -> int:
        """Where the shares of days begin."""
        return len(OUTCOMES) * len(self.cells.n)

    @property
    def first_reason(self) -> int:
        """Where the shares of reasons begin."""
        return self.first_day + self.days.count

    def counts(self, n: Integers, k: Integers, alive: Flags) -> Counts:
        """The counts of all tests: of cells as given, of the rest among the lines ``alive``."""
        returned = self.lines.returned & alive
        shares = [self.days.tally(returned), self.reasons.tally(returned)]
        rows = np.full(len(n), int(alive.sum()))
        hits = [np.full(len(n), int((hit & alive).sum())) for hit in self.hits]
        return Counts(
            np.concatenate([n, n, *(share.n for share in shares)]),
            np.concatenate([*k, *(share.k for share in shares)]),
            np.concatenate([rows, rows, *(share.rows for share in shares)]),
            np.concatenate([*hits, *(share.hits for share in shares)]),
        )

    def large(self, counts: Counts) -> Flags:
        """Which tests have enough rows, inside and (but for reasons) outside."""
        least = self.rules.least_rows
        outside = counts.rows - counts.n >= least
        outside[self.first_reason :] = True
        return (counts.n >= least) & outside

    def above(self, counts: Counts) -> Flags:
        """Which tests have more hits inside than their share outside."""
        is_above = counts.k * (counts.rows - counts.n) > (counts.hits - counts.k) * counts.n
        own = slice(self.first_reason, None)
        is_above[own] = counts.k[own] > self.rules.usual_share * counts.n[own]
        return np.asarray(is_above)

    def p_values(self, counts: Counts, at: Integers) -> Floats:
        """The mid-p of the tests ``at``, which are in ascending order."""
        p = np.ones(len(at))
        is_rate = at < self.first_reason
        rate, reason = at[is_rate], at[~is_rate]
        p[is_rate] = hypergeometric_midp(
            counts.n[rate], counts.k[rate], counts.rows[rate], counts.hits[rate]
        )
        p[~is_rate] = binomial_midp(counts.n[reason], counts.k[reason], self.rules.usual_share)
        return p

    def rows_of(self, test: int) -> Flags:
        """The lines a finding sets aside."""
        if test >= self.first_reason:
            return np.zeros(self.lines.count, dtype=bool)
        if test >= self.first_day:
            return self.days.rows(test - self.first_day, self.lines.returned)
        return self.cells.cell_rows(test % len(self.cells.n))

    def name_of(self, test: int) -> CutName:
        """The cut of a test."""
        if test >= self.first_reason:
            return self.reasons.name(test - self.first_reason)
        if test >= self.first_day:
            return self.days.name(test - self.first_day)
        return self.cells.name(test % len(self.cells.n))

    def singles_of(self, test: int) -> list[int]:
        """The tests of a pair's own cuts with the same outcome; none for anything but a pair."""
        if test >= self.first_day:
            return []
        outcome, cell = divmod(test, len(self.cells.n))
        return [outcome * len(self.cells.n) + own for own in self.cells.own_cuts(cell)]


def search(lines: Lines, rules: FindingRules, cuts: Mapping[str, Cut]) -> Search:
    """Everything found among the lines of a shop's window."""
    hits = (lines.returned, lines.numbers["is_quality"] == 1)
    tests = Tests(
        lines,
        rules,
        candidates(lines, hits, rules, cuts),
        day_shares(lines, rules),
        reason_shares(lines),
    )
    taken, family = _rounds(tests)
    findings = sorted(
        (_finding(tests, test, p, q) for test, p, q in taken),
        key=_by_cost,
    )
    return Search(
        rows=lines.count,
        returns=int(hits[0].sum()),
        quality=int(hits[1].sum()),
        tested=family,
        findings=tuple(replace(found, rank=at) for at, found in enumerate(findings, start=1)),
    )


def _by_cost(found: Finding) -> tuple[bool, float, float]:
    """The dearest first, those without a known amount last."""
    return found.excess_fen is None, -(found.excess_fen or 0), found.p


def _rounds(tests: Tests) -> tuple[list[tuple[int, float, float]], int]:
    """What was taken round by round as (test, p, q), and the size of the family."""
    alive = np.ones(tests.lines.count, dtype=bool)
    n, k = tests.cells.n.copy(), tests.cells.k.copy()
    counts = tests.counts(n, k, alive)
    family = int(tests.large(counts).sum())
    # What is not above the rest of all rows may be so once the returns of another are set aside.
    is_open = tests.above(counts)
    taken: list[tuple[int, float, float]] = []
    while True:
        counts = tests.counts(n, k, alive)
        at = np.flatnonzero(tests.large(counts) & is_open)
        p = tests.p_values(counts, at)
        found = discoveries(p, family, tests.rules.false_discovery)
        if not found.passes.any():
            return taken, family
        passing = {int(test): place for place, test in enumerate(at) if found.passes[place]}
        test = _chosen(tests, counts, passing, p)
        taken.append((test, float(p[passing[test]]), float(found.q[passing[test]])))
        is_open[test] = False
        aside = np.flatnonzero(tests.rows_of(test) & alive)
        if len(aside):
            alive[aside] = False
            less_n, less_k = tests.cells.counted(aside, tests.hits)
            n, k = n - less_n, k - less_k


def _chosen(tests: Tests, counts: Counts, passing: Mapping[int, int], p: Floats) -> int:
    """The surest of the passing tests, or the cut its pair gives way to."""

    def order(test: int) -> tuple[float, int, int]:
        return float(p[passing[test]]), int(tests.parts[test]), test

    best = min(passing, key=order)
    own = [single for single in tests.singles_of(best) if single in passing]
    weaker = [single for single in own if not _stands_out(tests, counts, best, single)]
    return min(weaker, key=order) if weaker else best


def _stands_out(tests: Tests, counts: Counts, pair: int, single: int) -> bool:
    """Whether the rate of a pair is higher than that of the rest of one of its cuts."""
    n, k, rows, hits = (
        np.array([part[test]])
        for part, test in (
            (counts.n, pair), (counts.k, pair), (counts.n, single), (counts.k, single),
        )
    )  # fmt: skip
    return bool(hypergeometric_midp(n, k, rows, hits)[0] <= tests.rules.pair_p)


def _finding(tests: Tests, test: int, p: float, q: float) -> Finding:
    """The figures of a finding over all rows."""
    everything = np.ones(tests.lines.count, dtype=bool)
    counts = tests.counts(tests.cells.n, tests.cells.k, everything)
    n, k = int(counts.n[test]), int(counts.k[test])
    is_reason = test >= tests.first_reason
    n_out = 0 if is_reason else int(counts.rows[test]) - n
    k_out = 0 if is_reason else int(counts.hits[test]) - k
    outside = tests.rules.usual_share if is_reason else k_out / n_out
    excess = k - n * outside
    mean = _mean_fen(tests, test)
    return Finding(
        outcome=QUALITY if len(tests.cells.n) <= test < tests.first_day else RETURN,
        cut=tests.name_of(test),
        n_inside=n,
        k_inside=k,
        n_outside=n_out,
        k_outside=k_out,
        lift=k / n / outside if outside else None,
        excess=excess,
        excess_fen=None if mean is None else excess * mean,
        p=p,
        q=q,
    )


def _mean_fen(tests: Tests, test: int) -> float | None:
    """What one of the cases inside cost on average; for a share, any of the shop's returns."""
    numbers = tests.lines.numbers
    is_quality = len(tests.cells.n) <= test < tests.first_day
    refunded = numbers["quality_refunded" if is_quality else "refunded"]
    inside = tests.hits[1 if is_quality else 0]
    if test < tests.first_day:
        inside = inside & tests.rows_of(test)
    amounts = np.where(refunded != UNKNOWN, refunded, numbers["paid"])[inside]
    known = amounts[amounts != UNKNOWN]
    return float(known.mean()) if len(known) else None
