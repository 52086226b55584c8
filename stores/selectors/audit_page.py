"""The audit log as the desk shows and exports it: filters, rows, columns, the end of the chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from shopguard.lib.days import at_hour
from shopguard.lib.exports import Column
from shopguard.lib.paging import Page, page_of
from stores.models import AuditEntry
from stores.selectors.audit import audit_entries
from stores.selectors.audit_words import ACTIONS, action_word, object_word

ROWS_A_PAGE = 50
BLOCKS_SHOWN = 4
TEXT_CHARS = 150
YEARS = range(2000, 2101)
DAY = timedelta(days=1)
ABSENT = "—"


@dataclass(frozen=True)
class AuditFilters:
    """What the log is narrowed to; empty texts narrow nothing.

    ``bad_dates`` are the dates nobody can read: the page says so instead of showing everything.
    """

    actor: str = ""
    action: str = ""
    shop: str = ""
    object: str = ""
    since: date | None = None
    until: date | None = None
    bad_dates: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        texts = (self.actor, self.action, self.shop, self.object)
        return any(texts) or self.since is not None or self.until is not None or self.has_bad_dates

    @property
    def has_bad_dates(self) -> bool:
        """Whether a date could not be read."""
        return bool(self.bad_dates)


@dataclass(frozen=True)
class Change:
    """One value before and after, as text; — where there was none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class AuditLine:
    """One row in words."""

    entry: AuditEntry

    @property
    def action(self) -> str:
        """What was done."""
        return action_word(self.entry.action)

    @property
    def object(self) -> str:
        """To what."""
        return f"{object_word(self.entry.object_type)} {self.entry.object_id}"

    @property
    def shop_name(self) -> str:
        """In which shop; empty above the shops or when the shop is gone."""
        return self.entry.shop.name if self.entry.shop else ""

    @cached_property
    def changes(self) -> list[Change]:
        """What differs between before and after."""
        before, after = _flat(self.entry.before), _flat(self.entry.after)
        return [
            Change(name, before.get(name, ABSENT), after.get(name, ABSENT))
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ]

    @property
    def changes_text(self) -> str:
        """The same in one line, for a cell."""
        return "; ".join(f"{c.name}: {c.before} → {c.after}" for c in self.changes)


def audit_filters(asked: QueryDict) -> AuditFilters:
    """The filters of an address: ``actor, action, shop, object, since, until``."""
    texts = {name: _text(asked, name) for name in ("actor", "action", "shop", "object")}
    days: dict[str, date | None] = {}
    bad = []
    for name in ("since", "until"):
        written = _text(asked, name)
        days[name] = _day(written)
        if written and days[name] is None:
            bad.append(written)
    return AuditFilters(**texts, **days, bad_dates=tuple(bad))  # type: ignore[arg-type]


def audit_found(filters: AuditFilters) -> QuerySet[AuditEntry]:
    """The rows that match, the newest first."""
    rows = audit_entries().order_by("-pk")
    if filters.has_bad_dates:
        return rows.none()
    if filters.actor:
        rows = rows.filter(actor__icontains=filters.actor)
    if filters.action:
        rows = rows.filter(action=filters.action)
    if filters.shop:
        rows = rows.filter(
            Q(shop__external_id=filters.shop) | Q(shop__name__icontains=filters.shop)
        )
    if filters.object:
        rows = rows.filter(Q(object_id=filters.object) | Q(object_type=filters.object))
    if filters.since:
        rows = rows.filter(at__gte=at_hour(filters.since, 0))
    if filters.until:
        rows = rows.filter(at__lt=at_hour(filters.until, 0) + DAY)
    return rows


def audit_page(filters: AuditFilters, asked: QueryDict) -> Page[AuditLine]:
    """One page of what matches."""
    page: Page[AuditEntry] = page_of(audit_found(filters), asked, size=ROWS_A_PAGE)
    lines = [AuditLine(entry) for entry in page.rows]
    return Page(
        lines, page.number, page.pages, page.total, page.first, page.previous_query, page.next_query
    )


def audit_lines(filters: AuditFilters) -> Any:
    """Every row that matches, one after the other, for an export."""
    return (AuditLine(entry) for entry in audit_found(filters).iterator(chunk_size=2000))


def audit_columns() -> list[Column[AuditLine]]:
    """The columns of the table and of its export, in the active language."""
    return [
        Column(_("编号"), lambda line: line.entry.pk),
        Column(_("时间"), lambda line: line.entry.at),
        Column(_("操作人"), lambda line: line.entry.actor),
        Column(_("操作"), lambda line: line.action),
        Column(_("店铺"), lambda line: line.shop_name),
        Column(_("对象"), lambda line: line.object),
        Column(_("改动"), lambda line: line.changes_text),
        Column(_("理由"), lambda line: line.entry.reason),
        Column(_("哈希"), lambda line: line.entry.hash),
    ]


def action_choices() -> list[tuple[str, str]]:
    """The actions one can filter by, with their words."""
    return [(action, action_word(action)) for action in ACTIONS]


def chain_end() -> list[AuditEntry]:
    """The last rows of the chain, the newest last."""
    return list(AuditEntry.objects.order_by("-pk")[:BLOCKS_SHOWN])[::-1]


def _text(asked: QueryDict, name: str) -> str:
    return asked.get(name, "").replace("\x00", "").strip()[:TEXT_CHARS]


def _day(written: str) -> date | None:
    try:
        day = datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _flat(value: Any) -> Mapping[str, str]:
    """A JSON value as names and texts; what is no object stands under one name."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        return {_("值"): _plain(value)}
    return {str(name): _plain(item) for name, item in value.items()}


def _plain(value: Any) -> str:
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}={_plain(item)}" for name, item in value.items())
    return str(value)
