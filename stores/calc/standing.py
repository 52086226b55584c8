"""Points of violations and what they bring: a replay of executed cases.

Cases are taken in the order of (executed at, id). General and severe points add up apart, within
the Shanghai year of execution; a case with the counterfeit flag is carried into every later year,
as a start from which nodes are reached anew only beyond it. A case that lifts a sum over nodes of
its ladder starts the penalty of the heaviest of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shopguard.lib.days import day_start, shanghai_day
from shopguard.lib.rulesets import RuleSet

GENERAL, SEVERE = "general", "severe"
KINDS = (GENERAL, SEVERE)


@dataclass(frozen=True)
class Case:
    """An executed case and what it weighs. ``kind`` is empty while a reviewer has to decide."""

    id: str
    kind: str
    points: int
    executed_at: datetime
    is_counterfeit: bool = False


@dataclass(frozen=True)
class Node:
    """A mark on a ladder. ``days`` is None for a penalty that runs until it is revoked.

    ``linked_severe`` are severe points that come with reaching it.
    """

    kind: str
    points: int
    days: int | None
    sanctions: tuple[str, ...]
    linked_severe: int = 0

    @property
    def id(self) -> str:
        """Kind and points, e.g. ``severe_25``."""
        return f"{self.kind}_{self.points}"


@dataclass(frozen=True)
class Penalty:
    """A node that runs, from the Shanghai day of execution on; ``last`` is None without an end."""

    node: Node
    first: date
    last: date | None
    case_id: str

    def runs_on(self, day: date) -> bool:
        """Whether ``day`` is one of its days."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Entry:
    """One case in the replay: both sums after it, nodes newly reached, penalties begun.

    ``before`` is the sum of the case's own kind before it. ``linked`` are severe points that came
    with a node it reached.
    """

    case: Case
    before: int
    general: int
    severe: int
    reached: tuple[Node, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    linked: int = 0


@dataclass(frozen=True)
class Standing:
    """Where a shop stands on the morning of a Shanghai day."""

    day: date
    points: dict[str, int]
    entries: tuple[Entry, ...]
    penalties: tuple[Penalty, ...] = field(default=())
    next_nodes: dict[str, Node | None] = field(default_factory=dict)

    @property
    def active(self) -> tuple[Penalty, ...]:
        """Penalties that run on the day."""
        return tuple(penalty for penalty in self.penalties if penalty.runs_on(self.day))

    @property
    def active_nodes(self) -> list[str]:
        """The ids of the nodes that run, each once, sorted."""
        return sorted({penalty.node.id for penalty in self.active})


def ladders(rules: RuleSet) -> dict[str, tuple[Node, ...]]:
    """Both ladders, the lightest node first. Raises RuleError when a parameter is missing."""
    found: dict[str, tuple[Node, ...]] = {}
    for kind in KINDS:
        prefix = f"nodes.{kind}"
        marks = dict.fromkeys(path.partition(".")[0] for path in rules.group(prefix))
        nodes = (_node(rules, kind, f"{prefix}.{mark}") for mark in marks)
        found[kind] = tuple(sorted(nodes, key=lambda node: node.points))
    return found


def _node(rules: RuleSet, kind: str, path: str) -> Node:
    parts = rules.group(path)
    return Node(
        kind=kind,
        points=rules[f"{path}.points"],
        days=parts.get("days"),
        sanctions=tuple(rules[f"{path}.sanctions"]),
        linked_severe=parts.get("linked_severe", 0),
    )


class _Sums:
    """Points of the year under way, and those that are carried into the next."""

    def __init__(self) -> None:
        self.year: int | None = None
        self.points = dict.fromkeys(KINDS, 0)
        self.carried = dict.fromkeys(KINDS, 0)

    def turn_to(self, year: int) -> None:
        """Begin a year with nothing but what is carried."""
        if self.year != year:
            self.year = year
            self.points = dict(self.carried)

    def add(self, kind: str, points: int, ladder: Sequence[Node]) -> list[Node]:
        """Add points; returns the nodes they newly reach, the lightest first."""
        before = self.points[kind]
        self.points[kind] = after = before + points
        return [node for node in ladder if before < node.points <= after]


def standing_on(day: date, cases: Iterable[Case], nodes: dict[str, tuple[Node, ...]]) -> Standing:
    """Replay the cases executed before 00:00 Shanghai of ``day``.

    A case given twice counts once; the order in which cases are given does not matter.
    """
    sums = _Sums()
    before = day_start(day)
    known = {case.id: case for case in cases if case.executed_at < before}
    ordered = sorted(known.values(), key=lambda case: (case.executed_at, case.id))
    entries = tuple(_entry(case, sums, nodes) for case in ordered)
    sums.turn_to(day.year)
    return Standing(
        day=day,
        points=dict(sums.points),
        entries=entries,
        penalties=tuple(penalty for entry in entries for penalty in entry.penalties),
        next_nodes={kind: _next(nodes[kind], sums.points[kind]) for kind in KINDS},
    )


def _next(ladder: Sequence[Node], points: int) -> Node | None:
    return next((node for node in ladder if node.points > points), None)


def _entry(case: Case, sums: _Sums, nodes: dict[str, tuple[Node, ...]]) -> Entry:
    sums.turn_to(shanghai_day(case.executed_at).year)
    if case.kind not in KINDS:
        return Entry(case, 0, sums.points[GENERAL], sums.points[SEVERE])
    before = sums.points[case.kind]
    reached = sums.add(case.kind, case.points, nodes[case.kind])
    if case.is_counterfeit:
        sums.carried[case.kind] += case.points
    linked = sum(node.linked_severe for node in reached)
    also = sums.add(SEVERE, linked, nodes[SEVERE])
    return Entry(
        case=case,
        before=before,
        general=sums.points[GENERAL],
        severe=sums.points[SEVERE],
        reached=(*reached, *also),
        penalties=tuple(_heaviest(case, reached, also)),
        linked=linked,
    )


def _heaviest(case: Case, *reached: Sequence[Node]) -> Iterator[Penalty]:
    """The penalty of the heaviest node of each ladder."""
    first = shanghai_day(case.executed_at)
    for nodes in reached:
        if nodes:
            node = nodes[-1]
            last = None if node.days is None else first + timedelta(days=node.days - 1)
            yield Penalty(node, first, last, case.id)
