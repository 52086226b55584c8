"""Finds what looks like fraud each night, and keeps who looked at it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from freightins.calc.signals import Signal, signals_of
from freightins.models import FraudSignal
from freightins.rules import cover_rules_on
from freightins.selectors.signal_facts import claims_returned
from shopguard.lib.days import shanghai_day
from stores.models import Shop, User
from stores.services.audit import audit_record

EVIDENCE = ["orders", "figures", "version", "found_at", "seen_at", "seen_by", "seen_reason"]


def signals_find(*, shop_id: int, now: datetime) -> int:
    """Bring the signals of a shop up to what its claims show; returns how many there are.

    What is gone from the evidence goes; what has other evidence is new again. Must run inside a
    transaction that holds the lock of the shop.
    """
    found = signals_of(cover_rules_on(shanghai_day(now)), claims_returned(shop_id=shop_id, now=now))
    there = {(row.kind, row.key): row for row in FraudSignal.objects.filter(shop_id=shop_id)}
    new, changed = [], []
    for one in found:
        row = there.pop((one.kind, one.key), None)
        if row is None:
            new.append(_row(shop_id, one, now))
        elif (row.orders, row.figures) != (list(one.orders), one.figures):
            changed.append(_renewed(row, one, now))
    FraudSignal.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
    FraudSignal.objects.bulk_create(new)
    FraudSignal.objects.bulk_update(changed, EVIDENCE)
    return len(found)


def _row(shop_id: int, one: Signal, now: datetime) -> FraudSignal:
    return FraudSignal(
        shop_id=shop_id, kind=one.kind, key=one.key, orders=list(one.orders),
        figures=one.figures, found_at=now,
    )  # fmt: skip


def _renewed(row: FraudSignal, one: Signal, now: datetime) -> FraudSignal:
    row.orders, row.figures, row.found_at = list(one.orders), one.figures, now
    row.version += 1
    row.seen_at, row.seen_by, row.seen_reason = None, "", ""
    return row


@transaction.atomic
def signal_see(
    *, actor: User, shop: Shop, key: int, version: int, reason: str, is_seen: bool = True
) -> bool:
    """Mark a signal as looked at, or open it again (``is_seen`` False); False where it is another
    one by now, gone, or stands so already.
    """
    rows = FraudSignal.objects.for_shop(shop).select_for_update().filter(pk=key, version=version)
    row = rows.first()
    if row is None or (row.seen_at is not None) == is_seen:
        return False
    row.seen_at = timezone.now() if is_seen else None
    row.seen_by = actor.get_username() if is_seen else ""
    row.seen_reason = reason if is_seen else ""
    row.save(update_fields=["seen_at", "seen_by", "seen_reason"])
    audit_record(
        actor=actor,
        action=f"signal.{'see' if is_seen else 'reopen'}",
        object_type="signal",
        object_id=str(row.pk),
        shop=shop,
        after={"kind": row.kind, "orders": row.orders},
        reason=reason,
    )
    return True
