"""Everything the what-if page shows: what a shop's score would be with some figures moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from servicescore.calc.standpoint import Standpoint
from servicescore.calc.what_if import Outcome, outcome_of, reach_of
from servicescore.selectors import metric_words
from servicescore.selectors.gap_table import GapRow, Goal, gap_rows, goal_asked, goals
from servicescore.selectors.headline import crossed, gates_of, margin_text
from servicescore.selectors.kept import interval_kept
from servicescore.selectors.level_words import Unlock, unlocks
from servicescore.selectors.score_frame import FramedPage, ScoreFrame, frame_asked
from servicescore.selectors.score_page import Need, total_need
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.standpoint import standpoint_of
from servicescore.selectors.what_if_asked import Scale, moves_asked
from servicescore.selectors.what_if_rows import SliderRow, slider_rows
from shopguard.lib import formats
from shopguard.lib.changes import Change, change_between
from stores.models import Shop

# A total this little above a gate sits on it.
ON_THE_GATE = 0.005
# Where the upper end of an interval lies among all totals that could be.
HIGH_END = 0.9


@dataclass(frozen=True)
class DimensionMove:
    """A dimension before and after; equal texts where nothing shows."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class WhatIfPage(FramedPage):
    """The page. Without a total there are no rows, and ``need`` says what is missing.

    ``hold_chance`` is how likely a total that sits on a gate is at or above it, else None.
    """

    sentence: SafeString
    outcome: Outcome
    change: Change | None
    state: str
    gates: tuple[tuple[float, str], ...]
    rows: list[SliderRow]
    unlocks: list[Unlock]
    dimensions: list[DimensionMove]
    goals: list[Goal]
    goal: Goal | None
    gaps: list[GapRow]
    need: Need | None
    hold_chance: float | None

    @property
    def moved(self) -> list[SliderRow]:
        """The metrics that are moved."""
        return [row for row in self.rows if row.is_moved]

    @property
    def unmoved_dimensions(self) -> str:
        """The dimensions that stay, as one list of words."""
        return _("、").join(one.label for one in self.dimensions if one.before == one.after)

    @property
    def moved_dimensions(self) -> list[DimensionMove]:
        """The dimensions that change visibly."""
        return [one for one in self.dimensions if one.before != one.after]

    @property
    def moves_query(self) -> str:
        """The moves as an address writes them."""
        return urlencode({row.metric: row.field for row in self.moved})

    @property
    def left(self) -> str:
        """How far the total of today is from the goal."""
        if self.goal is None or self.view.total is None:
            return ""
        return margin_text(self.view.total, self.goal.bound)

    @property
    def parts_swapped(self) -> str:
        """What htmx exchanges beside the result."""
        names = [f"#effect-{row.metric},#chips-{row.metric}" for row in self.rows]
        return ",".join(["#what-if-title", "#gaps", "#moved-count", *names])


def what_if_page(
    *, shop: Shop, role: str, now: datetime, asked: Mapping[str, str]
) -> WhatIfPage | None:
    """The page for a person of ``role``; None where there is no such score.

    ``asked`` may give a figure for every metric by its id, in the unit shown, a ``goal`` and a
    score date (``date``).
    """
    frame = frame_asked(shop, role, now, asked)
    if frame is None:
        return None
    view, stand = frame.view, standpoint_of(frame.view)
    current = {m.metric.id: m.value for m in view.metrics if m.value is not None and m.present}
    scales = _scales(stand, current) if view.total is not None else {}
    moves = moves_asked(asked, scales, current)
    outcome = outcome_of(stand, moves)
    found = goals(view)
    goal = goal_asked(found, asked.get("goal", ""))
    fixed = _fixed(frame, asked)
    values = current | {move.metric: move.value for move in moves if move.value is not None}
    rows = slider_rows(view, stand, scales, values, outcome, fixed)
    gaps = gap_rows(view, stand, goal)
    change = change_between(
        view.total, outcome.total, places=2, higher_is_better=True, usual=0.0, is_news=True
    )
    return WhatIfPage(
        frame=frame,
        sentence=_sentence(view, outcome, bool(moves), goal, gaps),
        outcome=outcome,
        change=change,
        state=_state(view, outcome),
        hold_chance=_hold_chance(view, outcome),
        gates=tuple((gate.value, gate.label) for gate in gates_of(view.rule_set)),
        rows=rows,
        unlocks=_unlocks(view, outcome),
        dimensions=_dimensions(view, outcome),
        goals=[one for one in found if not one.is_reached],
        goal=goal,
        gaps=gaps,
        need=total_need(view),
    )


