"""The import ledger: a batch per file, a row per committed chunk."""

from django.db import models


class ImportBatch(models.Model):
    """One file that was read. Counts are the sums of its chunks."""

    tenancy = "shop"

    class Status(models.TextChoices):
        """Where a batch stands."""

        RUNNING = "running", "导入中"
        APPLIED = "applied", "已导入"
        REFUSED = "refused", "已拒绝"

    # Empty for a file of the command line that carries rows of several shops.
    shop = models.ForeignKey(
        "stores.Shop", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    user = models.ForeignKey(
        "stores.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=32)
    preset = models.CharField(max_length=32, default="", blank=True)
    file_name = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)
    encoding = models.CharField(max_length=16, default="")
    as_of = models.DateTimeField()
    # Records to a chunk when the batch began, so that a restart cuts the same chunks.
    chunk_rows = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.RUNNING)
    # Why it was refused, in the sender's language, and as {"code", "params"} for everybody else.
    reason = models.TextField(default="", blank=True)
    refusal = models.JSONField(default=dict, blank=True)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "started_at"], name="importbatch_kind_started"),
            models.Index(fields=["content_hash"], name="importbatch_content"),
            models.Index(fields=["shop", "kind", "-as_of"], name="importbatch_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportChunk(models.Model):
    """A part of a batch, committed together with its rows and its touches."""

    tenancy = "shop"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    warnings = models.PositiveIntegerField()
    problems = models.JSONField(default=list)
    # Keys of records this file repeats unchanged: an older file must not overrule them later.
    confirmed = models.BinaryField(default=b"")
    committed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="importchunk_identity")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"


class PlatformCoverage(models.Model):
    """Which kinds of file have ever come in for a platform.

    Without any complaint or after-sales file zero is assumed, and the page must say so.
    """

    tenancy = "global: one row per platform and kind"

    platform = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    first_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "kind"], name="platformcoverage_identity")
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.kind}"
