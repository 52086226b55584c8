"""What people do to a case: steps of its machine, and what they note about it.

Every change names the version of the case it was decided on. When somebody else changed the case
meanwhile it raises CaseConflictError and nothing is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from aftersales.calc.case_clocks import clock_rules, due_after, extended, waited
from aftersales.calc.case_states import ENDED_STATES, RECEIPT, Step, step_from
from aftersales.models import AfterSaleCase, CaseEvent
from aftersales.rules import clock_book
from aftersales.selectors.case_events import event_last
from shopguard.lib.days import shanghai_day
from shopguard.lib.scrub import scrub
from stores.calc.cells import MISSING
from stores.models import Order, Shop, Touch, User
from stores.services.audit import audit_record

Actor = User | str

KEPT = (
    "told_state", "state", "state_since", "due_at", "due_is_estimated", "deadline_at",
    "is_extended", "outcome", "closed_at", "refunded", "waiting_buyer_seconds",
    "merchant_received_at", "return_tracking_no",
)  # fmt: skip
INSTANTS = frozenset({"state_since", "due_at", "deadline_at", "closed_at", "merchant_received_at"})
NOTE_CHARS = 2000


class CaseConflictError(Exception):
    """Somebody changed the case meanwhile; ``last`` is what they did, if it is known."""

    def __init__(self, case: AfterSaleCase, last: CaseEvent | None) -> None:
        super().__init__(f"case {case.external_id} is at version {case.version}")
        self.case, self.last = case, last


class UndoRefusedError(Exception):
    """The last thing that happened to the case is no step that can be taken back."""


@dataclass(frozen=True)
class Given:
    """What comes with a step: the reason or note, when the buyer was talked to, fen refunded
    (None: what was asked for), the number of the parcel.
    """

    note: str = ""
    contact_at: datetime | None = None
    refunded: int | None = None
    tracking_no: str = ""


NOTHING_GIVEN = Given()


@contextmanager
def _changing(shop: Shop, case_ref: str, version: int) -> Iterator[AfterSaleCase]:
    """The case, locked with its shop, at the version asked for; saved when the block ends.

    Raises AfterSaleCase.DoesNotExist and CaseConflictError.
    """
    with transaction.atomic():
        Shop.objects.locked([shop.pk])
        case = AfterSaleCase.objects.for_shop(shop).select_for_update().get(external_id=case_ref)
        if case.version != version:
            raise CaseConflictError(case, event_last(shop=shop, case_ref=case_ref))
        case.shop = shop
        case.version += 1
        yield case
        case.save()


def case_step(
    *, actor: Actor, shop: Shop, case_ref: str, version: int, name: str,
    given: Given = NOTHING_GIVEN,
) -> AfterSaleCase:  # fmt: skip
    """Take a step of the machine now.

    Raises IllegalStepError saying why it may not be taken, CaseConflictError, and
    AfterSaleCase.DoesNotExist.
    """
    now = timezone.now()
    with _changing(shop, case_ref, version) as case:
        step = step_from(
            case.state, case.kind, name, reason=given.note, is_extended=case.is_extended,
            has_contact=bool(given.contact_at or case.contacted_at),
        )  # fmt: skip
        waiting = _waiting(case, now)
        _catch_up(case)
        before = _kept(case)
        touched = {case.closed_at}
        if given.contact_at is not None:
            case.contacted_at = given.contact_at
        _apply(case, step, given, now)
        case.waiting_buyer_seconds = waiting if waiting or before["waiting_buyer_seconds"] else None
        touched.add(case.closed_at)
        _touch(case, touched, before["outcome"] != case.outcome)
        _event(case, name, actor, now, step.before, given.note, before)
        _audit(actor, case, name, before, given.note)
    return case


def case_undo(*, actor: Actor, shop: Shop, case_ref: str, version: int) -> AfterSaleCase:
    """Take back the step that was the last thing to happen. Or UndoRefusedError."""
    now = timezone.now()
    with _changing(shop, case_ref, version) as case:
        last = event_last(shop=shop, case_ref=case_ref)
        if last is None or not last.before or last.state_to != case.state:
            raise UndoRefusedError
        after, touched = _kept(case), {case.closed_at}
        for name, value in last.before.items():
            is_instant = name in INSTANTS and value is not None
            setattr(case, name, datetime.fromisoformat(value) if is_instant else value)
        case.as_of = now
        touched.add(case.closed_at)
        _touch(case, touched, after["outcome"] != case.outcome)
        _event(case, "undo", actor, now, last.state_to, "", {})
        _audit(actor, case, "undo", after, "")
    return case


def case_reply(
    *, actor: Actor, shop: Shop, case_ref: str, version: int, text: str
) -> AfterSaleCase:
    """Record that the buyer was answered in the shop's own channel; the first time counts."""
    return _noted(actor, shop, case_ref, version, "reply", text)


def case_contact(
    *, actor: Actor, shop: Shop, case_ref: str, version: int, text: str
) -> AfterSaleCase:
    """Record a contact with the buyer: what a rejection needs."""
    return _noted(actor, shop, case_ref, version, "contact", text)


def case_chase(*, actor: Actor, shop: Shop, case_ref: str, version: int) -> AfterSaleCase:
    """Record that the buyer asked again."""
    return _noted(actor, shop, case_ref, version, "chase", "")


