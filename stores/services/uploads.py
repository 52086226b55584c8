"""What people do with a file: send it, confirm, stop, take up again, drop."""

import errno
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language

from shopguard.lib.scrub import scrub
from stores.kinds import kind_named, kind_names
from stores.kinds._declare import Kind
from stores.models import ImportBatch, ImportMapping, ImportUpload, Run, Shop, User
from stores.presets import presets
from stores.presets._declare import Preset
from stores.services.import_jobs import upload_work
from stores.services.imports.engine import Job, read_rows
from stores.services.imports.formats import open_file
from stores.services.imports.kept import layout_kept, rows_keep
from stores.services.imports.layout import Layout, find_layout
from stores.services.imports.ledger import Entry, refuse
from stores.services.imports.recognise import (
    SHOWN_GUESSES,
    SHOWN_ROWS,
    Guess,
    guess_of,
    guesses,
    headers_hash,
    mapped_preset,
)
from stores.services.imports.row_file import RowFile, Start
from stores.services.imports.source import RefusedError, Source
from stores.services.imports.spool import Spool
from stores.services.outbox import Topic, outbox_put

State = ImportUpload.State


class UnclearError(Exception):
    """The header cannot be read as any kind, or not without more columns being mapped."""

    def __init__(self, start: Start, best: Guess | None, nearest: list[Guess]) -> None:
        super().__init__("unclear header")
        self.start = start
        self.best = best
        self.nearest = nearest


class UploadStateError(Exception):
    """The file no longer stands where the person saw it."""


@dataclass(frozen=True)
class Wish:
    """What the person said about the file; empty where it is to be found out.

    ``columns`` maps headers to columns, "" leaves one out; None means nothing was said.
    ``is_sure`` imports the good rows without a check that waits for a person.
    """

    kind: str = ""
    preset: str = ""
    columns: Mapping[str, str] | None = None
    as_of: datetime | None = None
    is_sure: bool = False


@dataclass(frozen=True)
class _Reading:
    """A file that was understood."""

    file: RowFile
    start: Start
    kind: Kind
    preset: Preset
    layout: Layout
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_hash(self) -> str:
        """The same for the same bytes read in the same way."""
        if not self.columns:
            return self.file.content_hash
        told = json.dumps([self.file.content_hash, sorted(self.columns.items())])
        return hashlib.sha256(told.encode()).hexdigest()


def kinds_open_to(*, is_trusted: bool) -> list[str]:
    """The kinds a person may send: all for admins, else those that are not for admins alone."""
    return [name for name in kind_names() if is_trusted or not kind_named(name).admin_only]


def upload_take(
    *, shop: Shop, user: User, is_trusted: bool, source: Source, wish: Wish
) -> ImportUpload:
    """Read a file, keep its filtered rows and check them; small files are checked at once. With
    ``wish.is_sure`` its import is begun instead.

    Raises RefusedError for a file that is refused whole (entered in the history) and UnclearError
    for a header that needs a person. Nothing is kept in either case.
    """
    now = timezone.now()
    try:
        limit = settings.IMPORT_UPLOAD_MAX_BYTES
        if source.size > limit:
            raise RefusedError("too_large", size=source.size, limit=limit)
        with open_file(source) as file:
            reading = _understood(shop, is_trusted, file, wish)
            upload = _kept(shop, user, is_trusted, reading, wish, now)
    except RefusedError as error:
        _remember_refusal(shop, user, source, wish, error, now)
        raise
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise RefusedError("disk_full") from error
    if upload.state == State.CHECKED:
        return upload_begin(upload=upload)
    if upload.total <= settings.IMPORT_INLINE_ROWS:
        upload_work(upload_id=upload.pk)
        upload.refresh_from_db()
    return upload


def _understood(shop: Shop, is_trusted: bool, file: RowFile, wish: Wish) -> _Reading:
    start = file.start(SHOWN_ROWS)
    if not start.headers:
        raise RefusedError("empty_file")
    kinds = kinds_open_to(is_trusted=is_trusted)
    kind, preset, columns = _chosen(shop, start, kinds, wish)
    layout = find_layout(file, kind, mapped_preset(preset, columns), True)
    return _Reading(file, start, kind, preset, layout, columns)


def _chosen(
    shop: Shop, start: Start, kinds: list[str], wish: Wish
) -> tuple[Kind, Preset, Mapping[str, str]]:
    """Kind, preset and own mapping: as said, as remembered, or as the header suggests."""
    columns, preset_name, kind_name = wish.columns, wish.preset, wish.kind
    if columns is None:
        known = ImportMapping.objects.for_shop(shop).filter(
            headers=headers_hash(start.headers), kind__in=kinds
        )
        told = known.filter(kind=kind_name) if kind_name else known
        remembered = told.order_by("-updated_at").first()
        if remembered is not None and not preset_name:
            kind_name, preset_name = remembered.kind, remembered.preset
            columns = remembered.columns
    found = guesses(start.headers, kinds=[kind_name] if kind_name else ())
    fitting = [guess for guess in found if preset_name in ("", guess.preset.name)]
    best = fitting[0] if fitting else None
    if best is None and kind_name in kinds:
        best = guess_of(start.headers, kind_named(kind_name), presets()["canonical"])
    own = dict(columns or {})
    if best is not None and own:
        best = guess_of(start.headers, best.kind, mapped_preset(best.preset, own))
    if best is None or best.missing:
        nearest = [guess for guess in found if guess.kind.name in kinds][:SHOWN_GUESSES]
        raise UnclearError(start, best, nearest)
    if best.kind.name not in kinds:
        english = (get_language() or "").startswith("en")
        raise RefusedError("admin_only", kind=best.kind.label_en if english else best.kind.label_zh)
    return best.kind, presets()[best.preset.name], own


