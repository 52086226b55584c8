"""Imports one file: read it once into a spool, then judge and commit it chunk by chunk."""

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from shopguard.lib.buyers import BuyerKeys
from shopguard.lib.scrub import scrub
from stores.kinds._declare import SHOP_COLUMN, Kind
from stores.models import ImportBatch, PlatformCoverage, Shop, User
from stores.presets._declare import Preset
from stores.services.imports.errors_file import ErrorsFile, Rejects
from stores.services.imports.formats import open_file
from stores.services.imports.judging import Judged, judge
from stores.services.imports.layout import Layout, find_layout
from stores.services.imports.ledger import (
    ConfirmedByNewer,
    Counts,
    Entry,
    Outcome,
    alone,
    close_batch,
    open_batch,
    outcome_of,
    outcomes_of,
    refuse,
    write_chunk,
)
from stores.services.imports.reading import Reader
from stores.services.imports.report import APPLIED, DRY_RUN, MAX_PROBLEMS, Report, refused_report
from stores.services.imports.row_file import Limits, RowFile
from stores.services.imports.source import RefusedError, Source
from stores.services.imports.spool import RawChunk, Rows, Spool
from stores.services.imports.table import Table, read_table, reserve
from stores.services.imports.writing import write

# Any constant will do, as long as nothing else in this database locks the same number.
SHOPS_LOCK = 0x51095

Told = Callable[[str, int, int], object]


