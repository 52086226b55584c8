"""The shops table: every shop of a person with its newest score, one page at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

import numpy as np

from servicescore.calc.declaration import DIMENSIONS
from servicescore.calc.stars import stars_of
from servicescore.models import ScoreRevision
from servicescore.models.scores import published_through
from servicescore.rules import compiled_score_rules, score_book
from servicescore.selectors import metric_words
from servicescore.selectors.headline import Gate, crossed, gates_of
from servicescore.selectors.punished import punished_now
from servicescore.selectors.score_page import STAFF_ROLES
from servicescore.selectors.scores import ShopRow, shops_table, shown_of_shops
from servicescore.selectors.shop_filters import (
    GROUPS,
    Choice,
    Filters,
    Listed,
    matching,
    sort_choices,
    star_choices,
    state_choices,
    state_word,
    view_choices,
)
from shopguard.lib import drawing
from shopguard.lib.changes import change_between, usual_movement
from shopguard.lib.days import shanghai_day
from stores.selectors.people import Entry

PAGE_SHOPS = 50
BAR_WIDTH = 0.05
SPARK_NIGHTS = 30
HISTOGRAM_HEIGHT = 78.0


@dataclass(frozen=True)
class Tier:
    """How many shops hold a number of stars, and how that changed since the night before."""

    stars: float
    x: str
    count: int
    change: int


@dataclass(frozen=True)
class Group:
    """A stretch of the table under one heading; ``count`` is over all pages."""

    key: str
    count: int
    rows: tuple[Listed, ...]


@dataclass(frozen=True)
class ShopsPage:
    """One page of the table and what stands above it."""

    filters: Filters
    gate: Gate
    newest: date | None
    everything: Sequence[Listed]
    found: Sequence[Listed]
    shown: Sequence[Listed]
    page: int
    pages: int

    @cached_property
    def groups(self) -> list[Group]:
        """The rows of this page under their headings."""
        counts = Counter(row.group for row in self.found)
        rows = {key: tuple(r for r in self.shown if r.group == key) for key in GROUPS}
        return [Group(key, counts[key], rows[key]) for key in GROUPS if rows[key]]

    @cached_property
    def views(self) -> list[Choice]:
        """The saved views with their counts."""
        return view_choices(self.everything, self.filters.view, self.gate)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many shops each saved view holds."""
        return {choice.key: choice.count for choice in self.views}

    @property
    def view_count(self) -> int:
        """How many shops the chosen view holds without filters."""
        return self.counts[self.filters.view]

    @cached_property
    def totals(self) -> list[float]:
        """Every total there is."""
        return [row.total for row in self.everything if row.total is not None]

    @property
    def current(self) -> int:
        """Shops whose score is of the newest date."""
        return sum(row.score is not None and not row.is_late for row in self.everything)

    @property
    def without_score(self) -> int:
        """Shops nothing was ever computed for."""
        return sum(row.score is None for row in self.everything)

    @cached_property
    def unscored_reasons(self) -> list[Choice]:
        """Why shops have no total, with how many each."""
        states = Counter(row.score.state for row in self.everything if row.score)
        return [
            Choice(state, state_word(state), False, count)
            for state, count in sorted(states.items())
            if state != "scored"
        ]

    @property
    def industries(self) -> list[str]:
        """The industries of the shops."""
        return sorted({row.shop.industry for row in self.everything})

    @property
    def star_choices(self) -> list[Choice]:
        """The stars to filter by."""
        return star_choices([tier.stars for tier in self.tiers], self.filters.stars)

    @property
    def state_choices(self) -> list[Choice]:
        """The states to filter by."""
        return state_choices(self.filters.state)

    @property
    def sort_choices(self) -> list[Choice]:
        """The orders to choose from."""
        return sort_choices(self.filters.sort)

    @property
    def first(self) -> int:
        """The place of the first row shown; 0 when there is none."""
        return (self.page - 1) * PAGE_SHOPS + 1 if self.shown else 0

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return (self.page - 1) * PAGE_SHOPS + len(self.shown)

    @property
    def previous_query(self) -> str:
        """The query of the page before; empty on the first."""
        return self.filters.query_of_page(self.page - 1) if self.page > 1 else ""

    @property
    def next_query(self) -> str:
        """The query of the page after; empty on the last."""
        return self.filters.query_of_page(self.page + 1) if self.page < self.pages else ""

    @property
    def gate_x(self) -> str:
        """Where the gate stands on the histogram."""
        return drawing.share(self.gate.value, drawing.FLOOR_SCORE, drawing.TOP_SCORE)

    @cached_property
    def bars(self) -> tuple[drawing.Bar, ...]:
        """The histogram of the totals."""
        places = round((drawing.TOP_SCORE - drawing.FLOOR_SCORE) / BAR_WIDTH)
        counts = [0] * places
        for total in self.totals:
            place = int(round((total - drawing.FLOOR_SCORE) / BAR_WIDTH, 6))
            counts[min(max(place, 0), places - 1)] += 1
        near = self.gate.value - 2 * BAR_WIDTH
        return drawing.bars(counts, height=HISTOGRAM_HEIGHT, gate=self.gate.value, near=near)

    @cached_property
    def tiers(self) -> tuple[Tier, ...]:
        """How many shops hold how many stars."""
        day = max((row.newest for row in self.everything), default=None)
        return _tiers(self.everything, day) if day else ()