def _kept(
    shop: Shop, user: User, is_trusted: bool, reading: _Reading, wish: Wish, now: datetime
) -> ImportUpload:
    """Read the rows into a spool that has no name, then keep them in one transaction."""
    job = Job(
        kind=reading.kind, source=reading.file.source, preset=reading.layout.preset,
        shop=shop.external_id,
    )  # fmt: skip
    with Spool() as spool:
        read_rows(job, reading.file, reading.layout, spool)
        with transaction.atomic():
            upload = ImportUpload.objects.create(
                shop=shop,
                user=user,
                is_trusted=is_trusted,
                kind=reading.kind.name,
                preset=reading.preset.name,
                file_name=scrub(reading.file.source.name)[:200],
                file_size=reading.file.source.size,
                content_hash=reading.content_hash,
                encoding=reading.file.encoding,
                as_of=wish.as_of or now,
                layout=layout_kept(reading.layout, reading.start.headers),
                state=State.CHECKED if wish.is_sure and spool.records else State.CHECKING,
                chunk_rows=settings.IMPORT_CHUNK_ROWS,
                total=spool.records,
            )
            rows_keep(upload, spool)
            _take_the_place(upload)
            if wish.columns is not None:
                _remember(shop, reading)
            if upload.state == State.CHECKING and spool.records > settings.IMPORT_INLINE_ROWS:
                upload_ring(upload)
    return upload


def _take_the_place(upload: ImportUpload) -> None:
    """Drop what waits of the same file: sent twice, or read anew with other columns."""
    waiting = ImportUpload.objects.for_shop(upload.shop).filter(
        user=upload.user, file_name=upload.file_name, file_size=upload.file_size,
        state=State.CHECKED,
    )  # fmt: skip
    for one in waiting.exclude(pk=upload.pk).select_for_update(skip_locked=True):
        upload_drop(upload=one)


def _remember(shop: Shop, reading: _Reading) -> None:
    ImportMapping.objects.update_or_create(
        shop=shop,
        kind=reading.kind.name,
        headers=headers_hash(reading.start.headers),
        defaults={"preset": reading.preset.name, "columns": dict(reading.columns)},
    )


def _remember_refusal(
    shop: Shop, user: User, source: Source, wish: Wish, error: RefusedError, now: datetime
) -> None:
    entry = Entry(
        kind=wish.kind, preset=wish.preset, file_name=scrub(source.name)[:200], as_of=now,
        user=user, shop=shop,
    )  # fmt: skip
    refuse(entry, error)


def upload_ring(upload: ImportUpload) -> None:
    """Have a worker come for the file, in the caller's transaction."""
    outbox_put(
        key=f"import:{upload.pk}:{upload.state}:{upload.fence}",
        topic=Topic.IMPORT_RING,
        payload={"upload": upload.pk},
    )


def upload_begin(*, upload: ImportUpload) -> ImportUpload:
    """Confirm a checked file, or go on with a stopped or failed one: a worker imports its rows.

    Raises UploadStateError when it does not wait for that (any more).
    """
    with transaction.atomic():
        found = _locked(upload, State.CHECKED, State.STOPPED, State.FAILED)
        if not found.pieces.exists():
            raise UploadStateError
        if found.batch is None and found.state == State.CHECKED:
            found.batch = _batch_of(found)
        found.state = State.IMPORTING if found.batch else State.CHECKING
        found.begun_at = found.begun_at or timezone.now()
        found.done, found.attempts, found.error = 0, 0, ""
        found.finished_at, found.rung_at, found.lease_until = None, None, None
        found.fence += 1
        found.save()
        upload_ring(found)
    return found


def _batch_of(upload: ImportUpload) -> ImportBatch:
    """The ledger's entry, opened with the confirmation so that a worker only has to fill it."""
    return ImportBatch.objects.create(
        shop=upload.shop,
        user=upload.user,
        kind=upload.kind,
        preset=upload.preset,
        file_name=upload.file_name,
        content_hash=upload.content_hash,
        encoding=upload.encoding,
        as_of=upload.as_of,
        chunk_rows=upload.chunk_rows,
    )


def upload_stop(*, upload: ImportUpload) -> None:
    """End an import after the chunk it is at; what landed stays. Raises UploadStateError."""
    with transaction.atomic():
        found = _locked(upload, State.CHECKING, State.IMPORTING)
        ImportUpload.objects.filter(pk=found.pk).update(
            state=State.STOPPED, fence=F("fence") + 1, lease_until=None, finished_at=timezone.now()
        )


def upload_drop(*, upload: ImportUpload) -> None:
    """Forget a file that was not imported, its kept rows included. Raises UploadStateError."""
    with transaction.atomic():
        found = _locked(upload, State.CHECKING, State.CHECKED)
        found.state, found.finished_at, found.lease_until = State.DROPPED, timezone.now(), None
        found.fence += 1
        found.save()
        found.pieces.all().delete()
        found.rejects.all().delete()


def _locked(upload: ImportUpload, *states: ImportUpload.State) -> ImportUpload:
    found = ImportUpload.objects.select_for_update().get(pk=upload.pk)
    if found.state not in states:
        raise UploadStateError
    return found


def uploads_scored(*, upload_ids: Collection[int], run: Run) -> None:
    """Note which run brings the new score of imports that waited for one."""
    waiting = ImportUpload.objects.filter(pk__in=upload_ids, score_run=None)
    waiting.update(score_run=run)
