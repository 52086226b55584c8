"""Score revisions in the shape pages read them: one score, its history, many shops."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When

from servicescore.calc.declaration import DIMENSIONS, Dimension, Metric
from servicescore.calc.rules import ScoreRules
from servicescore.metrics import metrics
from servicescore.models import ScoreRevision
from servicescore.models.scores import ScoreQuerySet, published_through
from servicescore.rules import compiled_score_rules, score_book
from servicescore.selectors.standing import Cutoff, next_cutoff
from shopguard.lib.rulesets import RuleSet
from stores.models import PlatformCoverage, Shop


@dataclass(frozen=True)
class DimensionScore:
    """One dimension of a score; ``score`` and ``percentile`` are None when it is not present."""

    dimension: Dimension
    score: float | None
    percentile: float | None
    weight: float
    metrics: tuple["MetricScore", ...]


@dataclass(frozen=True)
class MetricScore:
    """One metric of a score. ``value`` is in the metric's unit; ``num`` in stored integers.

    ``weight`` is the share this metric has in the total of this shop (0 when it is not present),
    ``missing`` how many more records it needs before it is present, ``modes`` the receipts of the
    trade modes by code, ``receipt`` its own as it was stored.
    """

    metric: Metric
    value: float | None
    num: int
    den: int
    n: int
    excl: int
    present: bool
    percentile: float | None
    score: float | None
    estimate: bool
    weight: float
    minimum: int
    missing: int
    peers: int
    peer_mid: float | None
    peer_top: float | None
    cutoff: Cutoff | None
    benchmark: Mapping[str, Any] | None
    modes: Mapping[str, Mapping[str, Any]]
    receipt: Mapping[str, Any]


@dataclass(frozen=True)
class ScoreView:
    """One revision. ``computed_at`` is when its run began: facts known by then are in it.

    ``industry`` is the one the shop was ranked in, ``history`` how many revisions of the shop the
    person may see: another one may have changed an earlier night.
    """

    shop_id: int
    date: date
    industry: str
    rule_set: RuleSet
    rules: ScoreRules
    rule_hash: str
    revision: int
    history: int
    cause: str
    run_id: int
    computed_at: datetime
    pending: bool
    state: str
    total: float | None
    stars: float | None
    estimate: bool
    percentile: float | None
    peers_n: int
    signed_orders: int
    dimensions: tuple[DimensionScore, ...]

    @property
    def metrics(self) -> tuple[MetricScore, ...]:
        """Every metric of the rule set, in its order."""
        return tuple(metric for dimension in self.dimensions for metric in dimension.metrics)

    @property
    def orders_missing(self) -> int:
        """Signed orders still needed before a total is given."""
        return max(0, self.rules.signed_orders - self.signed_orders)

    @property
    def dimensions_missing(self) -> int:
        """Dimensions still needed before a total is given."""
        present = sum(dimension.score is not None for dimension in self.dimensions)
        return max(0, self.rules.present_dimensions - present)


@dataclass(frozen=True)
class ScoreSeries:
    """The history of a shop, one entry per day from first to last, None where there is no value."""

    days: tuple[date, ...]
    totals: tuple[float | None, ...]
    dimensions: Mapping[str, tuple[float | None, ...]]
    metrics: Mapping[str, tuple[float | None, ...]]


@dataclass(frozen=True)
class MetricSeries:
    """The history of one metric and of the middle of its peers, None where there is no value."""

    days: tuple[date, ...]
    values: tuple[float | None, ...]
    middles: tuple[float | None, ...]


@dataclass(frozen=True)
class ShopRow:
    """One shop of the shops table. ``totals`` covers the 30 days up to ``date``, oldest first."""

    shop_id: int
    date: date
    computed_at: datetime
    pending: bool
    state: str
    total: float | None
    stars: float | None
    estimate: bool
    percentile: float | None
    peers_n: int
    signed_orders: int
    previous_total: float | None
    totals: tuple[float | None, ...]


def visible(*, now: datetime, staff: bool) -> ScoreQuerySet:
    """The revisions a person may see: published ones, for staff the pending ones as well."""
    rows = ScoreRevision.objects.all()
    return rows.finished() if staff else rows.published(now)


def score_latest(shop: Shop, *, now: datetime, staff: bool) -> ScoreView | None:
    """The newest score a person may see; None when there is none yet."""
    return _view(_shown(shop, now, staff=staff).first(), now)


def score_newest_two(shop: Shop, *, now: datetime, staff: bool) -> list[ScoreView]:
    """The scores of the newest two dates a person may see, the newest first. One query."""
    rows = _shown(shop, now, staff=staff).distinct("date")
    return [view for row in rows[:2] if (view := _view(row, now))]


def score_on(shop: Shop, *, day: date, now: datetime, staff: bool) -> ScoreView | None:
    """The newest revision of one score date a person may see; None when there is none."""
    return _view(_shown(shop, now, staff=staff).filter(date=day).first(), now)


def score_revisions(
    shop: Shop, *, day: date, rule_set: str, now: datetime, staff: bool
) -> list[ScoreView]:
    """Every revision of one date and rule set, newest first: what a restatement changed."""
    rows = _shown(shop, now, staff=staff).filter(date=day, rule_set=rule_set)
    found = rows.order_by("-revision")
    return [view for view in (_view(row, now) for row in found) if view is not None]


def _shown(shop: Shop, now: datetime, *, staff: bool) -> ScoreQuerySet:
    """The revisions of a shop a person may see, with their runs and how many there are."""
    rows = visible(now=now, staff=staff).for_shop(shop)
    there = rows.order_by().values("shop").annotate(there=Count("pk")).values("there")
    return preferred(rows.annotate(history=Subquery(there)).select_related("run"))


def score_series(shop: Shop, *, last: date, days: int, now: datetime, staff: bool) -> ScoreSeries:
    """The ``days`` score dates up to ``last`` with totals, dimension scores and metric values."""
    first = last - timedelta(days=days - 1)
    rows = preferred(visible(now=now, staff=staff).for_shop(shop).filter(date__gte=first))
    fields = rows.filter(date__lte=last).order_by(*_PREFERENCE).distinct("date")
    found = {
        day: (total, dimensions, receipts)
        for day, total, dimensions, receipts in fields.values_list(
            "date", "total", "dimensions", "metrics"
        )
    }
    span = tuple(first + timedelta(days=i) for i in range(days))
    empty: tuple[None, dict[str, Any], dict[str, Any]] = (None, {}, {})
    entries = [found.get(day, empty) for day in span]
    return ScoreSeries(
        days=span,
        totals=tuple(entry[0] for entry in entries),
        dimensions=_columns([entry[1] for entry in entries], "score"),
        metrics=_columns([entry[2] for entry in entries], "value"),
    )


def metric_series(
    shop: Shop, metric: str, *, last: date, days: int, now: datetime, staff: bool
) -> MetricSeries:
    """The ``days`` score dates up to ``last`` of one metric, read out of the receipts."""
    first = last - timedelta(days=days - 1)
    rows = preferred(visible(now=now, staff=staff).for_shop(shop).filter(date__gte=first))
    fields = [f"metrics__{metric}__{name}" for name in ("value", "peer_mid")]
    found = {
        day: (value, middle)
        for day, value, middle in rows.filter(date__lte=last)
        .order_by(*_PREFERENCE)
        .distinct("date")
        .values_list("date", *fields)
    }
    span = tuple(first + timedelta(days=i) for i in range(days))
    return MetricSeries(
        days=span,
        values=tuple(found.get(day, (None, None))[0] for day in span),
        middles=tuple(found.get(day, (None, None))[1] for day in span),
    )


def shops_table(
    shop_ids: Collection[int], *, now: datetime, pending_for: Collection[int] = (), days: int = 30
) -> dict[int, ShopRow]:
    """The newest score of many shops with their last ``days`` totals; shops without one are absent.

    ``pending_for`` are the shops whose pending scores the person may see. Two queries.
    """
    seen = Q(date__lte=published_through(now)) | Q(shop__in=list(pending_for))
    rows = ScoreRevision.objects.finished().filter(seen)
    newest = rows.filter(shop=OuterRef("pk")).order_by("-date").values("date")[:1]
    last = dict(
        Shop.objects.filter(pk__in=shop_ids)
        .annotate(last=Subquery(newest))
        .filter(last__isnull=False)
        .values_list("pk", "last")
    )
    if not last:
        return {}
    span = timedelta(days=days - 1)
    recent = rows.filter(shop__in=last, date__gte=min(last.values()) - span)
    history: dict[int, dict[date, ScoreRevision]] = defaultdict(dict)
    for row in shown_of_shops(recent).select_related("run").defer("dimensions", "metrics"):
        history[row.shop_id][row.date] = row
    return {
        shop_id: _shop_row(found, last[shop_id], days, now) for shop_id, found in history.items()
    }


def zero_assumed(shop: Shop) -> frozenset[str]:
    """Metrics counted as zero because no file of their kind has ever come for the platform."""
    needs = {"aftersales": "quality_refund_rate", "complaints": "dispute_rate"}
    covered = PlatformCoverage.objects.filter(platform=shop.platform, kind__in=needs)
    return frozenset(needs.values()) - {
        needs[kind] for kind in covered.values_list("kind", flat=True)
    }


_PREFERENCE = ("-date", "-in_force", "-run_id", "-revision")


def preferred(rows: ScoreQuerySet) -> ScoreQuerySet:
    """Newest date first; on a date the rule set in force, then what was computed last."""
    whens = [
        When(_dates_of(rules), then=Value(1))
        for rules in score_book().sets
        if rules.visible_to != "preview"
    ]
    in_force = Case(*whens, default=Value(0), output_field=IntegerField())
    return rows.annotate(in_force=in_force).order_by(*_PREFERENCE)


def shown_of_shops(rows: ScoreQuerySet) -> ScoreQuerySet:
    """The one revision of each shop and date that pages show, by shop, newest date first."""
    ordered = preferred(rows).order_by("shop_id", *_PREFERENCE)
    return ordered.distinct("shop_id", "date")


def _dates_of(rules: RuleSet) -> Q:
    dates = Q(rule_set=rules.id)
    if rules.effective_on:
        dates &= Q(date__gte=rules.effective_on)
    if rules.ends_on:
        dates &= Q(date__lte=rules.ends_on)
    return dates


def _columns(entries: list[dict[str, Any]], key: str) -> dict[str, tuple[float | None, ...]]:
    names = dict.fromkeys(name for entry in entries for name in entry)
    return {name: tuple(entry.get(name, {}).get(key) for entry in entries) for name in names}


def _shop_row(
    history: Mapping[date, ScoreRevision], day: date, days: int, now: datetime
) -> ShopRow:
    row = history[day]
    span = [day - timedelta(days=back) for back in reversed(range(days))]
    totals = tuple(history[d].total if d in history else None for d in span)
    return ShopRow(
        shop_id=row.shop_id,
        date=day,
        computed_at=row.run.created_at,
        pending=day > published_through(now),
        state=row.state,
        total=row.total,
        stars=row.stars,
        estimate=row.estimate,
        percentile=row.percentile,
        peers_n=row.peers_n,
        signed_orders=row.signed_orders,
        previous_total=totals[-2] if days > 1 else None,
        totals=totals,
    )


def _view(row: Any, now: datetime) -> ScoreView | None:
    """What a row of :func:`_shown` says."""
    if row is None:
        return None
    rules = compiled_score_rules(row.rule_set)
    return ScoreView(
        shop_id=row.shop_id,
        date=row.date,
        industry=row.industry,
        rule_set=score_book().by_id(row.rule_set),
        rules=rules,
        rule_hash=row.rule_hash,
        revision=row.revision,
        history=row.history,
        cause=row.cause,
        run_id=row.run_id,
        computed_at=row.run.created_at,
        pending=row.date > published_through(now),
        state=row.state,
        total=row.total,
        stars=row.stars,
        estimate=row.estimate,
        percentile=row.percentile,
        peers_n=row.peers_n,
        signed_orders=row.signed_orders,
        dimensions=tuple(_dimension_scores(row, rules)),
    )


def _dimension_scores(row: ScoreRevision, rules: ScoreRules) -> Iterable[DimensionScore]:
    labels = {dimension.id: dimension for dimension in DIMENSIONS}
    scores = {rule.id: row.dimensions.get(rule.id, {}) for rule in rules.dimensions}
    weight_present = sum(
        rule.weight for rule in rules.dimensions if scores[rule.id].get("score") is not None
    )
    for rule in rules.dimensions:
        present = [name for name in rule.metrics if row.metrics[name]["score"] is not None]
        share = rule.weight / weight_present / len(present) if present else 0.0
        yield DimensionScore(
            dimension=labels[rule.id],
            score=scores[rule.id].get("score"),
            percentile=scores[rule.id].get("percentile"),
            weight=rule.weight,
            metrics=tuple(
                _metric_score(name, row.metrics[name], rules, share) for name in rule.metrics
            ),
        )


def _metric_score(
    name: str, receipt: Mapping[str, Any], rules: ScoreRules, share: float
) -> MetricScore:
    rule = rules.metrics[name]
    return MetricScore(
        metric=metrics()[name],
        value=receipt["value"],
        num=receipt["num"],
        den=receipt["den"],
        n=receipt["n"],
        excl=receipt["excl"],
        present=receipt["present"],
        percentile=receipt["percentile"],
        score=receipt["score"],
        estimate=receipt["estimate"],
        weight=share if receipt["score"] is not None else 0.0,
        minimum=rule.minimum,
        missing=max(0, rule.minimum - receipt["n"]),
        peers=receipt["peers"],
        peer_mid=receipt["peer_mid"],
        peer_top=receipt["peer_top"],
        cutoff=next_cutoff(rule, receipt),
        benchmark=receipt.get("benchmark"),
        modes=receipt["modes"],
        receipt=receipt,
    )
