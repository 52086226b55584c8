"""Delay reports: filed by the shop, decided by an admin. Accepted, the order leaves the score's
logistics metrics; refused again, it comes back.
"""

from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from shopguard.lib.days import shanghai_day
from shopguard.lib.scrub import scrub
from stores.kinds.delay_reports import METRICS
from stores.models import DelayReport, Exclusion, Order, Shop, Touch, User
from stores.services.audit import audit_record

ACCEPTED, REFUSED = "accepted", "refused"


class UnknownOrderError(LookupError):
    """The shop has no such order."""


class DelayReportOpenError(Exception):
    """The order has a report that waits for its decision."""


def delay_report_file(
    *, actor: User, shop: Shop, order_ref: str, cause: str, evidence: str
) -> DelayReport:
    """File a report for an order of the shop. Raises UnknownOrderError, DelayReportOpenError."""
    now = timezone.now()
    with transaction.atomic():
        Shop.objects.locked([shop.pk])
        if not Order.objects.for_shop(shop).filter(external_id=order_ref).exists():
            raise UnknownOrderError(order_ref)
        same = DelayReport.objects.for_shop(shop).filter(order_ref=order_ref, decision="pending")
        if same.exists():
            raise DelayReportOpenError
        report = DelayReport.objects.create(
            shop=shop, external_id=f"own-{uuid4().hex[:16]}", order_ref=order_ref, as_of=now,
            cause=scrub(cause), evidence=scrub(evidence), filed_at=now,
        )  # fmt: skip
        audit_record(
            actor=actor, action="delay_report.file", object_type="delay_report",
            object_id=report.external_id, shop=shop, after={"order": order_ref},
            reason=report.cause,
        )  # fmt: skip
    return report


def delay_report_decide(*, actor: User, pk: int, decision: str, reason: str) -> DelayReport:
    """Accept or refuse a report, with a reason. Deciding the same again changes nothing.

    Raises DelayReport.DoesNotExist and ValueError for another decision.
    """
    if decision not in (ACCEPTED, REFUSED):
        raise ValueError(decision)
    now = timezone.now()
    with transaction.atomic():
        shop = DelayReport.objects.select_related("shop").get(pk=pk).shop
        Shop.objects.locked([shop.pk])
        report = DelayReport.objects.for_shop(shop).select_for_update().get(pk=pk)
        before = report.decision
        if before == decision:
            return report
        report.decision, report.decided_at, report.as_of = decision, now, now
        report.save(update_fields=["decision", "decided_at", "as_of"])
        _exclude(shop, report, actor)
        _touch(shop, report.order_ref)
        audit_record(
            actor=actor, action="delay_report.decide", object_type="delay_report",
            object_id=report.external_id, shop=shop, before=before, after=decision, reason=reason,
        )  # fmt: skip
    return report


def _exclude(shop: Shop, report: DelayReport, actor: User) -> None:
    now, is_granted = timezone.now(), report.decision == ACCEPTED
    key = {
        "shop": shop, "kind": "order", "external_id": report.order_ref,
        "source": f"delay_report:{report.external_id}",
    }  # fmt: skip
    if not is_granted:
        Exclusion.objects.filter(**key, revoked_at__isnull=True).update(revoked_at=now)
        return
    values = {"metrics": list(METRICS), "reason": report.cause, "revoked_at": None}
    Exclusion.objects.update_or_create(
        **key,
        defaults=values,
        create_defaults=values | {"granted_by": actor, "granted_at": now},
    )


def _touch(shop: Shop, order_ref: str) -> None:
    """Have the days of the order counted again."""
    order = Order.objects.for_shop(shop).filter(external_id=order_ref).first()
    instants = (order.signed_at, order.ship_by) if order else ()
    days = {shanghai_day(at) for at in instants if at is not None}
    Touch.objects.bulk_create([Touch(shop=shop, day=day) for day in sorted(days)])
