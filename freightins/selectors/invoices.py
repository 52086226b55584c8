"""The months an invoice can be asked for, and the requests there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from freightins.calc.invoices import REFUSED, STEPS, WITHDRAWN
from freightins.models import Cover, InvoiceRequest, Reconciled
from shopguard.lib.days import SHANGHAI, at_hour, shanghai_day
from shopguard.lib.exports import Column
from stores.models import Shop

YEAR = timedelta(days=365)
FEN = 100
ENDED = (REFUSED, WITHDRAWN)


@dataclass(frozen=True)
class InvoiceMonth:
    """The fees of a whole month, fen, and whether they are only our own figures."""

    month: date
    amount: int
    is_estimated: bool


@dataclass(frozen=True)
class InvoiceLine:
    """A request as it is shown, with the steps it can take."""

    request: InvoiceRequest
    state: str
    steps: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class InvoicesPage:
    """What the page shows."""

    months: list[InvoiceMonth]
    lines: list[InvoiceLine]
    waiting: int
    title: str
    tax_number: str
    now: datetime


def invoice_months(*, shop: Shop, now: datetime) -> list[InvoiceMonth]:
    """The whole months of the last year with fees, newest first: as stated, else as covered."""
    this_month = at_hour(shanghai_day(now).replace(day=1), 0)
    covers = (
        Cover.objects.for_shop(shop)
        .filter(reason="", from_at__gte=now - YEAR, from_at__lt=this_month)
        .annotate(month=TruncMonth("from_at", tzinfo=SHANGHAI))
        .order_by()
        .values_list("month")
        .annotate(fen=Sum("fee"))
    )
    stated = (
        Reconciled.objects.for_shop(shop)
        .filter(side="fee", stated__isnull=False, at__gte=now - YEAR, at__lt=this_month)
        .annotate(month=TruncMonth("at", tzinfo=SHANGHAI))
        .order_by()
        .values_list("month")
        .annotate(fen=Sum("stated"))
    )
    found = {month.date(): InvoiceMonth(month.date(), fen or 0, True) for month, fen in covers}
    found |= {month.date(): InvoiceMonth(month.date(), fen, False) for month, fen in stated}
    return [found[month] for month in sorted(found, reverse=True) if found[month].amount > 0]


def invoices_of(*, shop: Shop) -> QuerySet[InvoiceRequest]:
    """Every request of a shop, newest first."""
    return InvoiceRequest.objects.for_shop(shop).order_by("-requested_at", "-pk")


def invoices_page(*, shop: Shop, now: datetime) -> InvoicesPage:
    """The page: months still to ask for, requests, and title and number of the last one."""
    rows = list(invoices_of(shop=shop))
    live = {row.month for row in rows if row.state not in ENDED}
    waiting = InvoiceRequest.objects.for_shop(shop).aggregate(
        n=Count("pk", filter=Q(state__in=[state for state, steps in STEPS.items() if steps]))
    )
    return InvoicesPage(
        months=[one for one in invoice_months(shop=shop, now=now) if one.month not in live],
        lines=[
            InvoiceLine(
                row, state_word(row.state), [(to, step_word(to)) for to in STEPS[row.state]]
            )
            for row in rows
        ],
        waiting=waiting["n"],
        title=rows[0].title if rows else "",
        tax_number=rows[0].tax_number if rows else "",
        now=now,
    )


def state_word(state: str) -> str:
    """Where a request stands."""
    return {
        InvoiceRequest.State.REQUESTED.value: pgettext("invoice", "待提交平台"),
        InvoiceRequest.State.SUBMITTED.value: pgettext("invoice", "平台处理中"),
        InvoiceRequest.State.ISSUED.value: pgettext("invoice", "已开具"),
        InvoiceRequest.State.REFUSED.value: pgettext("invoice", "被退回"),
        InvoiceRequest.State.WITHDRAWN.value: pgettext("invoice", "已撤回"),
    }[state]


def step_word(to: str) -> str:
    """The step to a state, as a button says it."""
    return {
        InvoiceRequest.State.SUBMITTED.value: _("已在平台提交"),
        InvoiceRequest.State.ISSUED.value: _("已收到发票"),
        InvoiceRequest.State.REFUSED.value: _("平台退回了"),
        InvoiceRequest.State.WITHDRAWN.value: _("撤回申请"),
    }[to]


def invoice_columns() -> list[Column[InvoiceRequest]]:
    """Requests as columns of a file; money is yuan."""
    return [
        Column(_("月份"), lambda row: f"{row.month:%Y-%m}"),
        Column(_("发票抬头"), lambda row: row.title),
        Column(_("税号"), lambda row: row.tax_number),
        Column(_("金额，元"), lambda row: row.amount / FEN),
        Column(_("按规则估计"), lambda row: row.is_estimated),
        Column(_("状态"), lambda row: state_word(row.state)),
        Column(_("发票号码"), lambda row: row.number),
        Column(_("说明"), lambda row: row.note),
        Column(_("申请人"), lambda row: row.requested_by),
        Column(_("申请时间"), lambda row: row.requested_at),
    ]
