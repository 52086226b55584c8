"""Violations as the penalty log and the owner's page list them, and why each point was given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import Column
from shopguard.lib.paging import Page, page_of
from stores.calc.clauses import Clause
from stores.calc.standing import Entry, Penalty, Standing
from stores.models import Appeal, PenaltyLogRow, Shop, Violation
from stores.selectors.case_words import KINDS, STATES, clause_text, clause_word, penalty_words
from stores.selectors.cases import appeal_limit, appeals_by_case
from stores.selectors.conduct import clause_of, standing_of, weight_of
from stores.selectors.penalty_log import case_key

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class CaseLine:
    """One violation with all that belongs to it."""

    case: Violation
    clause: Clause | None
    kind: str
    points: int
    entry: Entry | None
    appeals: tuple[Appeal, ...]
    last_line: PenaltyLogRow | None
    deadline: datetime | None
    now: datetime

    @property
    def clause_word(self) -> str:
        """``条款 4``."""
        return clause_word(self.case.clause)

    @property
    def text(self) -> str:
        """What the clause forbids."""
        return clause_text(self.clause)

    @property
    def kind_word(self) -> str:
        """General, severe or to be decided."""
        return str(KINDS[self.kind])

    @property
    def penalties(self) -> tuple[Penalty, ...]:
        """Penalties that began with this case."""
        return self.entry.penalties if self.entry else ()

    @property
    def penalty_words(self) -> str:
        """Those penalties in words."""
        return "; ".join(penalty_words(penalty) for penalty in self.penalties)

    @property
    def runs(self) -> bool:
        """Whether one of them runs today."""
        return any(penalty.runs_on(shanghai_day(self.now)) for penalty in self.penalties)

    @property
    def appeal(self) -> Appeal | None:
        """The newest try."""
        return self.appeals[-1] if self.appeals else None

    @property
    def is_overdue(self) -> bool:
        """Pending though the time to appeal is over: an imported case nobody reported on since."""
        is_pending = self.case.state == Violation.State.PENDING
        return is_pending and self.deadline is not None and self.deadline < self.now

    @property
    def can_appeal(self) -> bool:
        """Whether the shop may still write."""
        return self.case.state == Violation.State.PENDING and not self.is_overdue

    @property
    def state_word(self) -> str:
        """The state for an export."""
        return str(STATES[self.case.state][2])


def case_page(
    rows: QuerySet[Violation], asked: QueryDict, *, now: datetime, size: int = ROWS_A_PAGE
) -> Page[CaseLine]:
    """One page of violations as lines."""
    page: Page[Violation] = page_of(rows, asked, size=size)
    return Page(
        case_lines(page.rows, now=now), page.number, page.pages, page.total, page.first,
        page.previous_query, page.next_query,
    )  # fmt: skip


def case_lines(cases: Sequence[Violation], *, now: datetime) -> list[CaseLine]:
    """Violations of any shops with their appeals, penalties and log lines."""
    shops = {case.shop_id: case.shop for case in cases}
    appeals = appeals_by_case(list(shops))
    last = _last_lines(shops.values(), cases)
    entries = {
        key: _entries(standing_of(shop, day=morning_after(now))) for key, shop in shops.items()
    }
    return [
        _line(
            case,
            entries[case.shop_id].get(case.external_id),
            appeals.get((case.shop_id, case.external_id), ()),
            last.get((case.shop_id, case.external_id)),
            now,
        )
        for case in cases
    ]


def _line(
    case: Violation,
    entry: Entry | None,
    appeals: tuple[Appeal, ...],
    last_line: PenaltyLogRow | None,
    now: datetime,
) -> CaseLine:
    kind, points = weight_of(case)
    return CaseLine(
        case=case,
        clause=clause_of(case),
        kind=kind,
        points=points,
        entry=entry,
        appeals=appeals,
        last_line=last_line,
        deadline=appeal_limit(case, appeals),
        now=now,
    )


def morning_after(now: datetime) -> date:
    """The morning that has seen everything executed so far."""
    return shanghai_day(now) + timedelta(days=1)


def _entries(standing: Standing) -> dict[str, Entry]:
    return {entry.case.id: entry for entry in standing.entries}


def _last_lines(
    shops: Iterable[Shop], cases: Sequence[Violation]
) -> dict[tuple[int, str], PenaltyLogRow]:
    keys = [case_key(case.external_id) for case in cases]
    rows = PenaltyLogRow.objects.filter(shop__in=list(shops), key__in=keys)
    newest = rows.order_by("shop_id", "key", "-id").distinct("shop_id", "key")
    return {(row.shop_id, row.key.partition(":")[2]): row for row in newest}


def case_columns() -> list[Column[CaseLine]]:
    """The columns of the table and of its export, in the active language."""
    return [
        Column(_("编号"), lambda line: line.case.external_id),
        Column(_("店铺"), lambda line: line.case.shop.name),
        Column(_("条款"), lambda line: line.clause_word),
        Column(_("内容"), lambda line: line.text),
        Column(_("性质"), lambda line: line.kind_word),
        Column(_("扣分"), lambda line: line.points),
        Column(_("发生"), lambda line: line.case.occurred_at),
        Column(pgettext("case", "通知"), lambda line: line.case.notified_at),
        Column(_("状态"), lambda line: line.state_word),
        Column(pgettext("case fact", "执行"), lambda line: line.case.executed_at),
        Column(_("处罚"), lambda line: line.penalty_words),
        Column(_("申诉期限"), lambda line: line.deadline),
        Column(_("申诉次数"), lambda line: len(line.appeals)),
        Column(_("经办人"), lambda line: line.last_line.actor if line.last_line else ""),
        Column(_("哈希"), lambda line: line.last_line.hash if line.last_line else ""),
    ]
