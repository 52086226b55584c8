"""申诉材料: what speaks for a shop in one case, and which appeal is worth writing first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stores.calc.gain import Gain, gain_of
from stores.calc.standing import Case
from stores.models import Consultation, Order, Parcel, Shop, Violation
from stores.selectors.conduct import cases_of, ladders_on, weight_of
from stores.selectors.penalty_lines import CaseLine, morning_after

CHATS_SHOWN = 10
AROUND = timedelta(hours=12)


@dataclass(frozen=True)
class AppealPack:
    """The records about a case: its order, parcels and chats, all that is known."""

    order: Order | None
    parcels: list[Parcel]
    chats: list[Consultation]


@dataclass(frozen=True)
class Worth:
    """A case that can still be appealed, with what an upheld appeal would bring."""

    line: CaseLine
    gain: Gain


def appeal_pack(case: Violation) -> AppealPack:
    """Records of the order the case names; without one, chats around the moment."""
    orders = Order.objects.for_shop(case.shop).filter(external_id=case.order_ref)
    chats = Consultation.objects.for_shop(case.shop)
    if case.order_ref:
        chats = chats.filter(order_ref=case.order_ref)
    else:
        span = (case.occurred_at - AROUND, case.occurred_at + AROUND)
        chats = chats.filter(started_at__range=span)
    parcels = Parcel.objects.for_shop(case.shop).filter(order_ref=case.order_ref)
    return AppealPack(
        order=orders.first() if case.order_ref else None,
        parcels=list(parcels.order_by("pk")[:CHATS_SHOWN]) if case.order_ref else [],
        chats=list(chats.order_by("started_at")[:CHATS_SHOWN]),
    )


def gain_for(case: Violation, others: Sequence[Case], *, now: datetime) -> Gain:
    """What the shop would be spared; a case that waits is taken as executed now."""
    kind, points = weight_of(case)
    executed_at = case.executed_at if case.state == Violation.State.EXECUTED else now
    as_case = Case(case.external_id, kind, points, executed_at or now, case.is_counterfeit)
    day = morning_after(now)
    return gain_of(as_case, others, ladders_on(day), day)


def executed_cases(shop: Shop) -> list[Case]:
    """The cases of a shop that count."""
    return list(cases_of(Violation.objects.for_shop(shop)))


def worth_appealing(shop: Shop, lines: Sequence[CaseLine], *, now: datetime) -> list[Worth]:
    """The cases that can still be appealed, the most valuable appeal first."""
    others = executed_cases(shop)
    found = [Worth(line, gain_for(line.case, others, now=now)) for line in lines if line.can_appeal]
    return sorted(found, key=lambda worth: worth.gain.rank, reverse=True)
