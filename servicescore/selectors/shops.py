"""The shops table: every shop of a person with its newest score, filtered, grouped and paged."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from servicescore.calc.declaration import DIMENSIONS
from servicescore.calc.stars import stars_of
from servicescore.models import ScoreRevision
from servicescore.models.scores import published_through
from servicescore.rules import compiled_score_rules, score_book
from servicescore.selectors import metric_words
from servicescore.selectors.headline import Gate, crossed, gates_of, margin_text
from servicescore.selectors.score_page import STAFF_ROLES
from servicescore.selectors.scores import ShopRow, shops_table
from shopguard.lib import drawing
from shopguard.lib.changes import Change, change_between, usual_movement
from stores.models import Shop
from stores.selectors.people import Entry

PAGE_SHOPS = 50
BAR_WIDTH = 0.05
SPARK_NIGHTS = 30
SORTS = ("total", "change", "name", "orders")
VIEWS = ("all", "dropped", "below", "unscored", "late")
HISTOGRAM_HEIGHT = 78.0


@dataclass(frozen=True)
class Filters:
    """What the table is narrowed to; empty means everything."""

    view: str = "all"
    query: str = ""
    industry: str = ""
    stars: str = ""
    state: str = ""
    sort: str = "total"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside the saved view narrows the table."""
        return bool(self.query or self.industry or self.stars or self.state)


@dataclass(frozen=True)
class Listed:
    """One shop with its newest score, if any."""

    shop: Shop
    score: ShopRow | None
    is_late: bool
    has_fallen: bool
    change: Change | None = None
    weakest: str = ""
    weakest_score: float | None = None
    margin: str = ""

    @property
    def total(self) -> float | None:
        """The newest total, if there is one."""
        return self.score.total if self.score else None


@dataclass(frozen=True)
class Tier:
    """How many shops hold a number of stars, and how that changed since the night before."""

    stars: float
    x: str
    count: int
    change: int


@dataclass(frozen=True)
class Group:
    """A stretch of the table under one heading: ``below``, ``above``, ``unscored`` or ``none``."""

    key: str
    count: int
    rows: tuple[Listed, ...]


@dataclass(frozen=True)
class ShopsPage:
    """One page of the table and what stands above it."""

    filters: Filters
    counts: Mapping[str, int]
    groups: tuple[Group, ...]
    matching: int
    first: int
    last: int
    page: int
    pages: int
    bars: tuple[drawing.Bar, ...]
    tiers: tuple[Tier, ...]
    gate: Gate
    gate_x: str
    near: int
    scored: int
    industries: tuple[str, ...]
    unscored_reasons: Mapping[str, int]
    newest: date | None


