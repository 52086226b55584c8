"""Whom to write to before a return, and after one; sending is the shop's own channel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aftersales.fix_words import OFFER_WORDS
from aftersales.models import AfterSaleCase, ReturnLoyalty, WinBackOffer
from aftersales.rules import diagnostic_rules_on
from aftersales.selectors.findings_page import Rate
from aftersales.selectors.replies import Reply, replies_of
from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import Column
from shopguard.lib.paging import Page, page_of
from stores.models import Consultation, Order, Parcel, Review, Shop

PAGE_ROWS = 25
SHOWS: Mapping[str, Promise] = {
    "late": _("包裹晚到"),
    "hint": _("到货提示"),
    "ask": _("确认前询问"),
    "back": _("退货后挽回"),
}
TEMPLATES = {"late": "late_parcel", "hint": "usage_hint", "ask": "satisfied", "back": "win_back"}
ON_THE_WAY = ("in_transit", "out_for_delivery", "customs")
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class WriteTo:
    """An order to write about: since when, and what was offered already."""

    order: Order
    since: datetime | None
    offer: WinBackOffer | None

    @property
    def offer_word(self) -> str:
        """What was offered."""
        return str(OFFER_WORDS.get(self.offer.offer, self.offer.offer)) if self.offer else ""

    @property
    def version(self) -> int:
        """The version of what was offered, 0 of nothing."""
        return self.offer.version if self.offer else 0


@dataclass(frozen=True)
class PreventionPage:
    """One list, its reply, and how many buyers came again."""

    show: str
    shows: list[tuple[str, str, bool]]
    page: Page[Order]
    lines: list[WriteTo]
    reply: Reply | None
    hours: Mapping[str, int]
    loyalty: ReturnLoyalty | None
    repeat_days: int
    now: datetime

    @property
    def offers(self) -> list[tuple[str, str]]:
        """What can be offered."""
        return [(key, str(word)) for key, word in OFFER_WORDS.items()]

    @property
    def groups(self) -> list[tuple[str, Rate]]:
        """Buyers who came again, with an offer and without."""
        return groups_of(self.loyalty)


@dataclass(frozen=True)
class ListCount:
    """One list: how many orders it holds, and the key of its reply."""

    show: str
    title: str
    orders: int
    reply_key: str


@dataclass(frozen=True)
class PreventionLists:
    """Every list, the hours they go by, and how many buyers came again."""

    lists: list[ListCount]
    hours: Mapping[str, int]
    repeat_days: int
    groups: list[tuple[str, Rate]]


def groups_of(row: ReturnLoyalty | None) -> list[tuple[str, Rate]]:
    """Buyers who returned and came again, with an offer and without; nothing before a night."""
    if row is None:
        return []
    return [
        (_t("收到挽回"), Rate(row.offered_k, row.offered_n)),
        (_t("没收到挽回"), Rate(row.others_k, row.others_n)),
    ]


def prevention_lists(*, shop: Shop, now: datetime) -> PreventionLists:
    """What all lists hold."""
    rules = diagnostic_rules_on(shanghai_day(now))
    return PreventionLists(
        lists=[
            ListCount(
                key, str(word), orders_to_write(shop=shop, show=key, now=now).count(),
                TEMPLATES[key],
            )
            for key, word in SHOWS.items()
        ],
        hours=rules.prevent,
        repeat_days=rules.repeat_days,
        groups=groups_of(ReturnLoyalty.objects.for_shop(shop).first()),
    )  # fmt: skip


def shown_of(asked: QueryDict) -> str:
    """The list an address asks for."""
    show = asked.get("show", "")
    return show if show in SHOWS else "late"


def prevention_page(*, shop: Shop, asked: QueryDict, now: datetime) -> PreventionPage:
    """The list ``asked`` names (``show``)."""
    show = shown_of(asked)
    rules = diagnostic_rules_on(shanghai_day(now))
    page = page_of(orders_to_write(shop=shop, show=show, now=now), asked, size=PAGE_ROWS)
    replies = {reply.key: reply for reply in replies_of(shop=shop)}
    return PreventionPage(
        show=show,
        shows=[(key, str(word), key == show) for key, word in SHOWS.items()],
        page=page,
        lines=lines_of(shop, show, list(page.rows)),
        reply=replies.get(TEMPLATES[show]),
        hours=rules.prevent,
        loyalty=ReturnLoyalty.objects.for_shop(shop).first() if show == "back" else None,
        repeat_days=rules.repeat_days,
        now=now,
    )


def orders_to_write(*, shop: Shop, show: str, now: datetime) -> QuerySet[Order]:
    """The orders of a list, with ``since``, the time it is about."""
    return {"late": _late, "hint": _hint, "ask": _ask, "back": _back}[show](shop, now)


def _late(shop: Shop, now: datetime) -> QuerySet[Order]:
    """On the way for longer than usual, and nobody has asked yet."""
    hours = diagnostic_rules_on(shanghai_day(now)).prevent
    parcels = Parcel.objects.for_shop(shop).filter(
        status__in=ON_THE_WAY, shipped_at__lt=now - timedelta(hours=hours["late_hours"]),
        shipped_at__gte=now - LATELY,
    )  # fmt: skip
    talks = Consultation.objects.for_shop(shop).filter(started_at__gte=now - LATELY)
    rows = Order.objects.for_shop(shop).filter(
        external_id__in=parcels.values("order_ref"), signed_at__isnull=True,
        cancelled_at__isnull=True,
    )  # fmt: skip
    rows = rows.exclude(external_id__in=talks.exclude(order_ref="").values("order_ref"))
    since = parcels.filter(order_ref=OuterRef("external_id")).order_by("shipped_at")
    rows = rows.annotate(since=Subquery(since.values("shipped_at")[:1]))
    return rows.filter(~_has_case(shop)).order_by("since", "pk")


def _has_case(shop: Shop) -> Exists:
    return Exists(AfterSaleCase.objects.for_shop(shop).filter(order_ref=OuterRef("external_id")))


def _hint(shop: Shop, now: datetime) -> QuerySet[Order]:
    """Just delivered, nothing wrong yet."""
    hours = diagnostic_rules_on(shanghai_day(now)).prevent["hint_hours"]
    rows = Order.objects.for_shop(shop).filter(signed_at__gte=now - timedelta(hours=hours))
    return rows.filter(~_has_case(shop), signed_at__lte=now).order_by("-signed_at", "pk")


def _ask(shop: Shop, now: datetime) -> QuerySet[Order]:
    """Delivered some days ago, not confirmed, nobody has said anything."""
    hours = diagnostic_rules_on(shanghai_day(now)).prevent
    reviews = Review.objects.for_shop(shop).filter(order_ref=OuterRef("external_id"))
    rows = Order.objects.for_shop(shop).filter(
        signed_at__gte=now - timedelta(hours=hours["ask_until_hours"]),
        signed_at__lt=now - timedelta(hours=hours["ask_from_hours"]), finished_at__isnull=True,
    )  # fmt: skip
    return rows.filter(~_has_case(shop), ~Exists(reviews)).order_by("signed_at", "pk")


def _back(shop: Shop, now: datetime) -> QuerySet[Order]:
    """Something came back in the last thirty days and was refunded."""
    cases = AfterSaleCase.objects.for_shop(shop).filter(
        closed_at__gte=now - LATELY, outcome="completed"
    )
    cases = cases.exclude(kind="freight_only")
    since = cases.filter(order_ref=OuterRef("external_id")).order_by("-closed_at")
    rows = Order.objects.for_shop(shop).filter(external_id__in=cases.values("order_ref"))
    rows = rows.annotate(since=Subquery(since.values("closed_at")[:1]))
    return rows.order_by("-since", "pk")


def lines_of(shop: Shop, show: str, orders: Sequence[Order]) -> list[WriteTo]:
    """The orders of a list with the time it is about, and what was offered; one query at most."""
    refs = [order.external_id for order in orders]
    offers: dict[str, WinBackOffer] = {}
    if show == "back":
        rows = WinBackOffer.objects.for_shop(shop).filter(order_ref__in=refs)
        offers = {row.order_ref: row for row in rows}
    return [
        WriteTo(order, getattr(order, "since", order.signed_at), offers.get(order.external_id))
        for order in orders
    ]


def lines_streamed(*, shop: Shop, show: str, now: datetime) -> Iterator[WriteTo]:
    """Every order of a list, some hundred at a time."""
    batch: list[Order] = []
    for order in orders_to_write(shop=shop, show=show, now=now).iterator(chunk_size=500):
        batch.append(order)
        if len(batch) == 500:
            yield from lines_of(shop, show, batch)
            batch = []
    yield from lines_of(shop, show, batch)


def prevention_columns(show: str) -> list[Column[WriteTo]]:
    """The list as a file."""
    since = {"late": _t("发出时间"), "back": _t("完结时间")}.get(show, _t("签收时间"))
    columns: list[Column[WriteTo]] = [
        Column(_t("订单编号"), lambda line: line.order.external_id),
        Column(since, lambda line: line.since),
        Column(_t("省份"), lambda line: line.order.province),
    ]
    if show == "back":
        columns += [
            Column(_t("挽回"), lambda line: line.offer_word),
            Column(_t("挽回日期"), lambda line: line.offer.offered_on if line.offer else None),
            Column(_t("备注"), lambda line: line.offer.note if line.offer else ""),
        ]
    return columns
