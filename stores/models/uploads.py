"""Files that people sent in the browser or over the API, from recognising to the last row."""

from django.db import models

from stores.models.shops import ShopRecord


class ImportUpload(ShopRecord):
    """One file: what was recognised, what a dry run found, how far its import has come.

    This row is the record of the job; Celery only rings. A worker holds it by ``lease_until`` and
    an advisory lock, and proves with ``fence`` that it still does.
    """

    class State(models.TextChoices):
        """Where a file stands."""

        CHECKING = "checking", "检查中"
        CHECKED = "checked", "待确认"
        IMPORTING = "importing", "导入中"
        DONE = "done", "已导入"
        STOPPED = "stopped", "已停止"
        FAILED = "failed", "出错"
        DROPPED = "dropped", "未导入"

    user = models.ForeignKey(
        "stores.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Sent by an admin: may set what a shop's own people may not.
    is_trusted = models.BooleanField(default=False)
    kind = models.CharField(max_length=32)
    preset = models.CharField(max_length=32)
    file_name = models.CharField(max_length=200)
    file_size = models.BigIntegerField(default=0)
    content_hash = models.CharField(max_length=64)
    encoding = models.CharField(max_length=16, default="")
    as_of = models.DateTimeField()
    # {"delimiter", "width", "headers": [...], "mapped": [[position, header, column], ...]}
    layout = models.JSONField(default=dict)
    chunk_rows = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.CHECKING)
    # {"counts": {...}, "problems": [...]} of the dry run
    report = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    batch = models.OneToOneField(
        "stores.ImportBatch",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="upload",
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    # How often its worker died and another one took the file up.
    taken_up = models.PositiveSmallIntegerField(default=0)
    rung_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    is_score_wanted = models.BooleanField(default=False)
    score_run = models.ForeignKey(
        "stores.Run", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["shop", "-created_at"], name="importupload_newest"),
            models.Index(
                fields=["state"],
                name="importupload_open",
                condition=models.Q(state__in=["checking", "checked", "importing"]),
            ),
            models.Index(
                fields=["id"],
                name="importupload_unscored",
                condition=models.Q(is_score_wanted=True, score_run=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportPiece(models.Model):
    """Some rows of a file that waits: the mapped cells only, buyers hashed, texts scrubbed.

    Gone once the file has been imported or dropped.
    """

    tenancy = "shop"

    upload = models.ForeignKey(ImportUpload, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    # JSON as text: it is never looked into by the database.
    rows = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="importpiece_identity")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"


class ImportRejects(models.Model):
    """The rows of a piece that were turned away, to be downloaded, mended and sent again.

    ``rows`` is {"rows": [{"line", "cells", "number", "problems"}]}; cells name nobody.
    """

    tenancy = "shop"

    upload = models.ForeignKey(ImportUpload, on_delete=models.CASCADE, related_name="rejects")
    number = models.PositiveIntegerField()
    rows = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="importrejects_identity")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"


class ImportMapping(ShopRecord):
    """Which column is which in files with a certain header, as somebody of the shop once said.

    ``headers`` is a hash of the header; ``columns`` is {header: column or "" for none}.
    """

    kind = models.CharField(max_length=32)
    headers = models.CharField(max_length=64)
    preset = models.CharField(max_length=32)
    columns = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "kind", "headers"], name="importmapping_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.kind}"