def _silent(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Shops:
    """The shops a chunk names: database key and platform by external id."""

    pks: dict[str, int]
    platforms: dict[str, str]


@dataclass(frozen=True)
class Job:
    """What to import and how.

    ``shop`` is the external id of the shop for files that carry none, or the only shop whose rows
    are taken; ``as_of`` None means now. ``is_trusted``: an admin or the command line. ``errors``
    is where the rejected rows go as a file, ``rejects`` who takes them otherwise. ``batch`` is the
    ledger's entry where it was opened before.
    """

    kind: Kind
    source: Source
    preset: Preset
    shop: str = ""
    as_of: datetime | None = None
    is_dry: bool = False
    is_trusted: bool = True
    user: User | None = None
    errors: Path | None = None
    batch: ImportBatch | None = None
    rejects: Rejects | None = None


def import_file(job: Job, told: Told = _silent) -> Report:
    """Import a file, or only say what would happen. Never raises for what is in the file.

    ``told`` hears of the stage (``read`` in bytes, ``write`` in rows), what is done and the total.
    """
    now = timezone.now()
    entry = Entry(
        kind=job.kind.name,
        preset=job.preset.name,
        file_name=scrub(job.source.name)[:200],
        as_of=job.as_of or now,
        user=job.user,
    )
    try:
        entry = replace(entry, shop=_shop_given(job))
        with Spool() as spool:
            with open_file(job.source) as file:
                entry = replace(entry, content_hash=file.content_hash, encoding=file.encoding)
                layout = find_layout(file, job.kind, job.preset, bool(job.shop))
                read_rows(job, file, layout, spool, told)
            return apply_rows(job, entry, layout, spool, told)
    except RefusedError as error:
        if not job.is_dry:
            refuse(entry, error)
        return refused_report(entry.kind, error, entry.encoding)


def _shop_given(job: Job) -> Shop | None:
    if not job.shop or not job.kind.record.scoped:
        return None
    shop = Shop.objects.filter(external_id=job.shop).first()
    if shop is None:
        raise RefusedError("no_such_shop", shop=job.shop)
    return shop


def read_rows(job: Job, file: RowFile, layout: Layout, spool: Spool, told: Told = _silent) -> None:
    """Fill a spool with the mapped cells of a file. Raises RefusedError beyond a limit."""
    limits = Limits(
        rows=settings.IMPORT_MAX_ROWS,
        cell_chars=settings.IMPORT_MAX_CELL_CHARS,
        chunk_rows=settings.IMPORT_CHUNK_ROWS,
    )
    buyers = BuyerKeys(settings.BUYER_KEYS_FILE)
    reader = Reader(job.kind, layout, limits, job.shop, buyers)
    reader.read_into(spool, file, lambda done: told("read", done, file.source.size))


def apply_rows(job: Job, entry: Entry, layout: Layout, rows: Rows, told: Told = _silent) -> Report:
    """Judge the rows of a file that was read and, unless this is a dry run, store them."""
    return _Work(job, entry, layout, timezone.now(), told).run(rows)


class _Work:
    """The second half of an import: chunks of the spool against the database."""

    def __init__(self, job: Job, entry: Entry, layout: Layout, now: datetime, told: Told) -> None:
        self._job = job
        self._entry = entry
        self._layout = layout
        self._now = now
        self._told = told
        self._as_of = entry.as_of
        self._newer = ConfirmedByNewer(job.kind.name, entry.as_of)
        self._covered: set[str] = set()
        self._counts = Counts()
        self._problems: list[dict[str, Any]] = []

    def run(self, spool: Rows) -> Report:
        """Judge every chunk and, unless this is a dry run, commit it."""
        if self._job.is_dry:
            with self._errors() as errors:
                for raw, table in self._tables(spool, ()):
                    outcome = outcome_of(self._judged(table.result()))
                    self._take(spool, raw, outcome, errors)
            return self._report(DRY_RUN)
        with alone(self._entry), self._errors() as errors:
            is_dated = self._job.as_of is not None
            batch = self._job.batch or open_batch(self._entry, is_dated=is_dated)
            self._begin(batch)
            done = outcomes_of(batch)
            for raw, table in self._tables(spool, done):
                outcome = done.get(raw.number) or self._commit(batch, raw, table.result())
                self._take(spool, raw, outcome, errors)
            with transaction.atomic():
                close_batch(batch, self._counts, self._job.user)
        return self._report(APPLIED)

    def _begin(self, batch: ImportBatch) -> None:
        self._as_of = batch.as_of
        self._newer = ConfirmedByNewer(batch.kind, batch.as_of)
        if self._entry.shop is not None:
            self._cover([self._entry.shop.platform])

    def _errors(self) -> AbstractContextManager[Rejects | None]:
        if self._job.rejects is not None:
            return nullcontext(self._job.rejects)
        if self._job.errors is None:
            return nullcontext()
        return ErrorsFile(self._job.errors, self._job.kind, self._layout)

    def _tables(
        self, rows: Rows, done: Collection[int]
    ) -> Iterator[tuple[RawChunk, "Future[Table]"]]:
        """Chunks and their values; the next chunk is worked out while the caller stores one."""
        with ThreadPoolExecutor(max_workers=1) as ahead:
            waiting: tuple[RawChunk, Future[Table]] | None = None
            for number in range(len(rows)):
                raw = rows.chunk(number)
                work = Future() if number in done else ahead.submit(self._table, raw)
                if waiting is not None:
                    yield waiting
                waiting = raw, work
            if waiting is not None:
                yield waiting

    def _table(self, raw: RawChunk) -> Table:
        table = read_table(raw, self._layout, self._job.kind, self._job.shop, self._now)
        if not self._job.is_trusted:
            reserve(table, self._job.kind)
        return table

    def _commit(self, batch: ImportBatch, raw: RawChunk, table: Table) -> Outcome:
        """One chunk, one transaction: records, touches, what follows, and the ledger row."""
        with transaction.atomic():
            self._lock(table)
            judged = self._judged(table)
            write(
                judged,
                self._job.kind,
                as_of=batch.as_of,
                now=self._now,
                batch_id=batch.pk,
                user_id=batch.user_id,
            )
            outcome = outcome_of(judged)
            write_chunk(batch, raw.number, judged, outcome)
        return outcome

    def _lock(self, table: Table) -> None:
        if not self._job.kind.record.scoped:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SHOPS_LOCK])
        shops = self._shops(table)
        Shop.objects.locked(sorted(shops.pks.values()))
        if self._job.kind.record.scoped:
            self._cover(shops.platforms.values())

    def _judged(self, table: Table) -> Judged:
        kind = self._job.kind
        confirmed = self._newer.refreshed()
        as_of = int(self._as_of.timestamp())
        return judge(table, kind, self._shops(table).pks, as_of, confirmed)

    def _shops(self, table: Table) -> Shops:
        if not self._job.kind.of_shops:
            return Shops(pks={}, platforms={})
        names = {name for name in table.columns[SHOP_COLUMN].tolist() if name}
        rows = list(
            Shop.objects.filter(external_id__in=names).values_list("external_id", "pk", "platform")
        )
        return Shops(
            pks={name: pk for name, pk, _ in rows},
            platforms={name: platform for name, _, platform in rows},
        )

    def _cover(self, platforms: Iterable[str]) -> None:
        """Remember that files of this kind come for these platforms."""
        fresh = set(platforms) - self._covered
        PlatformCoverage.objects.bulk_create(
            [
                PlatformCoverage(platform=platform, kind=self._job.kind.name)
                for platform in sorted(fresh)
            ],
            ignore_conflicts=True,
        )
        self._covered |= fresh

    def _take(self, spool: Rows, raw: RawChunk, outcome: Outcome, errors: Rejects | None) -> None:
        self._counts += outcome.counts
        merged = sorted(self._problems + outcome.problems, key=lambda problem: problem["line"])
        self._problems = merged[:MAX_PROBLEMS]
        if errors is not None and outcome.counts.rejected:
            errors.add(raw, outcome.problems, self._numbers(raw))
        self._told("write", self._counts.rows, spool.records)

    def _numbers(self, raw: RawChunk) -> dict[int, int]:
        """The counted line numbers of a chunk by line of the file."""
        counted = self._job.kind.counted
        if not counted or self._layout.has(counted):
            return {}
        return dict(zip(raw.lines, self._table(raw).columns[counted].tolist(), strict=True))

    def _report(self, status: str) -> Report:
        return Report(
            kind=self._job.kind.name,
            status=status,
            reason="",
            counts=self._counts,
            ignored_columns=list(self._layout.ignored),
            encoding=self._entry.encoding,
            problems=self._problems,
        )
