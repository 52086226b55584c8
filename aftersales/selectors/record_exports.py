"""Reviews, complaints, orders, parcels and delay reports as files: the rows on screen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.models import ComplaintWork
from aftersales.selectors import complaints, reviews, shipping
from shopguard.lib.exports import Column
from stores.models import DelayReport, Shop
from stores.selectors.waiting import orders_to_ship

PIECE = 500


@dataclass(frozen=True)
class Export:
    """A file: the end of its name, columns and rows."""

    name: str
    columns: list[Column[Any]]
    rows: Iterable[Any]


Exporter = Callable[[Shop, QueryDict, datetime], Export]


def _asked(asked: QueryDict, name: str, known: Iterable[str], usual: str) -> str:
    value = asked.get(name, "")
    return value if value in known else usual


def reviews_export(shop: Shop, asked: QueryDict, now: datetime) -> Export:
    """The list of reviews ``asked`` names, or the orders to invite."""
    show = _asked(asked, "show", reviews.SHOWS, "waiting")
    if show == "invite":
        orders = reviews.orders_to_invite(shop=shop, now=now)
        columns: list[Column[Any]] = [
            Column(_("订单编号"), lambda order: order.external_id),
            Column(_("签收时间"), lambda order: order.signed_at),
        ]
        return Export(show, columns, orders.iterator(chunk_size=PIECE))
    columns = [
        Column(_("评价编号"), lambda review: review.external_id),
        Column(_("订单编号"), lambda review: review.order_ref),
        Column(_("商品编号"), lambda review: review.product_ref),
        Column(_("评分"), lambda review: review.rating),
        Column(_("内容"), lambda review: review.text),
        Column(_("创建时间"), lambda review: review.created_at),
        Column(_("回复时间"), lambda review: review.replied_at),
    ]
    rows = reviews.reviews_shown(shop, show, now)
    return Export(show, columns, rows.iterator(chunk_size=PIECE))


def complaints_export(shop: Shop, asked: QueryDict, now: datetime) -> Export:
    """The list of complaints ``asked`` names, with what was done."""
    show = _asked(asked, "show", complaints.SHOWS, "waiting")
    works = {work.complaint_ref: work for work in ComplaintWork.objects.for_shop(shop)}

    def work(name: str) -> Callable[[Any], Any]:
        return lambda complaint: getattr(works.get(complaint.external_id), name, None)

    def paid(complaint: Any) -> float | None:
        fen = work("compensation")(complaint)
        return None if fen is None else fen / 100

    columns: list[Column[Any]] = [
        Column(_("投诉编号"), lambda complaint: complaint.external_id),
        Column(_("订单编号"), lambda complaint: complaint.order_ref),
        Column(_("发起时间"), lambda complaint: complaint.opened_at),
        Column(_("回复时间"), lambda complaint: complaint.answered_at),
        Column(_("内容"), lambda complaint: complaint.text),
        Column(_("协商撤诉"), work("withdrawal_agreed_at")),
        Column(_("补偿，元"), paid),
        Column(_("备注"), work("note")),
    ]
    rows = complaints.complaints_shown(shop, show).iterator(chunk_size=PIECE)
    return Export(show, columns, rows)


def orders_export(shop: Shop, asked: QueryDict, now: datetime) -> Export:
    """The orders to ship ``asked`` names by urgency and channel."""
    show = _asked(asked, "show", shipping.WARNINGS, "due")
    channel = _asked(asked, "channel", shipping.CHANNELS, "normal")
    rows = orders_to_ship(shop=shop).filter(shipping.urgency(show, now), channel=channel)
    columns: list[Column[Any]] = [
        Column(_("订单编号"), lambda order: order.external_id),
        Column(_("最晚发货时间"), lambda order: order.ship_by),
        Column(_("下单时间"), lambda order: order.placed_at),
        Column(_("省份"), lambda order: order.province),
    ]
    ordered = rows.order_by("ship_by", "pk").iterator(chunk_size=PIECE)
    return Export(f"{channel} {show}", columns, ordered)


def parcels_export(shop: Shop, asked: QueryDict, now: datetime) -> Export:
    """The parcels that stand still in the status ``asked`` names."""
    show = _asked(asked, "show", shipping.PARCELS, "in_transit")
    rows = shipping.parcels_stuck(shop=shop, status=show, now=now)
    columns: list[Column[Any]] = [
        Column(_("快递单号"), lambda parcel: parcel.external_id),
        Column(_("快递公司"), lambda parcel: parcel.courier),
        Column(_("订单编号"), lambda parcel: parcel.order_ref),
        Column(_("最后一条记录"), lambda parcel: parcel.last_event_at),
        Column(_("发出时间"), lambda parcel: parcel.shipped_at),
    ]
    return Export(show, columns, rows.iterator(chunk_size=PIECE))


def delay_reports_export(shop: Shop, asked: QueryDict, now: datetime) -> Export:
    """The delay reports of the decision ``asked`` names."""
    show = _asked(asked, "show", shipping.DECISIONS, "pending")
    rows = DelayReport.objects.for_shop(shop).filter(decision=show).order_by("-filed_at", "pk")
    columns: list[Column[Any]] = [
        Column(pgettext("column", "报备编号"), lambda report: report.external_id),
        Column(_("订单编号"), lambda report: report.order_ref),
        Column(_("原因"), lambda report: report.cause),
        Column(_("凭证"), lambda report: report.evidence),
        Column(_("提交时间"), lambda report: report.filed_at),
        Column(_("审核时间"), lambda report: report.decided_at),
    ]
    return Export(show, columns, rows.iterator(chunk_size=PIECE))
