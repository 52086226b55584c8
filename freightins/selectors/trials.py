"""Trials of cover: who may take part, what was switched on a day, and what the orders did."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from freightins.calc.choices import PRODUCT, Key, decided
from freightins.calc.trials import Candidate, Followed
from freightins.models import ChoiceChange, ChoiceSet, SaleDay, Trial, TrialProduct
from freightins.rules import worth_rules_on
from freightins.selectors.choices import choices_at
from shopguard.lib.days import day_start, shanghai_day
from stores.models import Product, Shop

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days of a trial: before, and since it began as far as they are over and counted."""

    before_first: date
    before_last: date
    first: date
    last: date
    planned_last: date

    @property
    def days(self) -> int:
        """How many days it has run."""
        return max((self.last - self.first).days + 1, 0)


@dataclass(frozen=True)
class Switched:
    """Products switched on a day and those that were not, for as long as is looked at."""

    switched: list[str]
    others: list[str]
    became: bool


def trial_of(*, shop: Shop, key: int) -> Trial | None:
    """A trial of the shop."""
    return Trial.objects.for_shop(shop).filter(pk=key).first()


def trials_of(*, shop: Shop) -> list[Trial]:
    """Every trial of the shop, the newest first."""
    return list(Trial.objects.for_shop(shop).order_by("-started_on", "-pk"))


def span_of(trial: Trial, now: datetime) -> Span:
    """The days a trial is told by at an instant."""
    today = shanghai_day(now)
    planned = trial.started_on + trial.weeks * WEEK - DAY
    last = min(planned, today - DAY)
    if trial.ended_at is not None:
        last = min(last, shanghai_day(trial.ended_at) - DAY)
    before = trial.started_on - trial.weeks * WEEK
    return Span(before, trial.started_on - DAY, trial.started_on, last, planned)


def is_running(trial: Trial, now: datetime) -> bool:
    """Whether days of it are still to come."""
    return trial.ended_at is None and shanghai_day(now) <= span_of(trial, now).planned_last


def products_tried(*, shop: Shop, trials: Sequence[Trial], now: datetime) -> set[str]:
    """Products of those trials of the shop that were drawn and run."""
    running = [
        trial.pk for trial in trials if trial.kind == Trial.Kind.DRAWN and is_running(trial, now)
    ]
    rows = TrialProduct.objects.for_shop(shop).filter(trial__in=running)
    return set(rows.values_list("product_ref", flat=True))


def candidates_of(*, shop: Shop, now: datetime) -> list[tuple[Candidate, str]]:
    """Products that can be drawn, not virtual and on the shelf, with orders of late and titles."""
    day = shanghai_day(now)
    since = day - timedelta(days=worth_rules_on(day).shown_days)
    rows = SaleDay.objects.for_shop(shop).filter(day__gte=since).exclude(product_ref="").order_by()
    sold = dict(rows.values_list("product_ref").annotate(n=Sum("orders")))
    products = Product.objects.for_shop(shop).filter(is_virtual=False, on_shelf=True)
    return [
        (Candidate(key, category, sold.get(key, 0), price), title or key)
        for key, title, category, price in products.values_list(
            "external_id", "title", "category", "price"
        )
    ]


def products_switched(*, shop: Shop, day: date, weeks: int, now: datetime) -> Switched:
    """Products whose cover another choice decided after ``day`` than before it, in the way of most
    of them; others are those whose cover stayed the same for ``weeks`` before and after.
    """
    ends = [day_start(day) - weeks * WEEK, day_start(day), day_start(day + DAY)]
    times = [*ends, min(day_start(day) + weeks * WEEK, now)]
    held = [choices_at(shop=shop, when=when) for when in times]
    pairs: defaultdict[bool, list[str]] = defaultdict(list)
    others = []
    rows = Product.objects.for_shop(shop).filter(is_virtual=False).order_by("external_id")
    for key, category in rows.values_list("external_id", "category"):
        states = [_is_covered(choices, key, category) for choices in held]
        if states[1] != states[2]:
            pairs[states[2]].append(key)
        elif len(set(states)) == 1:
            others.append(key)
    became = len(pairs[True]) >= len(pairs[False])
    return Switched(pairs[became], others, became)


def _is_covered(choices: dict[Key, bool], key: str, category: str) -> bool:
    return decided(choices, key, category).is_covered


def followed(*, trial: Trial, span: Span, ripe_to: date) -> list[Followed]:
    """What every product of a trial did before and since; returns of days up to ``ripe_to``."""
    products = list(trial.products.order_by("pair", "arm", "product_ref"))
    keys = [one.product_ref for one in products]
    before = _sold(trial, keys, span.before_first, span.before_last)
    after = _sold(trial, keys, span.first, span.last)
    ripe = _sold(trial, keys, span.first, min(span.last, ripe_to))
    nothing = (0, 0)
    return [
        Followed(
            one.product_ref,
            one.arm,
            before.get(one.product_ref, nothing)[0],
            after.get(one.product_ref, nothing)[0],
            *ripe.get(one.product_ref, nothing),
        )
        for one in products
    ]


def _sold(trial: Trial, keys: Sequence[str], first: date, last: date) -> dict[str, tuple[int, int]]:
    rows = SaleDay.objects.filter(
        shop_id=trial.shop_id, product_ref__in=keys, day__range=(first, last)
    ).order_by()
    sums = rows.values_list("product_ref").annotate(Sum("orders"), Sum("returns"))
    return {key: (orders, returns) for key, orders, returns in sums}


def days_of_arms(*, trial: Trial, span: Span) -> dict[str, dict[date, int]]:
    """Orders of both sides by day."""
    arms = dict(trial.products.values_list("product_ref", "arm"))
    rows = SaleDay.objects.filter(
        shop_id=trial.shop_id, product_ref__in=list(arms),
        day__range=(span.before_first, span.last),
    ).order_by()  # fmt: skip
    found: dict[str, dict[date, int]] = {arm: defaultdict(int) for arm in TrialProduct.Arm.values}
    for key, day, orders in rows.values_list("product_ref", "day").annotate(n=Sum("orders")):
        found[arms[key]][day] += orders
    return found


def covered_share(*, trial: Trial, span: Span) -> dict[str, float | None]:
    """The share of each side's orders that was really covered, of those with a verdict."""
    arms = dict(trial.products.values_list("product_ref", "arm"))
    rows = SaleDay.objects.filter(
        shop_id=trial.shop_id, product_ref__in=list(arms), day__range=(span.first, span.last),
        cover__in=[SaleDay.Cover.ON, SaleDay.Cover.OFF],
    ).order_by()  # fmt: skip
    counts: dict[str, dict[str, int]] = {arm: defaultdict(int) for arm in TrialProduct.Arm.values}
    for key, cover, orders in rows.values_list("product_ref", "cover").annotate(n=Sum("orders")):
        counts[arms[key]][cover] += orders
    return {
        arm: sides[SaleDay.Cover.ON] / whole if (whole := sum(sides.values())) else None
        for arm, sides in counts.items()
    }


def meddled(*, trial: Trial, span: Span) -> list[ChoiceChange]:
    """Changes of its products by others since it began: they water it down."""
    keys = trial.products.values_list("product_ref", flat=True)
    rows = ChoiceChange.objects.filter(
        shop_id=trial.shop_id, level=PRODUCT, key__in=list(keys),
        at__gte=day_start(span.first), at__lt=day_start(span.last + DAY),
    )  # fmt: skip
    rows = rows.exclude(choice_set__source=ChoiceSet.Source.TRIAL).select_related("choice_set")
    return list(rows.order_by("at", "pk"))
