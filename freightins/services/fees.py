"""Fees a merchant copies from the platform's own page."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from freightins.models import EnteredFee
from shopguard.lib.days import shanghai_day
from stores.models import Shop, User
from stores.services.audit import audit_record

MOST_FEN = 10_000


@transaction.atomic
def fee_enter(*, actor: User, shop: Shop, fee: int | None, seen_on: date) -> EnteredFee:
    """Keep a fee per order seen on a day; None goes back to the computed one from that day on.

    Raises ValueError for a day to come and a fee that cannot be one.
    """
    now = timezone.now()
    if seen_on > shanghai_day(now):
        raise ValueError("the day has not come yet")
    if fee is not None and not 0 < fee <= MOST_FEN:
        raise ValueError("not a fee per order")
    entered = EnteredFee.objects.create(
        shop=shop, fee=fee, seen_on=seen_on, entered_by=actor, entered_at=now
    )
    audit_record(
        actor=actor,
        action="fee.enter",
        object_type="fee",
        object_id=str(entered.pk),
        shop=shop,
        after={"fee": fee, "seen_on": seen_on.isoformat()},
    )
    return entered
