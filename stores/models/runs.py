"""The ledger of the nightly run. The database is the record; Celery only rings the bell."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class State(models.TextChoices):
    """Where a run, a step or a shard stands."""

    PENDING = "pending", "等待"
    RUNNING = "running", "运行中"
    DONE = "done", "完成"
    DONE_WITH_ERRORS = "done_with_errors", "完成但有错"
    FAILED = "failed", "失败"


class Run(models.Model):
    """One computation of one score date under one rule set.

    ``sequence`` counts recomputations of the same date; the nightly run is number 1.
    """

    tenancy = "global: a run covers all shops"

    class Trigger(models.TextChoices):
        """Who asked for the run."""

        NIGHTLY = "nightly", "夜间"
        RECOMPUTE = "recompute", "重算"

    day = models.DateField()
    rule_set = models.CharField(max_length=40)
    rule_hash = models.CharField(max_length=16)
    sequence = models.PositiveIntegerField(default=1)
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # The end of the penalty log when the run ended, so that a log cut off later shows.
    log_head = models.CharField(max_length=64, default="", blank=True)
    log_row = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "rule_set", "sequence"], name="run_identity")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.rule_set} #{self.sequence}"


class Step(models.Model):
    """One step of a run; a step begins when the one before it is terminal (the barrier)."""

    tenancy = "global: a step covers all shops"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="step_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.name}"


class Shard(models.Model):
    """A group of shops worked on together: claimed with a lease, finished behind a fence."""

    tenancy = "global: a shard names several shops"

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="shards")
    key = models.CharField(max_length=80)
    shops = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    rung_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(default="", blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "key"], name="shard_identity")]
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="shard_open",
                condition=models.Q(state__in=["pending", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.key}"
