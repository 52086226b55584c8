"""What a person was told in the product itself."""

from django.db import models


class Notification(models.Model):
    """One thing told to one person, perhaps about a shop; the words come from its kind.

    ``payload`` holds what the words need. ``key`` makes it unique for the person, however often
    the message behind it is delivered.
    """

    tenancy = "shop"

    class Severity(models.TextChoices):
        """How urgent it is."""

        INFO = "info", "提示"
        GOOD = "good", "良好"
        WATCH = "watch", "关注"
        URGENT = "urgent", "紧急"

    user = models.ForeignKey("stores.User", on_delete=models.CASCADE, related_name="+")
    # Empty for what is above the shops, such as the end of a run.
    shop = models.ForeignKey(
        "stores.Shop", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=160)
    # False where the person wants this kind on other ways only.
    in_app = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notification_once_per_person")
        ]
        indexes = [
            models.Index(
                fields=["user"],
                name="notification_unread",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(fields=["user", "-created_at"], name="notification_user_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"