def shops_page(*, entries: list[Entry], filters: Filters, page: int, now: datetime) -> ShopsPage:
    """The table for the shops in ``entries``. At most eight queries, whatever their number."""
    newest = published_through(now)
    gates = gates_of(score_book().in_force(newest))
    gate = gates[len(gates) // 2]
    early = [entry.shop.pk for entry in entries if entry.role in STAFF_ROLES]
    scores = shops_table([e.shop.pk for e in entries], now=now, pending_for=early, days=2)
    punished = punished_now([entry.shop.pk for entry in entries], day=shanghai_day(now))
    everything = [
        Listed(e.shop, scores.get(e.shop.pk), gate, newest, punished.get(e.shop.pk, ""))
        for e in entries
    ]
    found = matching(everything, filters)
    pages = max(1, -(-len(found) // PAGE_SHOPS))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * PAGE_SHOPS : page * PAGE_SHOPS]
    history = shops_table(
        [row.shop.pk for row in shown], now=now, pending_for=early, days=SPARK_NIGHTS
    )
    return ShopsPage(
        filters=filters,
        gate=gate,
        newest=max((score.date for score in scores.values()), default=None),
        everything=everything,
        found=found,
        shown=_with_history(shown, history),
        page=page,
        pages=pages,
    )


def _with_history(rows: Sequence[Listed], scores: Mapping[int, ShopRow]) -> list[Listed]:
    """The rows of one page with their 30 nights, change and weakest dimension."""
    weakest = _weakest(scores)
    complete = []
    for row in rows:
        score = scores.get(row.shop.pk)
        if score is None:
            complete.append(row)
            continue
        change = change_between(
            score.previous_total,
            score.total,
            places=2,
            higher_is_better=True,
            usual=usual_movement(score.totals[:-1]),
            is_news=crossed(score.previous_total, score.total, [row.gate]) is not None,
        )
        label, value = weakest.get(row.shop.pk, ("", None))
        complete.append(
            replace(row, score=score, change=change, weakest=label, weakest_score=value)
        )
    return complete


def _weakest(scores: Mapping[int, ShopRow]) -> dict[int, tuple[str, float]]:
    """The lowest dimension of each shop's newest score, in words, with its score."""
    labels = {dimension.id: metric_words.short_label(dimension) for dimension in DIMENSIONS}
    dates = {score.date for score in scores.values()}
    rows = ScoreRevision.objects.finished().filter(shop__in=scores, date__in=dates)
    shown = shown_of_shops(rows).values_list("shop_id", "date", "dimensions")
    found: dict[int, tuple[str, float]] = {}
    for shop_id, day, dimensions in shown:
        known = [(d["score"], key) for key, d in dimensions.items() if d["score"] is not None]
        if day == scores[shop_id].date and known:
            value, key = min(known)
            found[shop_id] = (labels[key], value)
    return found


def _tiers(rows: Sequence[Listed], day: date) -> tuple[Tier, ...]:
    rules = compiled_score_rules(score_book().in_force(day).id)
    now = Counter(row.score.stars for row in rows if row.score and row.score.stars is not None)
    totals = [row.score.previous_total for row in rows if row.score]
    known = np.array([total for total in totals if total is not None], dtype=np.float64)
    before = Counter(stars_of(known, rules.stars_from, rules.stars).tolist())
    return tuple(
        Tier(
            stars=float(stars),
            x=drawing.share(float(start), drawing.FLOOR_SCORE, drawing.TOP_SCORE),
            count=now[float(stars)],
            change=now[float(stars)] - before[float(stars)],
        )
        for start, stars in zip(rules.stars_from, rules.stars, strict=True)
    )
