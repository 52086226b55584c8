"""What people decide about violations and appeals, audited and in the penalty log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shopguard.lib.days import shanghai_day
from stores.calc.cases import APPEAL, EXECUTE, MOVES, REFUSE, REVOKE, UPHOLD
from stores.models import Appeal, AppealPaper, Shop, Touch, User, Violation
from stores.selectors.case_history import OF_APPEALS, case_told, last_decision
from stores.selectors.cases import appeal_limit, appeals_against, rules_of_appeals
from stores.selectors.conduct import clause_of, clauses_on
from stores.services.appeal_papers import MOST_PAPERS, SentPaper
from stores.services.audit import audit_record
from stores.services.penalty_log import SYSTEM, log_renew

TEXT_CHARS = 4000
STATE_AFTER = {
    EXECUTE: Violation.State.EXECUTED,
    REVOKE: Violation.State.REVOKED,
    APPEAL: Violation.State.IN_REVIEW,
    REFUSE: Violation.State.PENDING,
    UPHOLD: Violation.State.REVOKED,
}


class CaseRefusedError(Exception):
    """What was asked for is not possible; the message says why and what to do."""


@dataclass(frozen=True)
class Fact:
    """A violation as somebody registers it."""

    clause: str
    occurred_at: datetime
    note: str = ""
    order_ref: str = ""
    is_counterfeit: bool = False


@transaction.atomic
def case_register(*, actor: User, shop: Shop, fact: Fact) -> Violation:
    """A case found here, pending from now on. Raises CaseRefusedError for a clause not in force."""
    now = timezone.now()
    if fact.occurred_at > now:
        raise CaseRefusedError(_("发生时间不能在将来。"))
    if fact.clause not in clauses_on(shanghai_day(fact.occurred_at)):
        raise CaseRefusedError(_("这一条款在发生那天还没有生效，请换一个条款或日期。"))
    Shop.objects.locked([shop.pk])
    number = Violation.objects.for_shop(shop).filter(kept_here=True).count() + 1
    case = Violation.objects.create(
        shop=shop, external_id=f"H{shanghai_day(now):%y%m}-{shop.pk}-{number:04}",
        clause=fact.clause, occurred_at=fact.occurred_at, notified_at=now,
        is_counterfeit=fact.is_counterfeit, note=fact.note[:TEXT_CHARS], order_ref=fact.order_ref,
        kept_here=True, as_of=now,
    )  # fmt: skip
    _tell(actor, case, "violation.register", fact.note, before=None)
    return case


@transaction.atomic
def case_weigh(*, actor: User, case: Violation, kind: str, points: int, reason: str) -> None:
    """Enter kind and points of a clause that leaves them open. Raises CaseRefusedError."""
    held = _held(case)
    clause = clause_of(held)
    if clause is None or not clause.is_open:
        raise CaseRefusedError(_("这一条款的性质和分值由规则规定，不能改。"))
    _require(reason)
    before = case_told(held)
    held.kind, held.points = kind, points
    held.save(update_fields=["kind", "points"])
    _tell(actor, held, "violation.weigh", reason, before=before)


@transaction.atomic
def case_execute(*, actor: User, case: Violation, reason: str) -> None:
    """Execute a pending case now. Raises CaseRefusedError when it moved on meanwhile."""
    _require(reason)
    held = _held(case)
    before = case_told(held)
    _move(held, EXECUTE, executed_at=timezone.now())
    _tell(actor, held, "violation.execute", reason, before=before)


@transaction.atomic
def case_revoke(*, actor: User, case: Violation, reason: str) -> None:
    """Take a case back with all it caused. Raises CaseRefusedError when that was done already."""
    _require(reason)
    held = _held(case)
    before = case_told(held)
    _move(held, REVOKE)
    _tell(actor, held, "violation.revoke", reason, before=before)


@transaction.atomic
def cases_decide(*, actor: User, cases: Sequence[Violation], move: str, reason: str) -> int:
    """The same decision on several cases, all or none; returns how many."""
    if not cases:
        raise CaseRefusedError(_("没有选中任何违规。"))
    decide = {EXECUTE: case_execute, REVOKE: case_revoke}[move]
    for case in sorted(cases, key=lambda each: (each.shop_id, each.pk)):
        decide(actor=actor, case=case, reason=reason)
    return len(cases)


@transaction.atomic
def appeal_file(
    *, actor: User, case: Violation, statement: str, papers: Sequence[SentPaper] = ()
) -> Appeal:
    """Appeal against a pending case, with what proves it; it is suspended until decided.

    Raises CaseRefusedError after the deadline, after the last try, or when it is not pending.
    """
    statement = statement.strip()[:TEXT_CHARS]
    if not statement:
        raise CaseRefusedError(_("请写下申诉理由。"))
    held = _held(case)
    earlier = appeals_against(held)
    most = rules_of_appeals(held).tries
    if len(earlier) >= most:
        raise CaseRefusedError(_("每件违规最多申诉 %(n)s 次，已经用完。") % {"n": most})
    now = timezone.now()
    limit = appeal_limit(held, earlier)
    if limit is not None and now >= limit + timedelta(seconds=1):
        raise CaseRefusedError(_("申诉期限已过。"))
    before = case_told(held)
    _move(held, APPEAL)
    appeal = Appeal.objects.create(
        shop=held.shop, violation_ref=held.external_id, attempt=len(earlier) + 1,
        statement=statement, filed_by=actor.get_username(), filed_at=now,
    )  # fmt: skip
    _attach(actor, appeal, papers)
    _tell(actor, held, "appeal.file", statement, before=before)
    return appeal


@transaction.atomic
def appeal_papers_add(*, actor: User, appeal: Appeal, papers: Sequence[SentPaper]) -> int:
    """Add files to an appeal that waits for its decision, all or none; returns how many are new.

    A file that is there already is not added again. Raises CaseRefusedError.
    """
    if not papers:
        raise CaseRefusedError(_("请选择要补的材料。"))
    held = _held(Violation.objects.get(shop=appeal.shop_id, external_id=appeal.violation_ref))
    if not Appeal.objects.filter(pk=appeal.pk, state=Appeal.State.OPEN).exists():
        raise CaseRefusedError(_("这次申诉已经有了结论，不能再补材料。"))
    added = _attach(actor, appeal, papers)
    if added:
        names = "、".join(paper.name for paper in papers)
        before = case_told(held)
        _tell(actor, held, "appeal.paper", names, before=before)
    return added


@transaction.atomic
def appeal_refuse(*, actor: User, appeal: Appeal, reason: str) -> None:
    """Refuse an open appeal: the case is pending again, after the last try it is executed."""
    held, before = _decide(actor, appeal, Appeal.State.REFUSED, reason)
    _move(held, REFUSE)
    if appeal.attempt >= rules_of_appeals(held).tries:
        _move(held, EXECUTE, executed_at=timezone.now())
    _tell(actor, held, "appeal.refuse", reason, before=before)


@transaction.atomic
def appeal_uphold(*, actor: User, appeal: Appeal, reason: str) -> None:
    """Uphold an open appeal: points and penalty are taken back, the day is counted again."""
    held, before = _decide(actor, appeal, Appeal.State.UPHELD, reason)
    _move(held, UPHOLD)
    Touch.objects.create(shop=held.shop, day=shanghai_day(held.occurred_at))
    _tell(actor, held, "appeal.uphold", reason, before=before)


@transaction.atomic
def case_undo(*, actor: User, case: Violation, version: int, reason: str) -> None:
    """Take back the newest decision, as a step forward of its own that names the one undone.

    ``version`` is the number of audit rows the case had when it was looked at. Raises
    CaseRefusedError when anything came after the decision.
    """
    _require(reason)
    held = _held(case)
    last = last_decision(held)
    if last is None or last.version != version:
        raise CaseRefusedError(_("这之后又有了变化，不能撤回。请刷新后再看。"))
    before, was = case_told(held), last.before
    held.state, held.kind, held.points = was["state"], was["kind"], was["points"]
    held.executed_at = datetime.fromisoformat(was["executed"]) if was["executed"] else None
    held.save(update_fields=["state", "kind", "points", "executed_at"])
    if last.entry.action in OF_APPEALS:
        newest = appeals_against(held)[-1]
        newest.state, newest.answer = Appeal.State.OPEN, ""
        newest.decided_by, newest.decided_at = "", None
        newest.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        Touch.objects.create(shop=held.shop, day=shanghai_day(held.occurred_at))
    undone = {"undoes": last.entry.pk}
    _tell(actor, held, "violation.undo", reason, before=before, more=undone)


@transaction.atomic
def cases_settle(*, shop_ids: list[int], now: datetime) -> int:
    """Execute the pending cases kept here whose time to appeal is over, and note what changed.

    Returns the number executed. They count from the second after the deadline, whenever this runs.
    """
    shops = list(Shop.objects.filter(pk__in=Shop.objects.locked(shop_ids)))
    waiting = Violation.objects.filter(
        shop__in=shops, kept_here=True, state=Violation.State.PENDING
    ).select_related("shop")
    settled = 0
    for case in waiting.order_by("pk").select_for_update(of=("self",), no_key=True):
        limit = appeal_limit(case, appeals_against(case))
        if limit is None or now < limit + timedelta(seconds=1):
            continue
        before = case_told(case)
        _move(case, EXECUTE, executed_at=limit + timedelta(seconds=1))
        _tell(SYSTEM, case, "violation.silence", "", before=before)
        settled += 1
    log_renew(shops=shops)
    return settled


def _decide(
    actor: User, appeal: Appeal, state: Appeal.State, reason: str
) -> tuple[Violation, dict[str, Any]]:
    _require(reason)
    case = Violation.objects.get(shop=appeal.shop_id, external_id=appeal.violation_ref)
    held = _held(case)
    changed = Appeal.objects.filter(pk=appeal.pk, state=Appeal.State.OPEN).update(
        state=state, decided_by=actor.get_username(), decided_at=timezone.now(),
        answer=reason[:TEXT_CHARS],
    )  # fmt: skip
    if not changed:
        raise CaseRefusedError(_("这次申诉已经有了结论，请刷新后再看。"))
    return held, case_told(held)


def _attach(actor: User, appeal: Appeal, papers: Sequence[SentPaper]) -> int:
    there = set(AppealPaper.objects.filter(appeal=appeal).values_list("digest", flat=True))
    new = {paper.digest: paper for paper in papers if paper.digest not in there}
    if len(there) + len(new) > MOST_PAPERS:
        raise CaseRefusedError(_("每次申诉最多 %(n)s 份材料。") % {"n": MOST_PAPERS})
    AppealPaper.objects.bulk_create(
        AppealPaper(
            shop_id=appeal.shop_id, appeal=appeal, name=paper.name, media_type=paper.media_type,
            size=len(paper.content), digest=digest, content=paper.content,
            added_by=actor.get_username(), added_at=timezone.now(),
        )
        for digest, paper in new.items()
    )  # fmt: skip
    return len(new)


def _held(case: Violation) -> Violation:
    """The case as it is now, locked behind its shop until the transaction ends."""
    Shop.objects.locked([case.shop_id])
    rows = Violation.objects.select_related("shop").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=case.pk)


def _move(case: Violation, move: str, executed_at: datetime | None = None) -> None:
    if move not in MOVES[case.state]:
        raise CaseRefusedError(
            _("%(id)s 现在是「%(state)s」，不能这样处理。请刷新后再看。")
            % {"id": case.external_id, "state": _(case.get_state_display())}
        )
    case.state = STATE_AFTER[move]
    if executed_at is not None:
        case.executed_at = executed_at
    case.save(update_fields=["state", "executed_at"])


def _require(reason: str) -> None:
    if not reason.strip():
        raise CaseRefusedError(_("请写下理由。"))


def _tell(
    actor: User | str, case: Violation, action: str, reason: str, *,
    before: dict[str, Any] | None, more: Mapping[str, int] = MappingProxyType({}),
) -> None:  # fmt: skip
    audit_record(
        actor=actor, shop=case.shop, action=action, object_type="violation",
        object_id=case.external_id, before=before, after={**case_told(case), **more},
        reason=reason[:TEXT_CHARS],
    )  # fmt: skip
    log_renew(shops=[case.shop], actor=actor, reason=reason[:TEXT_CHARS], action=action)