def shops_page(*, entries: list[Entry], filters: Filters, page: int, now: datetime) -> ShopsPage:
    """The table for the shops in ``entries``. Five queries, however many shops there are."""
    pending_for = [entry.shop.pk for entry in entries if entry.role in STAFF_ROLES]
    ids = [entry.shop.pk for entry in entries]
    newest = published_through(now)
    gates = gates_of(score_book().in_force(newest))
    gate = gates[len(gates) // 2]
    scores = shops_table(ids, now=now, pending_for=pending_for, days=2)
    everything = [_listed(entry.shop, scores.get(entry.shop.pk), gate, newest) for entry in entries]
    matching = _sorted([row for row in everything if _matches(row, filters, gate)], filters.sort)
    pages = max(1, -(-len(matching) // PAGE_SHOPS))
    page = min(max(page, 1), pages)
    start = (page - 1) * PAGE_SHOPS
    shown = _with_history(matching[start : start + PAGE_SHOPS], gate, now, pending_for)
    totals = [row.total for row in everything if row.total is not None]
    return ShopsPage(
        filters=filters,
        counts={view: sum(_in_view(row, view, gate) for row in everything) for view in VIEWS},
        groups=_groups(shown, matching, gate),
        matching=len(matching),
        first=start + 1 if matching else 0,
        last=start + len(shown),
        page=page,
        pages=pages,
        bars=_bars(totals, gate),
        tiers=_tiers(everything, newest),
        gate=gate,
        gate_x=drawing.share(gate.value, drawing.FLOOR_SCORE, drawing.TOP_SCORE),
        near=sum(0 <= total - gate.value < BAR_WIDTH for total in totals),
        scored=len(totals),
        industries=tuple(sorted({row.shop.industry for row in everything})),
        unscored_reasons=Counter(
            row.score.state for row in everything if row.score and row.total is None
        ),
        newest=max((row.score.date for row in everything if row.score), default=None),
    )


def _listed(shop: Shop, score: ShopRow | None, gate: Gate, newest: date) -> Listed:
    is_late = score is not None and score.date < newest
    has_fallen = (
        score is not None
        and not is_late
        and score.total is not None
        and score.total < gate.value
        and crossed(score.previous_total, score.total, [gate]) is not None
    )
    margin = ""
    if score is not None and score.total is not None:
        margin = margin_text(score.total, gate.value)
    return Listed(shop, score, is_late, has_fallen, margin=margin)


def _in_view(row: Listed, view: str, gate: Gate) -> bool:
    if view == "dropped":
        return row.has_fallen
    if view == "below":
        return row.total is not None and row.total < gate.value
    if view == "unscored":
        return row.total is None
    return row.is_late if view == "late" else True


def _matches(row: Listed, filters: Filters, gate: Gate) -> bool:
    text = filters.query.casefold()
    shop, score = row.shop, row.score
    return (
        _in_view(row, filters.view, gate)
        and (not text or text in shop.name.casefold() or text in shop.external_id.casefold())
        and (not filters.industry or shop.industry == filters.industry)
        and (not filters.stars or _stars_text(row) == filters.stars)
        and (not filters.state or (score is not None and score.state == filters.state))
    )


def _stars_text(row: Listed) -> str:
    return "" if row.score is None or row.score.stars is None else f"{row.score.stars:g}"


def _sorted(rows: list[Listed], sort: str) -> list[Listed]:
    """Scored shops in the wanted order, then the others by name."""
    if sort == "name":
        return sorted(rows, key=lambda row: row.shop.name)
    key = {"change": _movement, "orders": _fewer_orders}.get(sort, _total)
    scored = sorted((row for row in rows if row.total is not None), key=key)
    others = sorted((row for row in rows if row.total is None), key=lambda row: row.shop.name)
    return scored + others


def _total(row: Listed) -> float:
    return row.total or 0.0


def _movement(row: Listed) -> float:
    before = row.score.previous_total if row.score else None
    return 0.0 if before is None else _total(row) - before


def _fewer_orders(row: Listed) -> float:
    return -(row.score.signed_orders if row.score else 0)


def _with_history(
    rows: list[Listed], gate: Gate, now: datetime, pending_for: list[int]
) -> list[Listed]:
    """The rows of one page with their 30 nights and weakest dimension."""
    ids = [row.shop.pk for row in rows]
    scores = shops_table(ids, now=now, pending_for=pending_for, days=SPARK_NIGHTS)
    weakest = _weakest(scores)
    complete = []
    for row in rows:
        score = scores.get(row.shop.pk)
        if score is None:
            complete.append(row)
            continue
        label, value = weakest.get(row.shop.pk, ("", None))
        change = change_between(
            score.previous_total,
            score.total,
            places=2,
            higher_is_better=True,
            usual=usual_movement(score.totals[:-1]),
            is_news=crossed(score.previous_total, score.total, [gate]) is not None,
        )
        complete.append(
            replace(row, score=score, change=change, weakest=label, weakest_score=value)
        )
    return complete


def _weakest(scores: Mapping[int, ShopRow]) -> dict[int, tuple[str, float | None]]:
    """The lowest dimension of each shop's newest score, in words, with its score."""
    labels = {dimension.id: metric_words.label(dimension) for dimension in DIMENSIONS}
    rows = (
        ScoreRevision.objects.finished()
        .filter(shop__in=scores, date__in={score.date for score in scores.values()})
        .order_by("shop_id", "date", "-run_id", "-revision")
        .distinct("shop_id", "date")
        .values_list("shop_id", "date", "dimensions")
    )
    found: dict[int, tuple[str, float | None]] = {}
    for shop_id, day, dimensions in rows:
        known = [
            (entry["score"], key) for key, entry in dimensions.items() if entry["score"] is not None
        ]
        if day == scores[shop_id].date and known:
            value, key = min(known)
            found[shop_id] = (labels[key], value)
    return found


def _group_of(row: Listed, gate: Gate) -> str:
    if row.score is None:
        return "none"
    if row.total is None:
        return "unscored"
    return "below" if row.total < gate.value else "above"


def _groups(shown: list[Listed], matching: list[Listed], gate: Gate) -> tuple[Group, ...]:
    counts = Counter(_group_of(row, gate) for row in matching)
    groups = []
    for key in ("below", "above", "unscored", "none"):
        rows = tuple(row for row in shown if _group_of(row, gate) == key)
        if rows:
            groups.append(Group(key, counts[key], rows))
    return tuple(groups)


def _bars(totals: list[float], gate: Gate) -> tuple[drawing.Bar, ...]:
    places = round((drawing.TOP_SCORE - drawing.FLOOR_SCORE) / BAR_WIDTH)
    counts = [0] * places
    for total in totals:
        place = int(round((total - drawing.FLOOR_SCORE) / BAR_WIDTH, 6))
        counts[min(max(place, 0), places - 1)] += 1
    near = gate.value - 2 * BAR_WIDTH
    return drawing.bars(counts, height=HISTOGRAM_HEIGHT, gate=gate.value, near=near)


def _tiers(rows: list[Listed], newest: date) -> tuple[Tier, ...]:
    rules = compiled_score_rules(score_book().in_force(newest).id)
    now = Counter(row.score.stars for row in rows if row.score and row.score.stars is not None)
    before = Counter(
        float(stars_of(np.array([row.score.previous_total]), rules.stars_from, rules.stars)[0])
        for row in rows
        if row.score and row.score.previous_total is not None
    )
    return tuple(
        Tier(
            stars=float(stars),
            x=drawing.share(float(start), drawing.FLOOR_SCORE, drawing.TOP_SCORE),
            count=now[float(stars)],
            change=now[float(stars)] - before[float(stars)],
        )
        for start, stars in zip(rules.stars_from, rules.stars, strict=True)
    )