def _scales(stand: Standpoint, current: Mapping[str, float]) -> dict[str, Scale]:
    reaches = {name: reach_of(stand, name) for name in current}
    return {
        name: Scale.of(stand.rules.metrics[name].metric, reach)
        for name, reach in reaches.items()
        if reach is not None
    }


def _fixed(frame: ScoreFrame, asked: Mapping[str, str]) -> dict[str, str]:
    """What stays in every address of the page beside the moves."""
    fixed = {"date": frame.day, "goal": asked.get("goal", "")}
    return {name: text for name, text in fixed.items() if text}


def _unlocks(view: ScoreView, outcome: Outcome) -> list[Unlock]:
    if view.total is None or outcome.total is None:
        return []
    return unlocks(view.rule_set, view.total, outcome.total)


def _dimensions(view: ScoreView, outcome: Outcome) -> list[DimensionMove]:
    return [
        DimensionMove(
            metric_words.short_label(part.dimension),
            formats.score(part.score),
            formats.score(outcome.dimensions[part.dimension.id]),
        )
        for part in view.dimensions
        if part.score is not None
    ]


def _hold_chance(view: ScoreView, outcome: Outcome) -> float | None:
    """The doubt of today's total laid round the new one: its part at or above the gate."""
    if outcome.total is None or _state(view, outcome) != "edge":
        return None
    interval = interval_kept(view)
    if interval is None or interval.high <= interval.low:
        return None
    reached = max(gate.value for gate in gates_of(view.rule_set) if gate.value <= outcome.total)
    normal = NormalDist()
    spread = (interval.high - interval.low) / 2 / normal.inv_cdf(HIGH_END)
    return normal.cdf((outcome.total - reached) / spread)


def _state(view: ScoreView, outcome: Outcome) -> str:
    """``edge`` on a gate, else ``better``, ``worse`` or ``same``."""
    if view.total is None or outcome.total is None:
        return "same"
    gates = [gate.value for gate in gates_of(view.rule_set)]
    moved = formats.rounded(outcome.total, 2) - formats.rounded(view.total, 2)
    if moved and any(0 <= outcome.total - gate < ON_THE_GATE for gate in gates):
        return "edge"
    return "same" if not moved else "better" if moved > 0 else "worse"


def _sentence(
    view: ScoreView, outcome: Outcome, is_moved: bool, goal: Goal | None, gaps: Sequence[GapRow]
) -> SafeString:
    if view.total is None or outcome.total is None:
        return format_html("{}", _("有了总分才能试算"))
    if not is_moved:
        return _way(view.total, goal, gaps)
    told = {
        "total": format_html('<em class="answer">{}</em>', formats.score(outcome.total)),
        "amount": margin_text(view.total, outcome.total),
    }
    gate = crossed(view.total, outcome.total, gates_of(view.rule_set))
    told["gate"] = gate.label if gate else ""
    if outcome.total >= view.total:
        told_up = (
            _("试算后 {total}，高 {amount}，解锁{gate}")
            if gate
            else _("试算后 {total}，高 {amount}")
        )
        return format_html(told_up, **told)
    told_down = (
        _("试算后 {total}，低 {amount}，失去{gate}") if gate else _("试算后 {total}，低 {amount}")
    )
    return format_html(told_down, **told)


def _way(total: float, goal: Goal | None, gaps: Sequence[GapRow]) -> SafeString:
    """What is nearest without any move: the goal ahead and the shortest way to it."""
    if goal is None:
        return format_html(_("服务分 {total}，全部门槛都已过"), total=formats.score(total))
    told = {
        "left": margin_text(total, goal.bound),
        "goal": goal.label,
        "bound": formats.score(goal.bound),
    }
    nearest = next((gap for gap in gaps if gap.is_reachable), None)
    if nearest is None:
        return format_html(_("差 {left} 到{goal} {bound}；单靠一项到不了"), **told)
    told |= {"metric": nearest.label, "change": f"{nearest.now} → {nearest.needed}"}
    return format_html(_("差 {left} 到{goal} {bound}；最近的路：{metric} {change}"), **told)
