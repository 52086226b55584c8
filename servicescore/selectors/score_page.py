"""Everything the score page of a shop shows; eight queries for a score never seen, else two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import get_language

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
from shopguard.lib.days import shanghai_day
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
    """The score page of one shop, one person and one instant.

    What the page draws of the score is worked out when it is asked for: a score that was drawn
    before is not drawn again, see :attr:`mark`. ``assumed`` are the metrics counted as zero
    because no file of their kind ever came, ``wanted`` is what the trend shows.
    """

    shop: Shop
    view: ScoreView
    series: ScoreSeries
    as_of: AsOf
    sentence: SafeString
    state: str
    change: Change | None
    total_need: Need | None
    revisions: Sequence[Revision]
    published: Published | None
    interval: Interval | None
    assumed: frozenset[str]
    wanted: str
    day: str
    today: date

    @property
    def mark(self) -> str:
        """Everything the drawing of the score depends on that can change."""
        view = self.view
        revision = (view.shop_id, view.date, view.rule_set.id, view.revision, view.run_id)
        told = (view.rules.hash, view.history, self.shop.industry, *sorted(self.assumed))
        asked = (self.wanted, self.day, self.today, get_language())
        return ":".join(map(str, (*revision, *told, *asked)))

    @property
    def gates(self) -> tuple[tuple[float, str], ...]:
        """The gates of the total with their names."""
        return tuple((gate.value, gate.label) for gate in gates_of(self.view.rule_set))

    @cached_property
    def levels(self) -> list[LevelRow]:
        """What the total opens and puts at risk."""
        return level_rows(self.view)

    @cached_property
    def dimensions(self) -> list[DimensionCard]:
        """The cards of the dimensions."""
        return dimension_cards(self.view, self.series, industry_kept(self.view).middles)

    @cached_property
    def metrics(self) -> list[MetricRow]:
        """The table of metrics."""
        return metric_rows(self.view, self.series, self.assumed)

    @cached_property
    def trend(self) -> Trend:
        """The last nights."""
        return trend_of(self.view, self.series, self.wanted)

    @cached_property
    def advice(self) -> list[AdviceRow]:
        """What to do next."""
        return advice_rows(self.view, industry_kept(self.view).steps)

    @property
    def metric_needs(self) -> tuple[Need, ...]:
        """The metrics that lack records, those nearest to enough first."""
        if self.is_never_scored:
            return ()
        lacking = sorted((m for m in self.view.metrics if m.missing), key=lambda m: m.missing)
        return tuple(Need(label(m.metric), m.n, m.minimum) for m in lacking)

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
        if not self.assumed:
            return []
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
    before, wanted = series.totals[-2], asked.get("trend", "")
    state = total_state(view, before)
    return ScorePage(
        shop=shop,
        view=view,
        series=series,
        as_of=as_of(view.date, now, is_asked=bool(day)),
        sentence=score_sentence(view, shop.industry, before, state),
        state=state,
        change=change_between(
            before,
            view.total,
            places=2,
            higher_is_better=True,
            usual=usual_movement(series.totals[:-1]),
            is_news=crossed(before, view.total, gates_of(view.rule_set)) is not None,
        ),
        total_need=total_need(view),
        revisions=revisions,
        published=_published(view, series) if view.pending else None,
        interval=interval_kept(view),
        assumed=zero_assumed(shop),
        wanted=wanted if wanted in view.rules.metrics else "",
        day=day,
        today=shanghai_day(now),
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
