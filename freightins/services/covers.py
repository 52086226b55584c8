"""Writes down which orders are covered, and opens and moves the claims on them."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.utils import timezone

from aftersales.calc.case_states import BUYER_SENDS
from freightins.calc.claims import CaseFacts, claim_state, pays
from freightins.calc.cover import History, cover_of
from freightins.calc.quotes import first_weight
from freightins.kinds._settling import statement_settle
from freightins.models import Claim, Cover
from freightins.rules import compiled_fee_rules, cover_rules_on
from freightins.selectors.covering import (
    Lines,
    OpenCase,
    cases_claiming,
    fees_charged,
    histories,
    lines_of,
    orders_undecided,
    shops_enrolled,
)
from freightins.selectors.enrolments import fee_rule_set
from freightins.selectors.statement_facts import payouts_told
from freightins.services.signals import signals_find
from shopguard.lib.days import shanghai_day
from stores.models import Order, Run, Shop

ROWS_AT_ONCE = 2000
MOVED = (
    "method", "state", "reason", "received_at", "review_due_at", "paid_at", "amount",
    "is_estimated", "expected", "updated_at",
)  # fmt: skip


def covers_decide(*, run_id: int, shop_ids: list[int], now: datetime | None = None) -> int:
    """Decide the shipped orders of the shops, then open and move their claims; returns how many
    orders were decided. Only the night of the present day does. A verdict is written once; what
    is chosen later changes later orders only. Must run inside the caller's transaction.
    """
    now = now or timezone.now()
    if Run.objects.get(pk=run_id).day != shanghai_day(now):
        return 0
    enrolled = shops_enrolled(Shop.objects.locked(shop_ids))
    known = histories(list(enrolled))
    decided = 0
    for shop, since in enrolled.items():
        decided += _decide(shop, known[shop], since, now)
        _claims_move(shop, now)
        statement_settle(shop_id=shop, now=now)
        signals_find(shop_id=shop, now=now)
    return decided


def _decide(shop_id: int, history: History, since: datetime, now: datetime) -> int:
    fees = fees_charged(shop_id)
    decided = 0
    waiting = orders_undecided(shop_id=shop_id, since=since, until=now)
    streamed = waiting.iterator(chunk_size=ROWS_AT_ONCE)
    while orders := list(islice(streamed, ROWS_AT_ONCE)):
        lines = lines_of(shop_id=shop_id, orders=orders)
        Cover.objects.bulk_create([_verdict(history, order, lines, fees) for order in orders])
        decided += len(orders)
    return decided


def _verdict(
    history: History, order: Order, lines: Lines, fees: Sequence[tuple[datetime, int]]
) -> Cover:
    found = cover_of(history, lines.placed(order))
    cover = Cover(
        shop_id=order.shop_id,
        order_ref=order.external_id,
        enrolment_id=found.enrolment,
        reason=found.reason,
        placed_at=order.placed_at,
    )
    if found.is_covered and order.shipped_at is not None:
        rules = cover_rules_on(shanghai_day(order.shipped_at))
        cover.from_at = order.shipped_at
        cover.to_at = order.shipped_at + timedelta(days=rules.cover_days)
        cover.fee = _fee_at(fees, order.shipped_at)
    return cover


def _fee_at(fees: Sequence[tuple[datetime, int]], when: datetime) -> int | None:
    """The fee in effect at an instant; who joined before any was published pays the first."""
    if not fees:
        return None
    place = bisect_right([since for since, _ in fees], when)
    return fees[max(place - 1, 0)][1]


def _claims_move(shop_id: int, now: datetime) -> None:
    """Open the claims of new cases and move those that are open to where they stand now."""
    told = payouts_told(shop_id)
    home = Shop.objects.values_list("return_province", flat=True).get(pk=shop_id)
    new: list[Claim] = []
    moved: list[Claim] = []
    for one in cases_claiming(shop_id=shop_id, until=now):
        claim = _stands(one, home, now, told)
        (moved if claim.pk else new).append(claim)
    Claim.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
    Claim.objects.bulk_update(moved, MOVED, batch_size=ROWS_AT_ONCE)


def _stands(
    one: OpenCase, home: str, now: datetime, told: tuple[datetime, datetime] | None
) -> Claim:
    case = one.case
    day = shanghai_day(case.applied_at)
    facts = CaseFacts(
        method=case.return_method,
        outcome=case.outcome,
        applied_at=case.applied_at,
        received_at=case.merchant_received_at,
        refunded=case.refunded,
        is_with_buyer=case.state == BUYER_SENDS,
    )
    price = first_weight(compiled_fee_rules(fee_rule_set(day)), one.province, home)
    rules = cover_rules_on(day)
    found = claim_state(rules, facts, first_weight=price, when=now, told=told)
    claim = one.claim or Claim(
        shop_id=case.shop_id,
        order_ref=case.order_ref,
        case_ref=case.external_id,
        opened_at=case.applied_at,
    )
    claim.method, claim.state, claim.reason = found.method, found.state, found.reason
    claim.received_at, claim.review_due_at = case.merchant_received_at, found.review_due_at
    claim.paid_at, claim.amount = found.paid_at, found.amount
    claim.is_estimated = found.amount is not None
    claim.updated_at = now
    claim.expected = pays(rules, found.method, first_weight=price)
    return claim
