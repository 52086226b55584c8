"""Who of a shop answers when, and which live sessions are planned."""

from django.db import models

from stores.models import ShopRecord


class AgentShift(ShopRecord):
    """A shift of every week: hours [opens, closes) of an ISO weekday, Shanghai time."""

    agent = models.CharField(max_length=64)
    weekday = models.PositiveSmallIntegerField()
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()
    set_by = models.CharField(max_length=150)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "agent", "weekday", "opens"], name="agentshift_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.weekday} {self.opens}-{self.closes}"


class LiveSession(ShopRecord):
    """A planned live session, which brings more buyers while it runs."""

    title = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    set_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.title} {self.starts_at:%Y-%m-%d %H:%M}"
