"""对账: the statement line by line beside the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from freightins.models import Reconciled, StatementLine
from freightins.selectors.statement_words import note_word, side_word, status_word
from shopguard.lib.exports import Column
from shopguard.lib.paging import Page, page_of
from stores.models import Shop

YEAR = timedelta(days=365)
SIZE = 50
FEN = 100
PAIRS_SHOWN = 5
OPEN, SEEN, ALL = "open", "seen", "all"
IS_OPEN = Q(seen_at__isnull=True) & ~Q(status=Reconciled.Status.MATCHED)
TABS: dict[str, Q] = {
    OPEN: IS_OPEN,
    **{
        status: IS_OPEN & Q(status=status)
        for status in (
            Reconciled.Status.DIFFERENT.value,
            Reconciled.Status.MISSING.value,
            Reconciled.Status.UNKNOWN.value,
        )
    },
    SEEN: Q(seen_at__isnull=False),
    Reconciled.Status.MATCHED.value: Q(status=Reconciled.Status.MATCHED),
    ALL: Q(),
}


@dataclass(frozen=True)
class Asked:
    """What a query asks for: a tab of :data:`TABS`, a side or both, part of an order's number."""

    tab: str = OPEN
    side: str = ""
    search: str = ""

    def query(self, **other: str) -> str:
        """The same as a query, with other values for some of it."""
        found = QueryDict(mutable=True)
        for name, value in {"tab": self.tab, "side": self.side, "q": self.search, **other}.items():
            if value and not (name == "tab" and value == OPEN):
                found[name] = value
        return found.urlencode()


@dataclass(frozen=True)
class Tab:
    """A tab with how many rows it has."""

    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Pair:
    """Fees that all differ the same way: what we expected, what was taken, of how many orders."""

    expected: int
    stated: int
    orders: int


@dataclass(frozen=True)
class Side:
    """The sums of one side, fen: what the statement says, and what was expected of the same."""

    word: str
    stated: int
    expected: int
    orders: int


@dataclass(frozen=True)
class StatementPage:
    """What the page shows."""

    lines: int
    first: datetime | None
    last: datetime | None
    counts: dict[str, int]
    sides: list[Side]
    pairs: Sequence[Pair]
    tabs: list[Tab]
    page: Page[Reconciled]
    asked: Asked
    now: datetime

    @property
    def query(self) -> str:
        """The filters as a query."""
        return self.asked.query()

    @property
    def is_seen(self) -> bool:
        """Whether the rows shown were looked at already."""
        return self.asked.tab == SEEN

    @property
    def can_mark(self) -> bool:
        """Whether the tab shows rows somebody still looks at, or takes that back."""
        return self.asked.tab not in (ALL, Reconciled.Status.MATCHED)


def asked_of(given: QueryDict) -> Asked:
    """What a query asks for; what it does not understand counts as nothing."""
    tab, side = given.get("tab", ""), given.get("side", "")
    return Asked(
        tab=tab if tab in TABS else OPEN,
        side=side if side in StatementLine.Entry.values else "",
        search=given.get("q", "").replace("\x00", "").strip()[:96],
    )


def reconciled_asked(*, shop: Shop, asked: Asked, now: datetime) -> QuerySet[Reconciled]:
    """The rows of the last year a query asks for, the newest first."""
    rows = Reconciled.objects.for_shop(shop).filter(TABS[asked.tab], at__gte=now - YEAR)
    if asked.side:
        rows = rows.filter(side=asked.side)
    if asked.search:
        rows = rows.filter(order_ref__icontains=asked.search)
    return rows.order_by("-at", "-pk")


def keys_until(rows: QuerySet[Reconciled], until: datetime) -> list[tuple[int, int]]:
    """Key and version of the rows that have not changed since an instant."""
    return list(rows.filter(changed_at__lte=until).values_list("pk", "version"))


def differences_open(*, shop: Shop) -> QuerySet[Reconciled]:
    """Differences nobody has looked at."""
    return Reconciled.objects.for_shop(shop).filter(IS_OPEN)


def statement_page(*, shop: Shop, given: QueryDict, now: datetime) -> StatementPage:
    """The page a query asks for."""
    asked = asked_of(given)
    rows = Reconciled.objects.for_shop(shop).filter(at__gte=now - YEAR).order_by()
    counts = rows.aggregate(**{tab: Count("pk", filter=where) for tab, where in TABS.items()})
    spoken = rows.filter(stated__isnull=False).aggregate(
        first=Min("at"), last=Max("at"), lines=Sum("lines")
    )
    return StatementPage(
        lines=spoken["lines"] or 0,
        first=spoken["first"],
        last=spoken["last"],
        counts=counts,
        sides=_sides(rows),
        pairs=_pairs(rows),
        tabs=[
            Tab(_label(tab), counts[tab], asked.query(tab=tab), tab == asked.tab) for tab in TABS
        ],
        page=page_of(reconciled_asked(shop=shop, asked=asked, now=now), given, size=SIZE),
        asked=asked,
        now=now,
    )


def _label(tab: str) -> str:
    words = {OPEN: _("要看的"), SEEN: _("已核对"), ALL: pgettext("statement", "全部")}
    return words[tab] if tab in words else status_word(tab)


def _sides(rows: QuerySet[Reconciled]) -> list[Side]:
    sums = rows.values_list("side").annotate(
        stated=Coalesce(Sum("stated"), 0), expected=Coalesce(Sum("expected"), 0), n=Count("pk")
    )
    found = {side: Side(side_word(side), *rest) for side, *rest in sums}
    return [
        found.get(side) or Side(side_word(side), 0, 0, 0) for side in StatementLine.Entry.values
    ]


def _pairs(rows: QuerySet[Reconciled]) -> list[Pair]:
    """The most frequent differences of fees: a fee the platform computes otherwise."""
    different = rows.filter(
        IS_OPEN, side=StatementLine.Entry.FEE, status=Reconciled.Status.DIFFERENT
    )
    pairs = different.values_list("expected", "stated").annotate(n=Count("pk"))
    return [Pair(*pair) for pair in pairs.filter(n__gt=1).order_by("-n", "expected")[:PAIRS_SHOWN]]


def statement_columns() -> list[Column[Reconciled]]:
    """The comparison as columns of a file; money is yuan."""
    return [
        Column(_("订单编号"), lambda row: row.order_ref),
        Column(_("款项"), lambda row: side_word(row.side)),
        Column(_("结果"), lambda row: status_word(row.status)),
        Column(_("说明"), lambda row: note_word(row.note)),
        Column(_("预期，元"), lambda row: _yuan(row.expected)),
        Column(_("对账单，元"), lambda row: _yuan(row.stated)),
        Column(_("对账单行数"), lambda row: row.lines),
        Column(_("时间"), lambda row: row.at),
        Column(_("核对人"), lambda row: row.seen_by),
        Column(_("核对原因"), lambda row: row.seen_reason),
    ]


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / FEN
