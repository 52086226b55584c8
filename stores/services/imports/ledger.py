"""The ledger of a file: a batch, a row per committed chunk, and where a killed import stopped."""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils import timezone

from stores.calc.cells import Values
from stores.models import ImportBatch, ImportChunk, Shop, User
from stores.services.audit import COMMAND_ACTOR, audit_record
from stores.services.imports.judging import Confirmed, Judged
from stores.services.imports.problems import ERROR, Problem, reason_text
from stores.services.imports.source import RefusedError

MAX_WARNINGS_KEPT = 1000


@dataclass(frozen=True)
class Counts:
    """How the records of a file, or of a part of it, fared."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    warnings: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{name: mine[name] + theirs[name] for name in mine})


@dataclass(frozen=True)
class Outcome:
    """A chunk that was judged or found in the ledger; problems in order of line."""

    counts: Counts
    problems: list[dict[str, Any]]


@dataclass(frozen=True)
class Entry:
    """What a batch is about, and what makes two batches the same piece of work."""

    kind: str
    preset: str
    file_name: str
    as_of: datetime
    user: User | None
    content_hash: str = ""
    encoding: str = ""
    shop: Shop | None = None

    @property
    def lock(self) -> int:
        """The number of the lock that keeps two imports of one file apart."""
        shop = self.shop.external_id if self.shop else ""
        told = "\x1f".join((self.kind, self.preset, self.content_hash, shop))
        return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8], "big", signed=True)


@contextmanager
def alone(entry: Entry) -> Iterator[None]:
    """Only one import of the same file at a time; a second one waits for the first.

    The lock belongs to the connection: a killed process loses it with its connection.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [entry.lock])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [entry.lock])


def open_batch(entry: Entry, *, is_dated: bool) -> ImportBatch:
    """The batch a killed import of the same file left behind, else a new one.

    ``is_dated`` tells that the caller named the file's time; a batch of another time is then not
    the same piece of work. Call this under :func:`alone`: a running batch has nobody working on it.
    """
    left = ImportBatch.objects.filter(
        status=ImportBatch.Status.RUNNING,
        kind=entry.kind,
        preset=entry.preset,
        content_hash=entry.content_hash,
        shop=entry.shop,
        chunk_rows=settings.IMPORT_CHUNK_ROWS,
    )
    if is_dated:
        left = left.filter(as_of=entry.as_of)
    return left.order_by("-pk").first() or ImportBatch.objects.create(
        kind=entry.kind,
        preset=entry.preset,
        content_hash=entry.content_hash,
        shop=entry.shop,
        chunk_rows=settings.IMPORT_CHUNK_ROWS,
        user=entry.user,
        file_name=entry.file_name,
        encoding=entry.encoding,
        as_of=entry.as_of,
    )


def outcomes_of(batch: ImportBatch) -> dict[int, Outcome]:
    """The chunks that were committed before, by number."""
    return {
        chunk.number: Outcome(
            Counts(
                chunk.rows,
                chunk.new,
                chunk.changed,
                chunk.unchanged,
                chunk.rejected,
                chunk.warnings,
            ),
            chunk.problems,
        )
        for chunk in batch.chunks.order_by("number")
    }


def outcome_of(judged: Judged) -> Outcome:
    """Counts and problems of a judged chunk. Every error is kept, warnings up to a limit."""
    table = judged.table
    problems = sorted(table.problems, key=lambda problem: problem.line)
    errors = [problem for problem in problems if problem.severity == ERROR]
    warnings = [problem for problem in problems if problem.severity != ERROR]
    # A row that was turned away in the end is not kept, so it is not warned about either.
    turned_away = {problem.line for problem in errors}
    warnings = [problem for problem in warnings if problem.line not in turned_away]
    counts = Counts(
        rows=table.raw.records,
        new=judged.new,
        changed=judged.changed,
        unchanged=judged.unchanged,
        rejected=judged.rejected,
        warnings=len(warnings),
    )
    kept = sorted(errors + warnings[:MAX_WARNINGS_KEPT], key=lambda problem: problem.line)
    return Outcome(counts, [Problem.stored(problem) for problem in kept])


def write_chunk(batch: ImportBatch, number: int, judged: Judged, outcome: Outcome) -> None:
    """Enter a chunk, in the transaction that writes its records."""
    ImportChunk.objects.create(
        batch=batch,
        number=number,
        problems=outcome.problems,
        confirmed=_packed(judged, int(batch.as_of.timestamp())),
        **asdict(outcome.counts),
    )


def close_batch(batch: ImportBatch, counts: Counts, user: User | None) -> None:
    """Mark a batch as applied; with its audit row, in the caller's transaction."""
    for name, value in asdict(counts).items():
        setattr(batch, name, value)
    batch.status = ImportBatch.Status.APPLIED
    batch.finished_at = timezone.now()
    batch.save()
    audit_record(
        actor=user or COMMAND_ACTOR,
        action="import.applied",
        object_type="import_batch",
        object_id=str(batch.pk),
        shop=batch.shop,
        after={"kind": batch.kind, "file": batch.file_name, **asdict(counts)},
    )


def refuse(entry: Entry, error: RefusedError) -> None:
    """Enter a file that was refused whole."""
    ImportBatch.objects.create(
        kind=entry.kind,
        preset=entry.preset,
        content_hash=entry.content_hash,
        shop=entry.shop,
        user=entry.user,
        file_name=entry.file_name,
        encoding=entry.encoding,
        as_of=entry.as_of,
        status=ImportBatch.Status.REFUSED,
        reason=reason_text(error.code, error.params),
        refusal={"code": error.code, "params": error.params},
        finished_at=timezone.now(),
    )


class ConfirmedByNewer:
    """What files newer than the one being imported have confirmed, read as their chunks appear."""

    def __init__(self, kind: str, as_of: datetime) -> None:
        self._chunks = ImportChunk.objects.filter(
            batch__kind=kind, batch__as_of__gt=as_of, confirmed__gt=b""
        )
        self._seen: set[int] = set()
        self.confirmed = Confirmed()

    def refreshed(self) -> Confirmed:
        """Up to date with what is committed. Call it under the lock of the shops concerned."""
        fresh = set(self._chunks.values_list("pk", flat=True)) - self._seen
        rows = ImportChunk.objects.filter(pk__in=fresh).values_list("batch__as_of", "confirmed")
        for as_of, packed in rows.iterator(chunk_size=50):
            for label, ids in _unpacked(bytes(packed)):
                self.confirmed.add(label, int(as_of.timestamp()), ids)
        self._seen |= fresh
        return self.confirmed


def _packed(judged: Judged, as_of: int) -> bytes:
    """Keys of the records the file repeats, by model; their gaps compress to next to nothing."""
    parts = []
    for side in judged.sides:
        same = side.newer() & ~side.created() & ~side.changed()
        records = side.decided[same]
        late = side.stored.as_of[records] < as_of
        if late.any():
            ids = np.sort(side.stored.ids[records][late])
            gaps = np.diff(ids, prepend=0).astype("<i8").tobytes()
            label = side.target.model._meta.label.encode()
            parts.append(b"%d %s " % (len(ids), label) + gaps)
    return zlib.compress(b"".join(parts), level=1) if parts else b""


def _unpacked(packed: bytes) -> Iterator[tuple[str, Values]]:
    data = zlib.decompress(packed)
    while data:
        count, label, data = data.split(b" ", 2)
        size = int(count) * 8
        yield label.decode(), np.cumsum(np.frombuffer(data[:size], dtype="<i8"))
        data = data[size:]
