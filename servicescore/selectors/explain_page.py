"""Everything the page shows that says why a total moved since the day before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from servicescore.calc.changes import PARTS, ChangeParts
from servicescore.charts import Reference, Step, waterfall_figure
from servicescore.metrics import metrics
from servicescore.selectors import metric_words
from servicescore.selectors.change_story import TurnDays, story, turn_days
from servicescore.selectors.change_words import ABOUT, LABELS, SHORT, DayOfMetric
from servicescore.selectors.changes import change_of, turns_of
from servicescore.selectors.headline import gates_of
from servicescore.selectors.score_frame import FramedPage, frame_asked
from servicescore.selectors.score_page import STAFF_ROLES, Need, total_need
from servicescore.selectors.scores import ScoreView, score_on
from shopguard.lib import formats
from stores.models import Shop

PLACES = 3
METRIC_PLACES = 4
SPLIT = ("corrections", "aged_out", "ageing_and_new", "peers")
SPLIT_WORDS = tuple(SHORT[part] for part in SPLIT)


@dataclass(frozen=True)
class PartRow:
    """One part of a change: its points, the total after it, and what it is about."""

    key: str
    label: str
    about: str
    points: float
    level: float

    @property
    def tone(self) -> str:
        """``better``, ``worse`` or empty at the precision shown."""
        shown = formats.rounded(self.points, PLACES)
        return "" if not shown else "better" if shown > 0 else "worse"


@dataclass(frozen=True)
class MetricChange:
    """One metric: the points of each part it has a share in, and the days behind them."""

    metric: str
    label: str
    points: tuple[tuple[Promise, float], ...]
    total: float
    entered: str
    left: str

    @property
    def tone(self) -> str:
        """``good``, ``urgent`` or empty at the precision shown."""
        shown = formats.rounded(self.total, METRIC_PLACES)
        return "" if not shown else "good" if shown > 0 else "urgent"


@dataclass(frozen=True)
class Waterfall:
    """The drawing and its title, as the chart body reads them; ``rows`` are its table."""

    figure: dict[str, Any]
    title: str
    rows: tuple[PartRow, ...]


@dataclass(frozen=True)
class ExplainPage(FramedPage):
    """The page; ``waterfall`` is None where the two days cannot be compared."""

    sentence: SafeString
    change: ChangeParts | None
    waterfall: Waterfall | None
    metrics: list[MetricChange]
    entered_on: date
    left_on: date
    need: Need | None

    @property
    def parts(self) -> list[str]:
        """The parts that are told metric by metric."""
        return [str(word) for word in SPLIT_WORDS]


def explain_page(
    *, shop: Shop, role: str, now: datetime, asked: Mapping[str, str]
) -> ExplainPage | None:
    """The page for a person of ``role``; None where there is no such score.

    ``asked`` may name a score date (``date``) and a ``revision`` of it.
    """
    frame = frame_asked(shop, role, now, asked)
    if frame is None:
        return None
    view = frame.view
    turn = turns_of([shop.pk], view.date, view.rules)[shop.pk]
    before = score_on(shop, day=view.date - timedelta(days=1), now=now, staff=role in STAFF_ROLES)
    change, days = change_of(view, before, turn), turn_days(turn, view)
    entered_on = view.date - timedelta(days=1)
    return ExplainPage(
        frame=frame,
        sentence=_sentence(view, change, days),
        change=change,
        waterfall=_waterfall(view, change) if change and change.parts else None,
        metrics=_metric_changes(change, days) if change and change.parts else [],
        entered_on=entered_on,
        left_on=entered_on - timedelta(days=view.rules.window_days),
        need=total_need(view),
    )


def _sentence(view: ScoreView, change: ChangeParts | None, days: TurnDays) -> SafeString:
    if view.total is None:
        return format_html("{}", _("还没有总分，没有变化可说"))
    total = formats.score(view.total)
    if change is None or change.previous_total is None:
        return format_html(_("服务分 {total}；前一天没有分数可比"), total=total)
    if not change.parts:
        return format_html(_("服务分 {total}；规则的文字改过，两天不能相减"), total=total)
    return format_html(_("服务分 {total}，{told}"), total=total, told=story(change, days))


def _waterfall(view: ScoreView, change: ChangeParts) -> Waterfall:
    before, after = change.previous_total or 0.0, change.total or 0.0
    levels = list(accumulate((change.parts[part] for part in PARTS), initial=before))[1:]
    rows = [
        PartRow(part, str(LABELS[part]), str(ABOUT[part]), change.parts[part], level)
        for part, level in zip(PARTS, levels, strict=True)
    ]
    steps = [
        Step(_("昨天"), before, None, formats.number(before, PLACES)),
        *(Step(str(SHORT[row.key]), row.level, row.points, _points_text(row)) for row in rows),
        Step(_("今天"), after, None, formats.number(after, PLACES)),
    ]
    gates = [
        Reference(gate.value, f"{gate.label} {gate.value:.1f}") for gate in gates_of(view.rule_set)
    ]
    return Waterfall(waterfall_figure(steps, gates), _("从昨天到今天"), tuple(rows))


def _points_text(row: PartRow) -> str:
    return formats.signed(row.points, PLACES) if row.tone else "0"


def _metric_changes(change: ChangeParts, days: TurnDays) -> list[MetricChange]:
    """Every metric that moved or has a record on one of the days, the strongest first."""
    rows = []
    for name, entered in days.entered.items():
        points = tuple(change.by_metric[part].get(name, 0.0) for part in SPLIT)
        left = days.left[name]
        if any(points) or entered.den or left.den:
            metric = metrics()[name]
            rows.append(
                MetricChange(
                    metric=name,
                    label=metric_words.label(metric),
                    points=tuple(zip(SPLIT_WORDS, points, strict=True)),
                    total=sum(points),
                    entered=_day_text(name, entered),
                    left=_day_text(name, left),
                )
            )
    return sorted(rows, key=lambda row: -abs(row.total))


def _day_text(name: str, found: DayOfMetric) -> str:
    """Numerator and denominator of a day; empty without a record."""
    if not found.den:
        return ""
    num = metric_words.numerator_text(metrics()[name], found.num)
    return f"{num} / {formats.number(found.den)}"
