"""On which ways people are told, and what was sent on them."""

from django.db import models


class Channel(models.TextChoices):
    """A way to tell somebody."""

    APP = "app", "站内"
    EMAIL = "email", "邮件"
    WEBHOOK = "webhook", "推送"


class Level(models.TextChoices):
    """From how urgent on somebody is told."""

    ALL = "all", "每次都发"
    URGENT = "urgent", "只发紧急"
    OFF = "off", "不发"


class ChannelChoice(models.Model):
    """What a person chose for a kind of notice on a channel; without a row the kind decides."""

    tenancy = "global: of a person, about what they are told"

    user = models.ForeignKey("stores.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    level = models.CharField(max_length=8, choices=Level.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "channel"], name="channelchoice_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.level} for {self.user_id}"


class Webhook(models.Model):
    """Where a person's own program listens.

    The secret it is signed with is worked out from ``nonce`` and the key of the installation, so
    that a copy of the database signs nothing.
    """

    tenancy = "global: of a person, shown to that person only"

    user = models.OneToOneField("stores.User", on_delete=models.CASCADE, related_name="webhook")
    url = models.CharField(max_length=500)
    nonce = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"webhook of {self.user_id}"


class Delivery(models.Model):
    """One notification on its way by e-mail or webhook, with what came of it.

    ``attempts`` counts claims and ``begun`` is the claim whose sending began, so that a message
    delivered twice is sent once.
    """

    tenancy = "shop"

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "等待发送"
        SENT = "sent", "已送达"
        FAILED = "failed", "没有送达"
        DROPPED = "dropped", "不再需要"

    notification = models.ForeignKey(
        "stores.Notification", on_delete=models.CASCADE, related_name="deliveries"
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "channel"], name="delivery_once_per_channel"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="delivery_waiting",
                condition=models.Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.notification_id} {self.state}"
