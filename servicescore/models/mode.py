"""Switches of who answers a shop's customers."""

from django.db import models

from servicescore.models.assessment import CourseExam
from stores.models import Shop, ShopRecord


class ModeSwitch(ShopRecord):
    """A switch somebody asked for. One to own service is open until its exam is passed.

    ``agents`` were on the rota when it was asked for, of the ``needed``; ``charge_fen`` is what the
    platform was said to charge for four weeks, of a switch to it.
    """

    class State(models.TextChoices):
        """What became of it."""

        DONE = "done", "已生效"
        OPEN = "open", "等考试"
        WITHDRAWN = "withdrawn", "已撤回"

    wanted = models.CharField(max_length=8, choices=Shop.ServiceMode.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    agents = models.PositiveSmallIntegerField(default=0)
    needed = models.PositiveSmallIntegerField(default=0)
    charge_fen = models.PositiveIntegerField(null=True, blank=True)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    ended_by = models.CharField(max_length=150, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # From this Shanghai day on it holds.
    from_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop"], name="modeswitch_one_open", condition=models.Q(state="open")
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} to {self.wanted}: {self.state}"


class ModeExam(ShopRecord):
    """One try at the basic exam a switch to own service waits for."""

    switch = models.ForeignKey(ModeSwitch, on_delete=models.CASCADE, related_name="exams")
    day = models.DateField()
    agent = models.CharField(max_length=64, default="", blank=True)
    outcome = models.CharField(max_length=8, choices=CourseExam.Outcome.choices)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.shop_id} {self.day} {self.outcome}"
