"""The page of complaints: the 24 hour timer, and what the shop did about each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.calc.case_clocks import clock_rules
from aftersales.models import ComplaintWork
from aftersales.rules import clock_book
from aftersales.selectors.replies import Reply, replies_of
from shopguard.lib.days import shanghai_day
from shopguard.lib.paging import Page, page_of
from stores.models import Complaint, Shop

PAGE_ROWS = 25
URGENT_WITHIN = timedelta(hours=6)
SHOWS: Mapping[str, Promise] = {
    "waiting": _("待回复"),
    "open": _("处理中"),
    "ended": _("已结束"),
}
TOPIC_WORDS: Mapping[str, Promise] = {
    "return_freight": _("退货运费"),
    "blacklist": _("拉黑"),
    "attitude": _("服务态度"),
    "quality": _("商品质量"),
    "logistics": _("物流"),
    "other": _("其他"),
}
OUTCOME_WORDS: Mapping[str, Promise] = {
    "open": _("未结"),
    "upheld": _("成立"),
    "rejected": _("不成立"),
    "withdrawn": _("已撤诉"),
}
CHECKS: Mapping[str, Promise] = {
    "plan_clear": _("方案写清楚了，不含糊"),
    "contact_right": _("联系电话和退货地址核对过"),
    "promise_kept": _("答应的事跟进到位了"),
    "alternative_offered": _("买家不接受时给了别的方案"),
}


@dataclass(frozen=True)
class Check:
    """A point of the checklist and whether it is done."""

    name: str
    label: str
    is_done: bool


@dataclass(frozen=True)
class ComplaintLine:
    """A complaint with its timer and what was done."""

    complaint: Complaint
    work: ComplaintWork
    topic: str
    outcome: str
    due_at: datetime | None
    tone: str
    checks: list[Check]

    @property
    def key(self) -> str:
        """Its key as it stands in addresses and names: a number is written afresh each time."""
        return str(self.complaint.pk)


@dataclass(frozen=True)
class ComplaintsPage:
    """Everything the page shows."""

    show: str
    shows: list[tuple[str, str, int, bool]]
    page: Page[Complaint]
    lines: list[ComplaintLine]
    waiting: int
    overdue: int
    hours: int
    replies: list[Reply]
    now: datetime


def complaints_page(*, shop: Shop, asked: QueryDict, now: datetime) -> ComplaintsPage:
    """The page ``asked`` names: ``show`` is one of :data:`SHOWS`."""
    show = asked.get("show", "")
    show = show if show in SHOWS else "waiting"
    hours = clock_rules(clock_book().sets, shanghai_day(now))["complaint.answer"]
    counts = _counts(shop, now - timedelta(hours=hours))
    page = page_of(complaints_shown(shop, show), asked, size=PAGE_ROWS, total=counts[show])
    refs = [complaint.external_id for complaint in page.rows]
    works = ComplaintWork.objects.for_shop(shop).filter(complaint_ref__in=refs)
    known = {work.complaint_ref: work for work in works}
    return ComplaintsPage(
        show=show,
        shows=[(key, str(word), counts[key], key == show) for key, word in SHOWS.items()],
        page=page,
        lines=[
            _line(one, known.get(one.external_id) or ComplaintWork(), timedelta(hours=hours), now)
            for one in page.rows
        ],
        waiting=counts["waiting"],
        overdue=counts["overdue"],
        hours=hours,
        replies=[one for one in replies_of(shop=shop) if one.group == "complaint"],
        now=now,
    )


def complaints_shown(shop: Shop, show: str) -> QuerySet[Complaint]:
    """The complaints of a list, one of :data:`SHOWS`."""
    rows = Complaint.objects.for_shop(shop).filter(_is_shown(show))
    return rows.order_by("-opened_at" if show == "ended" else "opened_at", "pk")


def _is_shown(show: str) -> Q:
    if show == "ended":
        return ~Q(outcome="open")
    return Q(outcome="open", answered_at__isnull=show == "waiting")


def _counts(shop: Shop, late_before: datetime) -> dict[str, int]:
    """How many complaints each list holds, and how many that wait are ``overdue``; one query."""
    found: dict[str, int] = Complaint.objects.for_shop(shop).aggregate(
        overdue=Count("pk", filter=_is_shown("waiting") & Q(opened_at__lt=late_before)),
        **{show: Count("pk", filter=_is_shown(show)) for show in SHOWS},
    )
    return found


def _line(
    complaint: Complaint, work: ComplaintWork, allowed: timedelta, now: datetime
) -> ComplaintLine:
    waits = complaint.outcome == "open" and complaint.answered_at is None
    due = complaint.opened_at + allowed if waits else None
    tone = "" if due is None else "urgent" if due - now <= URGENT_WITHIN else "watch"
    return ComplaintLine(
        complaint=complaint,
        work=work,
        topic=str(TOPIC_WORDS.get(complaint.topic, complaint.topic)),
        outcome=str(OUTCOME_WORDS.get(complaint.outcome, complaint.outcome)),
        due_at=due,
        tone=tone,
        checks=[Check(name, str(word), getattr(work, name)) for name, word in CHECKS.items()],
    )
