"""The pages of orders: shipping warnings, abnormal parcels, delay reports."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.calc.case_clocks import clock_rules
from aftersales.rules import clock_book
from shopguard.lib.days import shanghai_day
from shopguard.lib.paging import Page, page_of
from stores.models import DelayReport, Order, Parcel, Shop
from stores.selectors.waiting import orders_to_ship

PAGE_ROWS = 25
DUE_WITHIN = timedelta(hours=24)
WARNINGS: Mapping[str, Promise] = {
    "due": _("24 小时内到期"),
    "overdue": _("已超期"),
    "later": _("之后到期"),
}
CHANNELS: Mapping[str, Promise] = {"normal": _("普通订单"), "live": _("直播订单")}
PARCELS: Mapping[str, Promise] = {
    "in_transit": _("中转超时"),
    "out_for_delivery": _("派签超时"),
    "customs": _("清关异常"),
}
DECISIONS: Mapping[str, Promise] = {
    "pending": _("待审核"),
    "accepted": _("已通过"),
    "refused": _("未通过"),
}


@dataclass(frozen=True)
class Tab:
    """A choice with its count and the query it leads to."""

    key: str
    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Warnings:
    """Orders to ship, by urgency and channel."""

    tabs: list[Tab]
    page: Page[Order]
    reported: frozenset[str]
    due: int
    overdue: int
    now: datetime


@dataclass(frozen=True)
class Parcels:
    """Parcels that have not moved for too long; ``hours`` by status."""

    tabs: list[Tab]
    page: Page[Parcel]
    hours: int
    total: int
    now: datetime


@dataclass(frozen=True)
class Reports:
    """Delay reports by decision."""

    tabs: list[Tab]
    page: Page[DelayReport]
    waiting: int
    now: datetime


def urgency(show: str, now: datetime) -> Q:
    """Orders of one of :data:`WARNINGS`."""
    limit = now + DUE_WITHIN
    return {
        "due": Q(ship_by__gte=now, ship_by__lt=limit),
        "overdue": Q(ship_by__lt=now),
        "later": Q(ship_by__gte=limit),
    }[show]


def warnings(*, shop: Shop, asked: QueryDict, now: datetime) -> Warnings:
    """Orders to ship: ``show`` and ``channel`` narrow them."""
    show, channel = asked.get("show", ""), asked.get("channel", "")
    show = show if show in WARNINGS else "due"
    channel = channel if channel in CHANNELS else "normal"
    waits = orders_to_ship(shop=shop)
    n = waits.aggregate(
        **{
            f"{key}_{of}": Count("pk", filter=urgency(key, now) & Q(channel=of))
            for key in WARNINGS
            for of in CHANNELS
        }
    )
    rows = waits.filter(urgency(show, now), channel=channel).order_by("ship_by", "pk")
    page = page_of(rows, asked, size=PAGE_ROWS)
    return Warnings(
        tabs=[
            Tab(f"{of}-{key}", f"{CHANNELS[of]} · {WARNINGS[key]}", n[f"{key}_{of}"],
                f"show={key}&channel={of}", (key, of) == (show, channel))
            for of in CHANNELS
            for key in WARNINGS
        ],
        page=page,
        reported=orders_reported(shop=shop, refs=[order.external_id for order in page.rows]),
        due=n["due_normal"] + n["due_live"],
        overdue=n["overdue_normal"] + n["overdue_live"],
        now=now,
    )  # fmt: skip


def urgency_of(ship_by: datetime, now: datetime) -> str:
    """Which of :data:`WARNINGS` a deadline is."""
    if ship_by < now:
        return "overdue"
    return "due" if ship_by < now + DUE_WITHIN else "later"


def orders_reported(*, shop: Shop, refs: Collection[str]) -> frozenset[str]:
    """Those of some orders that have a delay report."""
    rows = DelayReport.objects.for_shop(shop).filter(order_ref__in=refs)
    return frozenset(rows.values_list("order_ref", flat=True))


def hours_allowed(now: datetime) -> dict[str, int]:
    """How many hours a parcel may go without an event, by status."""
    rules = clock_rules(clock_book().sets, shanghai_day(now))
    return {status: rules[f"parcel.{status}"] for status in PARCELS}


def parcels_stuck(*, shop: Shop, status: str, now: datetime) -> QuerySet[Parcel]:
    """Parcels in a status without an event for longer than the rules allow, longest first."""
    rows = Parcel.objects.for_shop(shop).filter(is_stuck(status, now))
    return rows.order_by("last_event_at", "pk")


def is_stuck(status: str, now: datetime) -> Q:
    """Parcels in a status, in any of :data:`PARCELS` where it is empty, that stand still."""
    found = Q()
    for one, hours in hours_allowed(now).items():
        if status in ("", one):
            found |= Q(status=one, last_event_at__lt=now - timedelta(hours=hours))
    return found


def parcels(*, shop: Shop, asked: QueryDict, now: datetime) -> Parcels:
    """Abnormal parcels: ``show`` is their status."""
    show = asked.get("show", "")
    show = show if show in PARCELS else "in_transit"
    found = {key: parcels_stuck(shop=shop, status=key, now=now) for key in PARCELS}
    counts = {key: rows.count() for key, rows in found.items()}
    return Parcels(
        tabs=[
            Tab(key, str(word), counts[key], f"show={key}", key == show)
            for key, word in PARCELS.items()
        ],
        page=page_of(found[show], asked, size=PAGE_ROWS),
        hours=hours_allowed(now)[show],
        total=sum(counts.values()),
        now=now,
    )


def reports(*, shop: Shop, asked: QueryDict, now: datetime) -> Reports:
    """Delay reports: ``show`` is their decision."""
    show = asked.get("show", "")
    show = show if show in DECISIONS else "pending"
    rows = DelayReport.objects.for_shop(shop)
    counts = {key: rows.filter(decision=key).count() for key in DECISIONS}
    return Reports(
        tabs=[
            Tab(key, str(word), counts[key], f"show={key}", key == show)
            for key, word in DECISIONS.items()
        ],
        page=page_of(rows.filter(decision=show).order_by("-filed_at", "pk"), asked, size=PAGE_ROWS),
        waiting=counts["pending"],
        now=now,
    )
