"""What the platform's statement of freight cover says, and how that compares with our ledger."""

from django.db import models

from stores.models import ShopRecord


class StatementLine(ShopRecord):
    """对账单的一行: money moved for one cover on one day.

    ``entry`` says what for, empty where the file does not; ``amount`` is fen with the sign of the
    file. Which of the two an empty entry is follows from the order (``freightins.calc.statement``).
    """

    class Entry(models.TextChoices):
        """What money moved for."""

        FEE = "fee", "保费"
        PAYOUT = "payout", "赔付"

    line_ref = models.CharField(max_length=96)
    settled_on = models.DateField()
    entry = models.CharField(max_length=8, choices=Entry.choices, default="", blank=True)
    order_ref = models.CharField(max_length=96)
    amount = models.BigIntegerField()
    settled_at = models.DateTimeField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    placed_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    account = models.CharField(max_length=64, default="", blank=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "line_ref", "settled_on", "entry"], name="statementline_identity"
            )
        ]
        indexes = [models.Index(fields=["shop", "order_ref"], name="statementline_shop_order")]

    def __str__(self) -> str:
        return f"{self.line_ref} {self.settled_on}"


class Reconciled(ShopRecord):
    """对账结果: one side of one order, what was expected beside what the statement says.

    Written anew whenever a statement comes in and every night. Money is fen; ``expected`` is None
    where our ledger has nothing, ``stated`` where the statement has nothing. ``version`` grows
    with every change of either; who looked at a difference looked at one version of it.
    """

    class Status(models.TextChoices):
        """How the two compare."""

        MATCHED = "matched", "相符"
        DIFFERENT = "different", "金额不同"
        MISSING = "missing", "对账单缺少"
        UNKNOWN = "unknown", "账上没有"

    class Note(models.TextChoices):
        """Why our ledger has nothing."""

        NO_ORDER = "no_order", "没有这个订单"
        NO_COVER = "no_cover", "订单没有保障"
        NO_FEE = "no_fee", "保障没有计费"
        NO_CLAIM = "no_claim", "没有理赔"

    side = models.CharField(max_length=8, choices=StatementLine.Entry.choices)
    order_ref = models.CharField(max_length=96)
    status = models.CharField(max_length=10, choices=Status.choices)
    note = models.CharField(max_length=10, choices=Note.choices, default="", blank=True)
    expected = models.BigIntegerField(null=True, blank=True)
    stated = models.BigIntegerField(null=True, blank=True)
    lines = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=150, default="", blank=True)
    seen_reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "side", "order_ref"], name="reconciled_identity"
            )
        ]
        indexes = [
            models.Index(fields=["shop", "-at"], name="reconciled_shop_at"),
            models.Index(
                fields=["shop", "status"],
                name="reconciled_open",
                condition=models.Q(seen_at__isnull=True) & ~models.Q(status="matched"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_ref} {self.side} {self.status}"
