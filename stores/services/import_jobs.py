"""Working a file that was sent: its dry run, then its import, by whichever worker comes first.

The row of the upload says what is to be done. Two advisory locks of the worker's connection say
that somebody is at it: one of the upload, and one of the shop while rows are stored, so that two
files of a shop are imported one after the other. A killed worker loses them with its connection
and the sweeper gives the file back; a frozen one outlives its lease and is shut out.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils import timezone

from stores.kinds import kind_named
from stores.models import ImportBatch, ImportUpload
from stores.services.imports.engine import Job, apply_rows
from stores.services.imports.kept import KeptRejects, KeptRows, layout_of
from stores.services.imports.ledger import Counts, Entry
from stores.services.imports.report import Report
from stores.services.imports.source import RefusedError, Source
from stores.services.notices import notice_put

logger = logging.getLogger(__name__)

State = ImportUpload.State
OPEN = (State.CHECKING, State.IMPORTING)
# First numbers of two-part advisory locks; nothing else in this database uses two-part ones.
OF_UPLOADS, OF_SHOPS = 0x5347, 0x5348
REPORTED_PROBLEMS = 200
ERROR_CHARS = 1000


class FencedOutError(Exception):
    """The file was stopped or given to another worker; this one leaves it alone."""


def upload_work(*, upload_id: int) -> bool:
    """Do what a file waits for; False when there is nothing to do or somebody is at it."""
    found = ImportUpload.objects.filter(pk=upload_id, state__in=OPEN).first()
    if found is None:
        return False
    locks = [(OF_UPLOADS, found.pk)]
    if found.state == State.IMPORTING:
        locks.append((OF_SHOPS, found.shop_id))
    with _held(locks) as is_mine:
        upload = _claimed(upload_id, found.state) if is_mine and _has_turn(found) else None
        if upload is None:
            return False
        try:
            _attempt(upload)
        except FencedOutError:
            logger.info("import %s: stopped or taken over", upload.pk)
        except Exception as error:  # whatever goes wrong is the file's reason, never the worker's
            logger.exception("import %s failed", upload.pk)
            _give_back(_owned(upload), upload.attempts, f"{type(error).__name__}: {error}")
    return True


@contextmanager
def _held(locks: list[tuple[int, int]]) -> Iterator[bool]:
    """Whether all locks were free; they are held meanwhile."""
    got = []
    try:
        with connection.cursor() as cursor:
            for lock in locks:
                cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
                if not cursor.fetchone()[0]:
                    break
                got.append(lock)
        yield len(got) == len(locks)
    finally:
        if got and connection.is_usable():
            with connection.cursor() as cursor:
                for lock in got:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


def _has_turn(upload: ImportUpload) -> bool:
    """Whether no file of the shop that was confirmed before it still has to be imported.

    Where a worker died, its file has lost its locks and not yet been given back: a later file,
    whose bell rings in that moment, would otherwise land in the middle of it.
    """
    if upload.state != State.IMPORTING:
        return True
    before = Q(begun_at__lt=upload.begun_at) | Q(begun_at=upload.begun_at, pk__lt=upload.pk)
    others = ImportUpload.objects.filter(shop=upload.shop_id, state=State.IMPORTING)
    return not others.filter(before).exists()


def _claimed(upload_id: int, state: str) -> ImportUpload | None:
    """Take the file for one lease; None when it is done or out of attempts.

    Whoever finds a lease on a file whose locks are free takes it up from a worker that ended
    without a word, before the sweep could say so.
    """
    is_left = Case(When(lease_until__isnull=False, then=1), default=0)
    taken = ImportUpload.objects.filter(
        pk=upload_id, state=state, attempts__lt=settings.IMPORT_MAX_ATTEMPTS
    ).update(
        fence=F("fence") + 1,
        attempts=F("attempts") + 1,
        taken_up=F("taken_up") + is_left,
        lease_until=Now() + timedelta(seconds=settings.IMPORT_LEASE_SECONDS),
    )
    if not taken:
        return None
    return ImportUpload.objects.select_related("shop", "user", "batch").get(pk=upload_id)


def _owned(upload: ImportUpload) -> Any:
    """The row, as long as this attempt is the newest and nobody stopped it."""
    return ImportUpload.objects.filter(pk=upload.pk, fence=upload.fence, state__in=OPEN)


def _attempt(upload: ImportUpload) -> None:
    if upload.state == State.CHECKING:
        _finish_check(upload, _applied(upload, is_dry=True))
        return
    if upload.batch is not None and upload.batch.status != ImportBatch.Status.APPLIED:
        _applied(upload, is_dry=False)
    _finish_import(upload)


def _applied(upload: ImportUpload, *, is_dry: bool) -> Report:
    """Give the kept rows to the engine; every chunk renews the lease."""
    layout = layout_of(upload)
    upload.rejects.all().delete()
    job = Job(
        kind=kind_named(upload.kind),
        source=Source(name=upload.file_name, size=upload.file_size, open=no_bytes),
        preset=layout.preset,
        shop=upload.shop.external_id,
        as_of=upload.as_of,
        is_dry=is_dry,
        is_trusted=upload.is_trusted,
        user=upload.user,
        batch=upload.batch,
        rejects=KeptRejects(upload, layout),
    )
    entry = Entry(
        kind=upload.kind,
        preset=upload.preset,
        file_name=upload.file_name,
        as_of=upload.as_of,
        user=upload.user,
        content_hash=upload.content_hash,
        encoding=upload.encoding,
        shop=upload.shop,
    )
    return apply_rows(job, entry, layout, KeptRows(upload), lambda _, done, __: _told(upload, done))


def no_bytes() -> BinaryIO:
    """For a file whose rows were read before: the file itself is not kept."""
    raise RefusedError("interrupted")


def _told(upload: ImportUpload, done: int) -> None:
    """Note the progress and renew the lease. An attempt that gets further counts as the first."""
    if done > upload.done:
        upload.done, upload.attempts = done, 1
    renewed = _owned(upload).update(
        done=upload.done,
        attempts=upload.attempts,
        lease_until=Now() + timedelta(seconds=settings.IMPORT_LEASE_SECONDS),
    )
    if not renewed:
        raise FencedOutError


def _finish_check(upload: ImportUpload, report: Report) -> None:
    stored = {"counts": asdict(report.counts), "problems": report.problems[:REPORTED_PROBLEMS]}
    _owned(upload).update(
        state=State.CHECKED, report=stored, done=0, attempts=0, lease_until=None, error=""
    )


def _finish_import(upload: ImportUpload) -> None:
    """Mark the file as imported, forget its rows and have its sender told."""
    with transaction.atomic():
        batch = ImportBatch.objects.get(upload=upload)
        is_done = _owned(upload).update(
            state=State.DONE,
            done=upload.total,
            lease_until=None,
            finished_at=Now(),
            error="",
            is_score_wanted=bool(batch.new or batch.changed),
        )
        if not is_done:
            raise FencedOutError
        upload.pieces.all().delete()
        notice_put(kind="import_finished", key=f"import:{batch.pk}", payload={"batch": batch.pk})


def _give_back(rows: Any, attempts: int, error: str) -> None:
    """Let another worker try, or give up after so many attempts that got no further."""
    is_final = attempts >= settings.IMPORT_MAX_ATTEMPTS
    changed: dict[str, Any] = {"lease_until": None, "error": error[:ERROR_CHARS], "rung_at": None}
    if is_final:
        changed |= {"state": State.FAILED, "finished_at": Now()}
    rows.update(**changed)


def uploads_sweep() -> None:
    """Give back what dead workers left, shut frozen ones out, forget files nobody confirmed."""
    running = ImportUpload.objects.filter(state__in=OPEN, lease_until__isnull=False)
    for upload in running.order_by("pk"):
        if upload.lease_until and upload.lease_until < timezone.now():
            _evict(upload.pk)
        with _held([(OF_UPLOADS, upload.pk)]) as is_dead:
            if is_dead:
                mine = ImportUpload.objects.filter(pk=upload.pk, fence=upload.fence)
                mine.update(taken_up=F("taken_up") + 1)
                _give_back(mine, upload.attempts, "its worker ended without a word")
    too_old = timezone.now() - timedelta(hours=settings.IMPORT_DRAFT_HOURS)
    for upload in ImportUpload.objects.filter(state=State.CHECKED, created_at__lt=too_old)[:100]:
        with transaction.atomic():
            forgotten = ImportUpload.objects.filter(pk=upload.pk, state=State.CHECKED)
            if forgotten.update(state=State.DROPPED, finished_at=Now()):
                upload.pieces.all().delete()
                upload.rejects.all().delete()


def _evict(upload_id: int) -> None:
    """End the session of a worker that is frozen or cut off: its locks would stay for ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_locks
            WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND pid <> pg_backend_pid()
            """,
            [OF_UPLOADS, upload_id],
        )


def uploads_to_ring() -> list[int]:
    """The files a bell has to be rung for now: per shop the first that waits, if none is at work.

    Checks need no turn. Marked as rung, so that a long queue is not flooded with doubles.
    """
    late = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)
    waiting = ImportUpload.objects.filter(state__in=OPEN, lease_until=None)
    busy = ImportUpload.objects.filter(state=State.IMPORTING, lease_until__isnull=False)
    imports = waiting.filter(state=State.IMPORTING).exclude(shop__in=busy.values("shop"))
    firsts = (
        imports.order_by("shop", "begun_at", "pk").distinct("shop").values_list("pk", flat=True)
    )
    checks = waiting.filter(state=State.CHECKING).values_list("pk", flat=True)
    ids = [*firsts.values_list("pk", flat=True), *checks.order_by("pk")[: settings.SWEEP_RINGS]]
    due = ImportUpload.objects.filter(Q(rung_at=None) | Q(rung_at__lt=late), pk__in=ids)
    rung = list(due.order_by("pk").values_list("pk", flat=True))
    ImportUpload.objects.filter(pk__in=rung).update(rung_at=Now())
    return rung


def counts_of(batch: ImportBatch) -> Counts:
    """The counts of a file that was imported."""
    return Counts(**{name: getattr(batch, name) for name in Counts.__dataclass_fields__})