def case_note(*, actor: Actor, shop: Shop, case_ref: str, version: int, text: str) -> AfterSaleCase:
    """Keep a note that only the shop sees."""
    return _noted(actor, shop, case_ref, version, "note", text)


def case_condition(
    *, actor: Actor, shop: Shop, case_ref: str, version: int, condition: str
) -> AfterSaleCase:
    """Record in what condition the goods are (``aftersales.calc.guarantee.CONDITIONS``)."""
    return _noted(actor, shop, case_ref, version, "condition", condition)


def _noted(
    actor: Actor, shop: Shop, case_ref: str, version: int, name: str, text: str
) -> AfterSaleCase:
    now = timezone.now()
    with _changing(shop, case_ref, version) as case:
        _catch_up(case)
        if name == "chase":
            case.chases += 1
        if name in ("reply", "contact"):
            case.contacted_at, case.chases = now, 0
            case.first_reply_at = case.first_reply_at or now
        if name == "condition":
            case.condition = text
        _event(case, name, actor, now, case.state, text, {})
        _audit(actor, case, name, None, text)
    return case


def _apply(case: AfterSaleCase, step: Step, given: Given, now: datetime) -> None:
    """Write a step into the case. From now on the case is known as of now."""
    if step.before == RECEIPT and step.after != RECEIPT and step.by == "shop":
        case.merchant_received_at = case.merchant_received_at or now
    if given.tracking_no and step.name == "sent":
        case.return_tracking_no = given.tracking_no
    if step.name == "refund":
        case.refunded = case.requested if given.refunded is None else given.refunded
    rules = clock_rules(clock_book().sets, shanghai_day(case.applied_at))
    if step.after == step.before:
        base = int((case.due_at or now).timestamp())
        case.due_at, case.is_extended = _instant(extended(rules, base)), True
        case.deadline_at = case.due_at if case.deadline_at is not None else None
    else:
        case.deadline_at, case.state_since = None, now
        case.due_at = _instant(due_after(rules, step.after, case.kind, int(now.timestamp())))
        case.due_is_estimated = case.due_at is not None
    case.state = case.told_state = step.after
    ended = step.after in ENDED_STATES
    case.outcome, case.closed_at = (step.after, now) if ended else ("open", None)
    case.as_of = now


def _instant(seconds: int) -> datetime | None:
    if seconds == MISSING:
        return None
    return datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())


def _waiting(case: AfterSaleCase, now: datetime) -> int:
    """The buyer's seconds up to now: what is known of them, and what of this stay came since.

    A figure that a file brought after the last event holds up to that file.
    """
    last = event_last(shop=case.shop, case_ref=case.external_id)
    told = last.waiting_seconds if last else None
    is_ours = told == case.waiting_buyer_seconds
    since = case.state_since if is_ours and case.state_since is not None else case.as_of
    known = case.waiting_buyer_seconds or 0
    return waited(known, case.state, int(since.timestamp()), int(now.timestamp()))


def _catch_up(case: AfterSaleCase) -> None:
    """Where a file moved the case since its last event, or before it had any, say so."""
    last = event_last(shop=case.shop, case_ref=case.external_id)
    if last is not None and last.state_to == case.state:
        return
    since = case.state_since or (case.as_of if last or case.state != "review" else case.applied_at)
    before = last.state_to if last else ""
    _event(case, "imported", "", since, before, "", {})


def _event(
    case: AfterSaleCase, name: str, actor: Actor, at: datetime, before: str, note: str,
    kept: dict[str, object],
) -> None:  # fmt: skip
    last = event_last(shop=case.shop, case_ref=case.external_id)
    CaseEvent.objects.create(
        shop=case.shop,
        case_ref=case.external_id,
        sequence=last.sequence + 1 if last else 1,
        name=name,
        at=at,
        actor=actor if isinstance(actor, str) else actor.get_username(),
        state_from=before,
        state_to=case.state,
        note=scrub(note)[:NOTE_CHARS],
        waiting_seconds=case.waiting_buyer_seconds,
        before=kept,
    )


def _kept(case: AfterSaleCase) -> dict[str, object]:
    values = {name: getattr(case, name) for name in KEPT}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _touch(case: AfterSaleCase, closings: set[datetime | None], outcome_changed: bool) -> None:
    """Have the days counted again that this case now adds to, or no longer does."""
    days = {shanghai_day(at) for at in closings if at is not None}
    if outcome_changed:
        order = Order.objects.for_shop(case.shop).filter(external_id=case.order_ref).first()
        if order is not None and order.signed_at is not None:
            days.add(shanghai_day(order.signed_at))
    Touch.objects.bulk_create([Touch(shop=case.shop, day=day) for day in sorted(days)])


def _audit(
    actor: Actor, case: AfterSaleCase, name: str, before: dict[str, object] | None, note: str
) -> None:
    is_step = before is not None
    audit_record(
        actor=actor,
        action=f"case.{name}",
        object_type="case",
        object_id=case.external_id,
        shop=case.shop,
        before={"state": before["state"], "outcome": before["outcome"]} if before else None,
        after={"state": case.state, "outcome": case.outcome} if is_step else None,
        reason=scrub(note)[:NOTE_CHARS],
    )
