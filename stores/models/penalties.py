"""Appeals against violations, and the penalty log that only grows."""

from django.db import models

from shopguard.lib.papers import ENDINGS
from stores.models.shops import ShopRecord


class Appeal(ShopRecord):
    """申诉: one try of a shop against one violation."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", "审理中"
        REFUSED = "refused", "已驳回"
        UPHELD = "upheld", "成立"

    violation_ref = models.CharField(max_length=96)
    attempt = models.PositiveSmallIntegerField()
    statement = models.TextField()
    filed_by = models.CharField(max_length=150)
    filed_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.CharField(max_length=150, default="", blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "violation_ref", "attempt"], name="appeal_identity"
            )
        ]
        indexes = [
            models.Index(fields=["filed_at"], name="appeal_open", condition=models.Q(state="open"))
        ]

    def __str__(self) -> str:
        return f"{self.violation_ref} #{self.attempt}"


class AppealPaper(ShopRecord):
    """A file that speaks for a shop in an appeal. Added while the appeal is open, never changed.

    ``content`` is the file itself: it is saved, restored and given back with the appeal, and no
    server reaches it by an address. ``name`` is what its sender called it, only to be shown.
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="papers")
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=32, choices=[(kind, kind) for kind in ENDINGS])
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appeal", "digest"], name="appealpaper_identity")
        ]

    def __str__(self) -> str:
        return self.name


class PenaltyView(models.Model):
    """A saved selection of the penalty log, an admin's own; ``query`` is as in the address."""

    tenancy = "global: an admin's own, shown at the admin desk only"

    user = models.ForeignKey("stores.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="penaltyview_identity")
        ]

    def __str__(self) -> str:
        return self.name


class PenaltyLogRow(models.Model):
    """One line of the penalty log: what a case or a penalty has been from then on, and who did it.

    ``key`` names what the line is about (``case:<id>``, ``appeal:<id>:<n>``,
    ``penalty:<id>:<node>``); the newest line of a key is what holds, an empty ``content`` takes it
    back. Lines form one hash chain per shop and one over all. A database trigger refuses
    UPDATE, DELETE and TRUNCATE. The shop is named by its key, so that a log outlives it.
    """

    tenancy = "shop"

    at = models.DateTimeField()
    shop = models.ForeignKey(
        "stores.Shop", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    content = models.JSONField(default=dict)
    reason = models.TextField(default="", blank=True)
    request_id = models.CharField(max_length=36, default="", blank=True)
    # Unique, so that neither chain can fork whatever isolation a caller chose.
    shop_previous = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "shop_previous"], name="penaltylog_shop_chain")
        ]
        indexes = [models.Index(fields=["shop", "key", "id"], name="penaltylog_key")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.key}"
