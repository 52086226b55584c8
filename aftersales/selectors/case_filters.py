"""What a person asks of the workbench: from an address to cases, and back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.calc.case_states import BUYER_STATES
from aftersales.case_words import KIND_WORDS
from aftersales.models import AfterSaleCase
from shopguard.lib.days import day_start, shanghai_day
from shopguard.lib.money import fen_from_yuan
from stores.models import OrderLine, Shop

URGENT_WITHIN = timedelta(hours=6)
ENDED_WITHIN = timedelta(days=30)
ONE_DAY = timedelta(days=1)
LONGEST_TEXT = 96
QUEUES: Mapping[str, Promise] = {
    "open": _("进行中"),
    "today": _("今天到期"),
    "chased": _("买家催促"),
    "review": _("待审核"),
    "receipt": _("待收货"),
    "refund_due": _("待退款"),
    "ship_back": _("待换出"),
    "buyer": _("等买家"),
    "platform": _("平台介入"),
    "ended": _("近 30 天完结"),
}
SORT_WORDS: Mapping[str, Promise] = {
    "urgent": _("急的在前"),
    "due": _("先到期的在前"),
    "newest": _("最新申请在前"),
    "amount": _("金额大的在前"),
}
# Kinds in the order in which they are worked among equally urgent cases.
KIND_ORDER = ("refund_unshipped", "refund_shipped", "return_refund", "exchange", "freight_only")


@dataclass(frozen=True)
class Chosen:
    """A selection of cases. ``most`` is an amount in yuan as it was written, if it is one."""

    queue: str = "open"
    sort: str = "urgent"
    kind: str = ""
    reason: str = ""
    product: str = ""
    most: str = ""
    record: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside the queue narrows it."""
        return bool(self.kind or self.reason or self.product or self.most or self.record)

    def query(self, **changed: str) -> str:
        """The query of the selection, some of it changed; empty parts left out."""
        asked = {
            "queue": self.queue, "sort": self.sort, "kind": self.kind, "reason": self.reason,
            "product": self.product, "most": self.most, "q": self.record, **changed,
        }  # fmt: skip
        return urlencode({name: value for name, value in asked.items() if value})


def chosen_from(asked: Mapping[str, str]) -> Chosen:
    """The selection an address names; what it names wrongly counts as not named."""
    queue, sort = asked.get("queue", ""), asked.get("sort", "")
    kind, most = asked.get("kind", ""), _text(asked.get("most", ""))
    return Chosen(
        queue=queue if queue in QUEUES else "open",
        sort=sort if sort in SORT_WORDS else "urgent",
        kind=kind if kind in KIND_WORDS else "",
        reason=_text(asked.get("reason", "")),
        product=_text(asked.get("product", "")),
        most=most if _fen(most) is not None else "",
        record=_text(asked.get("q", "")),
    )


def _text(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST_TEXT]


def _fen(text: str) -> int | None:
    try:
        return min(fen_from_yuan(text), 2**60)
    except ValueError:
        return None


def states_of(queue: str) -> Collection[str]:
    """The states of the open cases of a queue that is known by them alone."""
    return BUYER_STATES if queue == "buyer" else (queue,)


def in_queue(queue: str, now: datetime) -> Q:
    """Which cases belong to a queue. All but the ended ones are open."""
    if queue == "ended":
        return ~Q(outcome="open") & Q(closed_at__gte=now - ENDED_WITHIN)
    waits = Q(outcome="open")
    tonight = day_start(shanghai_day(now) + ONE_DAY)
    return waits & {
        "open": Q(),
        "today": Q(due_at__lt=tonight) & ~Q(state__in=BUYER_STATES),
        "chased": Q(chases__gt=0),
    }.get(queue, Q(state__in=states_of(queue)))


def is_urgent(now: datetime) -> Q:
    """About to expire on the shop, past it, or chased."""
    near = Q(due_at__lt=now + URGENT_WITHIN) & ~Q(state__in=BUYER_STATES)
    return Q(outcome="open") & (near | Q(chases__gt=0))


def is_chosen(*, shop: Shop, chosen: Chosen, now: datetime) -> Q:
    """Which cases of a shop belong to a selection."""
    wanted = in_queue(chosen.queue, now)
    if chosen.kind:
        wanted &= Q(kind=chosen.kind)
    if chosen.reason:
        wanted &= Q(reason__icontains=chosen.reason)
    if chosen.most:
        wanted &= Q(requested__lte=_fen(chosen.most))
    if chosen.record:
        wanted &= Q(external_id=chosen.record) | Q(order_ref=chosen.record)
    if chosen.product:
        lines = OrderLine.objects.for_shop(shop).filter(product_ref=chosen.product)
        wanted &= Q(order_ref__in=lines.values("order_ref"))
    return wanted


def cases_chosen(*, shop: Shop, chosen: Chosen, now: datetime) -> QuerySet[AfterSaleCase]:
    """The cases of a selection in its order: urgent ones first, then by kind and deadline."""
    wanted = is_chosen(shop=shop, chosen=chosen, now=now)
    return _sorted(AfterSaleCase.objects.for_shop(shop).filter(wanted), chosen, now)


def _sorted(
    rows: QuerySet[AfterSaleCase], chosen: Chosen, now: datetime
) -> QuerySet[AfterSaleCase]:
    due = F("due_at").asc(nulls_last=True)
    if chosen.sort == "newest":
        return rows.order_by("-applied_at", "pk")
    if chosen.sort == "amount":
        return rows.order_by(F("requested").desc(nulls_last=True), "pk")
    if chosen.queue == "ended":
        return rows.order_by("-closed_at", "pk")
    if chosen.sort == "due":
        return rows.order_by(due, "pk")
    urgent = Case(When(is_urgent(now), then=Value(0)), default=Value(1))
    theirs = Case(
        When(state__in=[*BUYER_STATES, "platform"], then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return rows.order_by(urgent, theirs, due, "kind", "state", "pk")
