"""入驻: applications, what hangs on them, and the deposits of shops."""

from django.db import models

from stores.calc.onboarding import LOCAL_LIFE, ORDINARY, PAPERS, STATES
from stores.models.shops import Shop, ShopRecord


class InvitationCode(models.Model):
    """A code that puts an application on the fast lane, a number of times until a day."""

    tenancy = "global: made by admins, before there is a shop"

    code = models.CharField(max_length=24, unique=True)
    note = models.CharField(max_length=100, default="", blank=True)
    uses_left = models.PositiveSmallIntegerField()
    valid_until = models.DateField()
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.code


class Application(models.Model):
    """One application of one person. The shop is there once it is opened."""

    tenancy = "global: of the applicant, before there is a shop"

    applicant = models.ForeignKey("stores.User", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        max_length=16, choices=[(name, name) for name in STATES], default=STATES[0]
    )
    kind = models.CharField(
        max_length=12, choices=[(name, name) for name in (ORDINARY, LOCAL_LIFE)], default=ORDINARY
    )
    company_name = models.CharField(max_length=200, default="", blank=True)
    company_type = models.CharField(max_length=20, default="", blank=True)
    licence_no = models.CharField(max_length=40, default="", blank=True)
    scope = models.CharField(max_length=20, default="", blank=True)
    brand_name = models.CharField(max_length=100, default="", blank=True)
    brand_intro = models.TextField(default="", blank=True)
    brand_story = models.TextField(default="", blank=True)
    shop_name = models.CharField(max_length=200, default="", blank=True)
    shop_type = models.CharField(max_length=20, default="", blank=True)
    industry = models.CharField(max_length=64, default="", blank=True)
    main_category = models.CharField(max_length=64, default="", blank=True)
    shop_address = models.CharField(max_length=200, default="", blank=True)
    contact_phone = models.CharField(max_length=32, default="", blank=True)
    service_mode = models.CharField(max_length=8, default="", blank=True)
    agreed_to = models.CharField(max_length=60, default="", blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    invitation = models.ForeignKey(
        InvitationCode, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, default="", blank=True)
    note = models.TextField(default="", blank=True)
    # In fen, with the rules it was worked out by; empty before approval.
    deposit_due = models.BigIntegerField(null=True, blank=True)
    deposit_paid = models.BigIntegerField(default=0)
    deposit_rules = models.CharField(max_length=60, default="", blank=True)
    shop = models.ForeignKey(
        Shop, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["state", "submitted_at"], name="application_state")]

    def __str__(self) -> str:
        return f"application {self.pk}"


class ApplicationPaper(models.Model):
    """A paper of an application: content told and kept, a name of ours, in no folder."""

    tenancy = "global: of the applicant, before there is a shop"

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=20, choices=[(name, name) for name in PAPERS])
    media = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} of application {self.application_id}"


class ApplicationEvent(models.Model):
    """Something that happened to an application, as its people may read it."""

    tenancy = "global: of the applicant, before there is a shop"

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    move = models.CharField(max_length=12)
    note = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"{self.move} of application {self.application_id}"


class DepositEntry(ShopRecord):
    """Money that came into a shop's deposit, or went out of it. Only added."""

    amount = models.BigIntegerField()
    at = models.DateTimeField()
    note = models.CharField(max_length=200, default="", blank=True)
    entered_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.shop_id} {self.amount}"


class DepositDue(ShopRecord):
    """What a shop has to have deposited in a month, with both amounts and what they rest on."""

    month = models.DateField()
    by_category = models.BigIntegerField()
    floating = models.BigIntegerField()
    paid_last_month = models.BigIntegerField()
    applies_on = models.DateField()
    payable_until = models.DateField()
    rule_set = models.CharField(max_length=40)
    rule_hash = models.CharField(max_length=16)
    computed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "month"], name="depositdue_identity")
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.month}"
