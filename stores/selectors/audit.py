"""The audit log as it is read."""

from datetime import datetime

from django.db.models import QuerySet

from stores.models import AuditEntry, User


def audit_entries() -> QuerySet[AuditEntry]:
    """Every entry with its shop."""
    return AuditEntry.objects.select_related("shop")


def audit_count(*, actor: User, action: str, since: datetime) -> int:
    """How often somebody did something since a time."""
    rows = AuditEntry.objects.filter(actor=actor.get_username(), action=action, at__gte=since)
    return rows.count()
