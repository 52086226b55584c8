"""Invoices a shop asks for."""

from django.db import models

from stores.models import ShopRecord


class InvoiceRequest(ShopRecord):
    """发票申请 for the fees of one month: what was asked for, and where that stands.

    The platform issues the invoice in its own back office; here is kept who asked for what, and
    what came of it. ``amount`` is fen as it was when asked; ``is_estimated`` where no statement
    told it. A month has one request that is neither refused nor withdrawn.
    """

    class State(models.TextChoices):
        """Where it stands."""

        REQUESTED = "requested", "待提交平台"
        SUBMITTED = "submitted", "平台处理中"
        ISSUED = "issued", "已开具"
        REFUSED = "refused", "被退回"
        WITHDRAWN = "withdrawn", "已撤回"

    month = models.DateField()
    title = models.CharField(max_length=120)
    tax_number = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    is_estimated = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    number = models.CharField(max_length=40, default="", blank=True)
    note = models.CharField(max_length=200, default="", blank=True)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "month"],
                name="invoicerequest_live",
                condition=~models.Q(state__in=["refused", "withdrawn"]),
            )
        ]
        indexes = [models.Index(fields=["shop", "-requested_at"], name="invoicerequest_shop_at")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.state}"
