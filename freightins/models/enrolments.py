"""Whether a shop has cover, since when, and what was accepted for it."""

from typing import ClassVar

from django.db import models

from stores.models import ShopRecord


class Enrolment(ShopRecord):
    """开通: one product, opened by somebody and open until closed; one at a time per shop.

    Whether it is active at an instant is told by its events.
    """

    class Product(models.TextChoices):
        """Which of the two products."""

        SERVICE = "service", "运费宝"
        INSURANCE = "insurance", "运费险"

    product = models.CharField(max_length=10, choices=Product.choices, default=Product.SERVICE)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        "stores.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "stores.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop"],
                name="enrolment_open",
                condition=models.Q(closed_at__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["shop", "opened_at"], name="enrolment_shop_opened")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.product} {self.opened_at:%Y-%m-%d}"


class EnrolmentEvent(ShopRecord):
    """A turn of an enrolment, in effect from ``at`` on, which may lie a little ahead.

    ``reasons`` names the conditions that failed. Rows are only added.
    """

    class State(models.TextChoices):
        """What an enrolment is from then on."""

        ACTIVE = "active", "保障中"
        SUSPENDED = "suspended", "已暂停"
        CLOSED = "closed", "已关闭"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices)
    reasons = models.JSONField(default=list)
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["shop", "at"], name="enrolmentevent_shop_at")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.state} {self.at:%Y-%m-%d %H:%M}"


class Consent(ShopRecord):
    """An agreement somebody accepted when opening: which, in which version, who and when."""

    AGREEMENTS: ClassVar[tuple[str, ...]] = ("service", "terms")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="consents")
    agreement = models.CharField(max_length=16)
    version = models.CharField(max_length=64)
    accepted_by = models.CharField(max_length=150)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "agreement"], name="consent_identity")
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.version}"
