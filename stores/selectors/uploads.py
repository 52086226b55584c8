"""Files that were sent to a shop, and what became of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from shopguard.lib.paging import Page, page_of
from stores.models import ImportBatch, ImportRejects, ImportUpload, Shop

HISTORY_A_PAGE = 20
SHOWN_OPEN = 20
SHOWN_ROWS = 5

State = ImportUpload.State
ENDED = (State.DONE, State.DROPPED)


@dataclass(frozen=True)
class Rejected:
    """A row that was turned away: its line, the mapped cells that name nobody, and why."""

    line: int
    cells: list[str]
    number: int | None
    problems: list[dict[str, Any]]


def uploads_of(*, shop: Shop) -> QuerySet[ImportUpload]:
    """The files sent to a shop."""
    rows = ImportUpload.objects.for_shop(shop)
    return rows.select_related("user", "batch", "score_run")


def uploads_waiting(*, shop: Shop) -> list[ImportUpload]:
    """The newest files that are being worked on or wait for a person."""
    return list(uploads_of(shop=shop).exclude(state__in=ENDED).order_by("-pk")[:SHOWN_OPEN])


def imports_page(*, shop: Shop, asked: QueryDict) -> Page[ImportBatch]:
    """One page of what was imported or refused, the newest first."""
    ended = ImportBatch.objects.filter(shop=shop).exclude(status=ImportBatch.Status.RUNNING)
    rows = ended.select_related("user", "upload").order_by("-pk")
    return page_of(rows, asked, size=HISTORY_A_PAGE)


def imported_before(*, upload: ImportUpload) -> ImportBatch | None:
    """The newest import of the very same file into the shop, if there was one."""
    same = ImportBatch.objects.filter(
        shop=upload.shop, content_hash=upload.content_hash, status=ImportBatch.Status.APPLIED
    )
    return same.exclude(upload=upload).order_by("-pk").first()


def first_rows(*, upload: ImportUpload) -> list[list[str]]:
    """The first rows as they were kept: mapped columns, buyers hashed. Empty once forgotten."""
    piece = upload.pieces.order_by("number").first()
    if piece is None:
        return []
    _, cells, _ = json.loads(piece.rows)
    return [list(row) for row in zip(*(column[:SHOWN_ROWS] for column in cells), strict=True)]


def rows_rejected(*, upload: ImportUpload) -> Iterator[Rejected]:
    """Every row that was turned away, in the order the file was read."""
    pieces = ImportRejects.objects.filter(upload=upload).order_by("number")
    for rows in pieces.values_list("rows", flat=True).iterator(chunk_size=2):
        for row in rows.get("rows", []):
            yield Rejected(row["line"], row["cells"], row["number"], row["problems"])


def uploads_before(*, upload: ImportUpload) -> int:
    """How many files of the shop are imported before this one."""
    waiting = ImportUpload.objects.filter(shop=upload.shop_id, state=State.IMPORTING)
    return waiting.filter(begun_at__lt=upload.begun_at).exclude(pk=upload.pk).count()


def uploads_unscored() -> list[int]:
    """Imports that changed something and have no run yet that renews the score."""
    rows = ImportUpload.objects.filter(is_score_wanted=True, score_run=None, state=State.DONE)
    return list(rows.order_by("pk").values_list("pk", flat=True))
