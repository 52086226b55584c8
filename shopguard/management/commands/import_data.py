"""`python manage.py import_data KIND FILE [--preset NAME] [--shop ID] [--dry-run] …`."""

import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from tqdm import tqdm

from shopguard.lib.days import SHANGHAI
from stores.kinds import kind_named, kind_names
from stores.presets import presets
from stores.services.imports.engine import Job, Told, import_file
from stores.services.imports.problems import problem_reported
from stores.services.imports.report import REFUSED, Report
from stores.services.imports.source import file_source

REFUSED_CODE = 2
LOST_CODE = 1
LOST = "the database was lost; start the same import again, it goes on where it stopped"
SHOWN_PROBLEMS = 10
UNITS = {"read": "B", "write": "row"}


def shanghai_time(text: str) -> datetime:
    """A time written YYYY-MM-DD HH:MM:SS. Raises ArgumentTypeError, shown with exit code 2."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise ArgumentTypeError(
            f"{text!r} is not a time; write it like 2024-03-01 08:00:00"
        ) from None


class Command(BaseCommand):
    """Reads a file into the database; what it says of each row is in the report."""

    help = "Import a file. Exit 0: it was read (rejected rows included), 2: refused whole."
    # The checks import every page; a file of one row should not wait for that.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=", ".join(kind_names()))
        parser.add_argument("file", metavar="FILE", type=Path, help="a CSV, XLSX or JSON file")
        parser.add_argument("--preset", default="canonical", help=", ".join(sorted(presets())))
        parser.add_argument("--shop", default="", metavar="ID", help="for files without shop_id")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--as-of", type=shanghai_time, metavar="TIME", help="age of the file")
        parser.add_argument("--errors", type=Path, metavar="FILE", help="rejected rows, as CSV")
        parser.add_argument("--report", type=Path, metavar="FILE", help="the result, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        job = self.job(options)
        with progress(quiet=options["verbosity"] == 0) as told:
            try:
                report = import_file(job, told)
            except (OperationalError, psycopg.OperationalError) as error:
                raise CommandError(f"{LOST}: {error}", returncode=LOST_CODE) from error
        if options["report"]:
            text = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
            options["report"].write_text(text + "\n", encoding="utf-8")
        if report.status == REFUSED:
            raise CommandError(f"{options['file']}: {report.reason}", returncode=REFUSED_CODE)
        if options["verbosity"]:
            self.tell(report)

    def job(self, options: dict[str, Any]) -> Job:
        """The arguments, checked. Raises CommandError with exit code 2."""
        if options["kind"] not in kind_names():
            known = ", ".join(kind_names())
            raise wrong(f"there is no kind {options['kind']!r}; known are {known}")
        kind, preset = kind_named(options["kind"]), presets().get(options["preset"])
        if preset is None or not preset.fits(kind.name):
            known = ", ".join(sorted(p.name for p in presets().values() if p.fits(kind.name)))
            raise wrong(f"no preset {options['preset']!r} reads {kind.name}; known are {known}")
        for path in (options["errors"], options["report"]):
            emptied(path)
        return Job(
            kind=kind,
            source=file_source(options["file"]),
            preset=preset,
            shop=options["shop"].strip(),
            as_of=options["as_of"],
            is_dry=options["dry_run"],
            errors=options["errors"],
        )

    def tell(self, report: Report) -> None:
        """The counts in one line, then the first problems."""
        counts = report.counts
        self.stdout.write(
            f"{report.kind}: {report.status}, {counts.rows} rows: {counts.new} new, "
            f"{counts.changed} changed, {counts.unchanged} unchanged, {counts.rejected} rejected, "
            f"{counts.warnings} warnings ({report.encoding})"
        )
        if report.ignored_columns:
            self.stdout.write(f"ignored columns: {', '.join(report.ignored_columns)}")
        for stored in report.problems[:SHOWN_PROBLEMS]:
            problem = problem_reported(stored)
            self.stdout.write(
                f"  line {problem['line']}: {problem['severity']}: {problem['column']} "
                f"{problem['value']!r} {problem['reason']}"
            )


def wrong(message: str) -> CommandError:
    """The error of a wrong argument."""
    return CommandError(message, returncode=REFUSED_CODE)


def emptied(path: Path | None) -> None:
    """Make sure a result can be written before any work is done for it."""
    try:
        if path is not None:
            path.write_bytes(b"")
    except OSError as error:
        raise wrong(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def progress(*, quiet: bool) -> Iterator[Told]:
    """A bar on a terminal, one for each stage; nothing where nobody looks."""
    bars: dict[str, tqdm] = {}

    def told(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            bars[stage] = tqdm(
                total=total, unit=UNITS[stage], unit_scale=True, desc=stage, leave=False,
                disable=True if quiet else None, file=sys.stderr,
            )  # fmt: skip
        bars[stage].update(done - bars[stage].n)

    try:
        yield told
    finally:
        for bar in bars.values():
            bar.close()
