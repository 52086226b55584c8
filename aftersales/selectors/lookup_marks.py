"""What stands beside a record that was looked up: its state as icon and word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.case_words import state_word
from aftersales.models import AfterSaleCase
from aftersales.selectors.workbench import tone_of
from stores.models import Complaint, Order, Parcel

ON_THE_WAY = ("info", "truck")
PARCELS: Mapping[str, tuple[str, str, Promise]] = {
    "in_transit": (*ON_THE_WAY, _("运输中")),
    "out_for_delivery": (*ON_THE_WAY, _("派送中")),
    "customs": (*ON_THE_WAY, _("清关中")),
    "signed": ("good", "package-check", _("已签收")),
    "lost": ("urgent", "octagon-alert", _("丢失")),
    "returned": ("watch", "undo-2", _("已退回")),
}
NO_NEWS = ("none", "circle-dashed", _("没有物流记录"))
ORDERS: Mapping[str, tuple[str, str, Promise]] = {
    "cancelled": ("none", "x", _("已取消")),
    "signed": ("good", "package-check", _("已签收")),
    "shipped": (*ON_THE_WAY, _("已发货")),
    "late": ("urgent", "octagon-alert", _("发货已超期")),
    "to_ship": ("watch", "package", _("待发货")),
    "unpaid": ("none", "wallet", _("待付款")),
}


@dataclass(frozen=True)
class Mark:
    """A state badge: what the tag ``state`` takes."""

    kind: str
    icon: str
    word: str


def order_mark(order: Order, now: datetime) -> Mark:
    """How far an order has come."""
    kind, icon, word = ORDERS[_standing(order, now)]
    return Mark(kind, icon, str(word))


def _standing(order: Order, now: datetime) -> str:
    if order.cancelled_at is not None:
        return "cancelled"
    if order.signed_at is not None:
        return "signed"
    if order.shipped_at is not None:
        return "shipped"
    if order.paid_at is None and not order.is_cod:
        return "unpaid"
    return "late" if order.ship_by is not None and order.ship_by < now else "to_ship"


def waits_to_ship(order: Order, now: datetime) -> bool:
    """Whether a delay of the order can be reported."""
    return _standing(order, now) in ("late", "to_ship")


def case_mark(case: AfterSaleCase, now: datetime) -> Mark:
    """Where a case stands, in the colour of its deadline."""
    word = state_word(case.state)
    if case.outcome == "open":
        tone = tone_of(case, now) or "info"
        return Mark(tone, "octagon-alert" if tone == "urgent" else "clock", word)
    return Mark("none", "circle-check" if case.state == "completed" else "x", word)


def parcel_mark(parcel: Parcel) -> Mark:
    """Where a parcel is."""
    kind, icon, word = PARCELS.get(parcel.status, NO_NEWS)
    return Mark(kind, icon, str(word))


def complaint_show(complaint: Complaint) -> str:
    """Which list of the page of complaints it stands on."""
    if complaint.outcome != "open":
        return "ended"
    return "waiting" if complaint.answered_at is None else "open"
