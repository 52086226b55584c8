"""What the penalty log can be narrowed to, and the views that stand ready."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shopguard.lib.days import at_hour
from stores.models import Appeal, PenaltyLogRow, Violation
from stores.selectors.case_kinds import of_kind

TEXT_CHARS = 150
DAY, WEEK = timedelta(days=1), timedelta(days=7)
YEARS = range(2000, 2101)
TEXTS = ("shop", "clause", "kind", "state", "appeal", "person")
# key, name, the query it stands for
VIEWS: tuple[tuple[str, Any, dict[str, str]], ...] = (
    ("all", _("全部"), {}),
    ("pending", _("待执行"), {"state": "pending"}),
    ("in_review", _("申诉中"), {"state": "in_review"}),
    ("executed", _("已执行"), {"state": "executed"}),
    ("severe", _("严重违规"), {"kind": "severe"}),
    ("severe_week", _("上周严重待执行"), {"kind": "severe", "state": "pending"}),
)


@dataclass(frozen=True)
class PenaltyFilters:
    """Empty texts narrow nothing. ``bad_dates`` are dates nobody can read."""

    view: str = "all"
    shop: str = ""
    clause: str = ""
    kind: str = ""
    state: str = ""
    appeal: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None
    bad_dates: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for beside a view."""
        texts = (self.shop, self.clause, self.kind, self.state, self.appeal, self.person)
        return any(texts) or bool(self.since or self.until or self.bad_dates)


def penalty_filters(asked: QueryDict, *, today: date) -> PenaltyFilters:
    """The filters of an address; a view gives those it stands for."""
    view = asked.get("view", "all")
    ready = {key: query for key, _name, query in VIEWS}
    values: dict[str, Any] = {name: _text(asked, name) for name in TEXTS}
    days = {name: _day(_text(asked, name)) for name in ("since", "until")}
    bad = tuple(_text(asked, name) for name in days if _text(asked, name) and days[name] is None)
    if view not in ready:
        view = "all"
    values |= {name: value for name, value in ready[view].items() if not values[name]}
    if view == "severe_week" and not any(days.values()):
        monday = today - timedelta(days=today.weekday()) - WEEK
        days = {"since": monday, "until": monday + WEEK - DAY}
    return PenaltyFilters(view=view, bad_dates=bad, **(values | days))


def violations_found(filters: PenaltyFilters) -> QuerySet[Violation]:
    """The violations that match, the newest notice first."""
    told = Coalesce("notified_at", "occurred_at")
    rows = Violation.objects.select_related("shop").annotate(told_at=told)
    if filters.bad_dates:
        return rows.none()
    if filters.shop:
        rows = rows.filter(
            Q(shop__external_id=filters.shop) | Q(shop__name__icontains=filters.shop)
        )
    plain = {"clause": filters.clause, "state": filters.state}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if filters.kind:
        rows = rows.filter(of_kind(filters.kind))
    if filters.appeal:
        rows = rows.filter(_appealed(filters.appeal))
    if filters.person:
        rows = rows.filter(_handled_by(filters.person))
    if filters.since:
        rows = rows.filter(told_at__gte=at_hour(filters.since, 0))
    if filters.until:
        rows = rows.filter(told_at__lt=at_hour(filters.until, 0) + DAY)
    return rows.order_by("-told_at", "-pk")


def _appealed(state: str) -> Any:
    about = Appeal.objects.filter(shop=OuterRef("shop"), violation_ref=OuterRef("external_id"))
    if state == "none":
        return ~Exists(about)
    return Exists(about.filter(state=state))


def _handled_by(person: str) -> Exists:
    lines = PenaltyLogRow.objects.filter(
        shop=OuterRef("shop"), actor__icontains=person,
        key=Concat(Value("case:"), OuterRef("external_id")),
    )  # fmt: skip
    return Exists(lines)


def _text(asked: QueryDict, name: str) -> str:
    return asked.get(name, "").replace("\x00", "").strip()[:TEXT_CHARS]


def _day(written: str) -> date | None:
    try:
        day = datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    return day if day.year in YEARS else None
