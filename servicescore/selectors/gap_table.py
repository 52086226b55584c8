"""What one metric alone would have to do to reach a total, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicescore.calc.declaration import DIMENSIONS
from servicescore.calc.gaps import Gap, gaps_to
from servicescore.calc.standpoint import Standpoint
from servicescore.calc.what_if import reach_of
from servicescore.metrics import metrics
from servicescore.selectors import metric_words
from servicescore.selectors.headline import gate_word
from servicescore.selectors.scores import MetricScore, ScoreView
from servicescore.selectors.standing import levels
from servicescore.selectors.what_if_asked import Scale
from servicescore.selectors.what_if_rows import FEWER
from shopguard.lib import drawing, formats

# From this share of the way to its best on a change is hard; below this many misses luck decides.
HARD = 0.8
FEW_MISSES = 10


@dataclass(frozen=True)
class Goal:
    """A total worth reaching: a star or a threshold; ``key`` is how addresses write it."""

    bound: float
    key: str
    label: str
    is_reached: bool


@dataclass(frozen=True)
class GapRow:
    """One metric against a goal; ``width`` and ``bound_x`` draw what it can give at its best."""

    metric: str
    label: str
    dimension: str
    now: str
    needed: str
    told: str
    best: float
    width: str
    bound_x: str
    state: str
    verdict: str

    @property
    def is_reachable(self) -> bool:
        """Whether the metric alone is enough."""
        return self.needed != formats.UNKNOWN


def goals(view: ScoreView) -> list[Goal]:
    """Every threshold in use and every star, lowest first; the threshold names a shared total."""
    total = view.total
    if total is None:
        return []
    named = {level.bound: gate_word(level.id) for level in levels(view.rule_set)
             if not level.is_risk}  # fmt: skip
    stars = zip(view.rules.stars_from.tolist(), view.rules.stars.tolist(), strict=True)
    for bound, count in stars:
        named.setdefault(bound, formats.stars(count))
    return [
        Goal(bound, f"{bound:g}", label, total >= bound) for bound, label in sorted(named.items())
    ]


def goal_asked(found: Sequence[Goal], wanted: str) -> Goal | None:
    """The goal an address names, else the lowest one ahead, else None."""
    ahead = [goal for goal in found if not goal.is_reached]
    named = next((goal for goal in ahead if goal.key == wanted), None)
    return named or (ahead[0] if ahead else None)


def gap_rows(view: ScoreView, stand: Standpoint, goal: Goal | None) -> list[GapRow]:
    """Every present metric against the goal, the easiest first."""
    if goal is None or view.total is None:
        return []
    scores = {score.metric.id: score for score in view.metrics}
    gaps = gaps_to(stand, goal.bound)
    top = max([gap.best_total for gap in gaps] + [goal.bound])
    needed = {gap.metric: _needed(stand, gap) for gap in gaps}
    return [_row(gap, scores[gap.metric], view.total, top, needed[gap.metric]) for gap in gaps]


def _needed(stand: Standpoint, gap: Gap) -> str:
    """The value that reaches the goal as the sliders write it, rounded to the better side."""
    reach = reach_of(stand, gap.metric)
    if gap.value is None or reach is None:
        return formats.UNKNOWN
    metric = metrics()[gap.metric]
    text = Scale.of(metric, reach).towards_best(gap.value)
    if metric.unit == "hours":
        return _("%(n)s 小时") % {"n": text}
    return f"{text}%" if metric.unit == "fraction" else text


def _row(gap: Gap, score: MetricScore, total: float, top: float, needed: str) -> GapRow:
    metric = metrics()[gap.metric]
    state, verdict = _verdict(gap, score)
    return GapRow(
        metric=gap.metric,
        label=metric_words.label(metric),
        dimension=metric_words.short_label(
            next(one for one in DIMENSIONS if one.id == metric.dimension)
        ),
        now=metric_words.value_text(metric, gap.current),
        needed=needed,
        told=_told(gap, score),
        best=gap.best_total,
        width=drawing.share(gap.best_total, total, top) if top > total else "0%",
        bound_x=drawing.share(gap.bound, total, top) if top > total else "0%",
        state=state,
        verdict=verdict,
    )


def _told(gap: Gap, score: MetricScore) -> str:
    """The same change as a number of records, or as an amount."""
    if gap.value is None:
        return formats.UNKNOWN
    if gap.records is not None and gap.metric in FEWER:
        return str(FEWER[gap.metric] % {"n": gap.records})
    amount = abs(gap.value - gap.current)
    if score.metric.unit == "hours":
        return _("平均每件快 %(hours)s") % {"hours": formats.hours(amount)}
    return _("平均高 %(n)s") % {"n": formats.number(amount, 2)}


def _verdict(gap: Gap, score: MetricScore) -> tuple[str, str]:
    if gap.value is None:
        return "none", _("单靠这一项到不了")
    if score.metric.unit == "fraction" and _misses(score) < FEW_MISSES:
        return "watch", _("够得着，样本小")
    if (gap.way or 0.0) >= HARD:
        return "watch", _("够得着，很难")
    return "good", pgettext("gap", "够得着")


def _misses(score: MetricScore) -> int:
    return score.num if score.metric.better == "low" else score.den - score.num
