"""The audit log as it is read."""

from django.db.models import QuerySet

from stores.models import AuditEntry


def audit_entries() -> QuerySet[AuditEntry]:
    """Every entry with its shop."""
    return AuditEntry.objects.select_related("shop")
