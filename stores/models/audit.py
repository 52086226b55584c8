"""Who did what, and what has to be told: the audit log and the outbox."""

from django.db import models


class AuditEntry(models.Model):
    """One change by somebody, in the same transaction as the change.

    Rows form a hash chain and a database trigger refuses UPDATE and DELETE.
    """

    tenancy = "shop"

    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    shop = models.ForeignKey(
        "stores.Shop", null=True, blank=True, on_delete=models.DO_NOTHING, related_name="+",
        db_constraint=False,
    )  # fmt: skip
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=96)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    reason = models.TextField(default="", blank=True)
    request_id = models.CharField(max_length=36, default="", blank=True)
    # Unique, so that the chain cannot fork whatever isolation a caller chose.
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["shop", "at"], name="audit_shop_at"),
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action}"


class OutboxMessage(models.Model):
    """Something to tell, written with the change it tells of and sent by the relay.

    ``key`` makes a message unique however often its step runs.
    """

    tenancy = "global: read by the relay only, never shown"

    key = models.CharField(max_length=160, unique=True)
    topic = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                name="outbox_open",
                condition=models.Q(delivered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.key
