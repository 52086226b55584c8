"""Everything the score page of a shop shows, in nine queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.safestring import SafeString

from servicescore.calc.interval import Interval
from servicescore.models import ScoreState
from servicescore.selectors.advice_rows import AdviceRow, advice_rows
from servicescore.selectors.as_of import AsOf, as_of
from servicescore.selectors.headline import (
    crossed,
    gates_of,
    score_sentence,
    total_state,
)
from servicescore.selectors.kept import industry_kept, interval_kept, series_kept
from servicescore.selectors.metric_words import label
from servicescore.selectors.rule_words import RuleLine, rule_lines, title
from servicescore.selectors.score_cards import (
    DimensionCard,
    LevelRow,
    MetricRow,
    dimension_cards,
    level_rows,
    metric_rows,
)
from servicescore.selectors.score_history import Revision, day_asked, score_asked
from servicescore.selectors.scores import ScoreSeries, ScoreView, zero_assumed
from servicescore.selectors.trend import Trend, trend_of
from shopguard.lib import formats
from shopguard.lib.changes import Change, change_between, usual_movement
from stores.models import Order, Shop

TREND_NIGHTS = 180
STAFF_ROLES = frozenset({"ops", "admin"})


@dataclass(frozen=True)
class Need:
    """What is there of something and how much is needed."""

    label: str
    have: int
    need: int


@dataclass(frozen=True)
class Published:
    """The newest total everybody sees."""

    day: date
    total: float


@dataclass(frozen=True)
class ScorePage:
    """The score page of one shop, one person and one instant."""

    view: ScoreView
    as_of: AsOf
    sentence: SafeString
    state: str
    change: Change | None
    gates: tuple[tuple[float, str], ...]
    levels: list[LevelRow]
    dimensions: list[DimensionCard]
    metrics: list[MetricRow]
    trend: Trend
    total_need: Need | None
    metric_needs: tuple[Need, ...]
    revisions: Sequence[Revision]
    published: Published | None
    advice: list[AdviceRow]
    interval: Interval | None
    day: str

    @property
    def rule_set_title(self) -> str:
        """The name of the rule set."""
        return title(self.view.rule_set)

    @property
    def rules(self) -> list[RuleLine]:
        """The rule set in words."""
        return rule_lines(self.view.rule_set, self.view.rules)

    @property
    def half_life(self) -> str:
        """After how many days an event weighs half."""
        return formats.number(self.view.rules.half_life)

    @property
    def zero_assumed(self) -> list[MetricRow]:
        """Metrics counted as zero because no file of their kind ever came."""
        return [row for row in self.metrics if row.is_zero_assumed]

    @property
    def is_never_scored(self) -> bool:
        """Whether the industry is left out by the rule."""
        return self.view.state == ScoreState.INDUSTRY_NOT_SCORED


def score_page(
    *, shop: Shop, role: str, now: datetime, asked: Mapping[str, str]
) -> ScorePage | None:
    """The page for a person of ``role``. None without any score yet.

    ``asked`` may name a metric (``trend``), a score date (``date``) and a ``revision`` of it.
    """
    staff = role in STAFF_ROLES
    view, revisions = score_asked(shop, asked, now=now, staff=staff)
    if view is None:
        return None
    day = view.date.isoformat() if day_asked(asked.get("date", "")) else ""
    series = series_kept(shop, view, days=TREND_NIGHTS, now=now, staff=staff)
    industry = industry_kept(view)
    before = series.totals[-2]
    gates = gates_of(view.rule_set)
    state = total_state(view, before)
    return ScorePage(
        view=view,
        as_of=as_of(view.date, now, is_asked=bool(day)),
        sentence=score_sentence(view, shop.industry, before, state),
        state=state,
        change=change_between(
            before,
            view.total,
            places=2,
            higher_is_better=True,
            usual=usual_movement(series.totals[:-1]),
            is_news=crossed(before, view.total, gates) is not None,
        ),
        gates=tuple((gate.value, gate.label) for gate in gates),
        levels=level_rows(view),
        dimensions=dimension_cards(view, series, industry.middles),
        metrics=metric_rows(view, series, zero_assumed(shop)),
        trend=trend_of(view, series, asked.get("trend", "")),
        total_need=total_need(view),
        metric_needs=_metric_needs(view),
        revisions=revisions,
        published=_published(view, series) if view.pending else None,
        advice=advice_rows(view, industry.steps),
        interval=interval_kept(view),
        day=day,
    )


def _published(view: ScoreView, series: ScoreSeries) -> Published | None:
    """The score owners see while the one of ``view`` is pending."""
    known = zip(series.days[:-1], series.totals[:-1], strict=True)
    found = [(day, total) for day, total in known if total is not None and day < view.date]
    return Published(*found[-1]) if found else None


def has_orders(*, shop: Shop) -> bool:
    """Whether anything was imported that a score can come from."""
    return Order.objects.for_shop(shop).exists()


def total_need(view: ScoreView) -> Need | None:
    """What a missing total waits for; None where there is one, or never will be."""
    if view.state == ScoreState.TOO_FEW_ORDERS:
        return Need("orders", view.signed_orders, view.rules.signed_orders)
    if view.state == ScoreState.TOO_FEW_DIMENSIONS:
        need = view.rules.present_dimensions
        return Need("dimensions", need - view.dimensions_missing, need)
    return None


def _metric_needs(view: ScoreView) -> tuple[Need, ...]:
    """The metrics that lack records, those nearest to enough first."""
    if view.state == ScoreState.INDUSTRY_NOT_SCORED:
        return ()
    lacking = sorted((m for m in view.metrics if m.missing), key=lambda m: m.missing)
    return tuple(Need(label(m.metric), m.n, m.minimum) for m in lacking)
