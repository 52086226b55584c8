"""What the import page says of a file, put together from its row and what is kept of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shopguard.lib.exports import Column
from stores.calc.cells import without_apostrophe
from stores.kinds import kind_named, kind_names
from stores.kinds._declare import SHOP_COLUMN, Kind
from stores.models import ImportBatch, ImportUpload
from stores.presets import presets
from stores.presets._declare import is_personal
from stores.selectors.records import import_problems
from stores.selectors.uploads import Rejected, first_rows, imported_before, uploads_before
from stores.services.import_jobs import REPORTED_PROBLEMS, counts_of
from stores.services.imports.column_words import column_word
from stores.services.imports.errors_file import ERROR_COLUMN
from stores.services.imports.ledger import Counts
from stores.services.imports.problems import ERROR, problem_reported
from stores.services.imports.recognise import Guess, guess_of
from stores.services.imports.row_file import Start

SHOWN_PROBLEMS = 10
MOST_MAPPED = 200
HIDDEN = "•••"

State = ImportUpload.State


@dataclass(frozen=True)
class Choice:
    """An option of a select."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class MappingRow:
    """A header of the file and the column it goes to; ``state`` is found, required, unused,
    missing or personal.
    """

    number: int
    header: str
    sample: str
    state: str
    choices: list[Choice] = field(default_factory=list)
    column: str = ""


@dataclass(frozen=True)
class Mapping:
    """How the columns of a file are read, and how else they could be."""

    rows: list[MappingRow]
    formats: list[Choice]
    found: int
    total: int
    missing: list[str]


@dataclass(frozen=True)
class Progress:
    """How far a file has come; ``seconds_left`` None while nobody can say."""

    done: int
    total: int
    percent: int
    seconds_left: int | None
    before: int


@dataclass(frozen=True)
class Step:
    """A step on the way of a file; ``state`` is done, now or ahead."""

    word: str
    state: str


@dataclass(frozen=True)
class FileShown:
    """A file on its page."""

    upload: ImportUpload
    kind_word: str
    preset_word: str
    counts: Counts
    problems: list[dict[str, Any]]
    headers: list[str]
    rows: list[list[str]]
    mapping: Mapping | None
    progress: Progress
    before: ImportBatch | None

    @property
    def good(self) -> int:
        """Rows that land."""
        return self.counts.rows - self.counts.rejected

    @property
    def is_open(self) -> bool:
        """Whether a worker has to do something with it."""
        return self.upload.state in (State.CHECKING, State.IMPORTING)

    @property
    def waits_for_score(self) -> bool:
        """Whether a run that brings the new score is still to end."""
        run = self.upload.score_run
        is_wanted = self.upload.state == State.DONE and self.upload.is_score_wanted
        return is_wanted and (run is None or run.finished_at is None)

    @property
    def has_result(self) -> bool:
        """Whether there are counts to show."""
        upload = self.upload
        if upload.state == State.DONE:
            return True
        return bool(upload.report) and upload.state not in (State.CHECKING, State.DROPPED)

    @property
    def delimiter(self) -> str:
        """The delimiter in words; empty where the format has none."""
        mark = self.upload.layout.get("delimiter", "")
        return {",": _("逗号"), "\t": _("制表符"), ";": _("分号")}.get(mark, "")

    @property
    def steps(self) -> list[Step]:
        """The way of a file, as far as it has come."""
        words = (_("上传"), _("对应列"), _("预览"), _("导入"))
        now = {State.CHECKING: 2, State.CHECKED: 2, State.DROPPED: 2, State.DONE: 4}
        place = now.get(State(self.upload.state), 3)
        return [
            Step(word, "done" if at < place else "now" if at == place else "ahead")
            for at, word in enumerate(words)
        ]


@dataclass(frozen=True)
class HeaderShown:
    """A header nobody could read, with the nearest ways to."""

    mapping: Mapping
    nearest: list[tuple[str, list[str]]]
    kind_word: str
    missing: list[str]


def kind_word(name: str) -> str:
    """The name of a kind in the language in force."""
    if name not in kind_names():
        return name
    kind = kind_named(name)
    return kind.label_en if _is_english() else kind.label_zh


def file_shown(upload: ImportUpload) -> FileShown:
    """Everything the page of a file needs."""
    is_checked = upload.state in (State.CHECKED, State.STOPPED, State.FAILED)
    rows = first_rows(upload=upload) if is_checked else []
    return FileShown(
        upload=upload,
        kind_word=kind_word(upload.kind),
        preset_word=preset_word(upload.preset),
        counts=counts_shown(upload),
        problems=problems_shown(upload, limit=SHOWN_PROBLEMS),
        headers=[header for _at, header, _name in upload.layout.get("mapped", [])],
        rows=rows,
        mapping=_mapping_of(upload, rows) if upload.state == State.CHECKED else None,
        progress=_progress(upload),
        before=imported_before(upload=upload) if upload.state == State.CHECKED else None,
    )


def header_shown(start: Start, best: Guess | None, nearest: list[Guess]) -> HeaderShown:
    """A header that needs a person: what is missing for which kind, and a form to map it."""
    shown = best or (nearest[0] if nearest else None)
    return HeaderShown(
        mapping=_mapping(start, shown),
        nearest=[(format_word(guess), list(guess.missing)) for guess in nearest],
        kind_word=kind_word(shown.kind.name) if shown else "",
        missing=[column_word(name) for name in shown.missing] if shown else [],
    )


def format_word(guess: Guess) -> str:
    """A kind, with the preset where it is not ours."""
    word, preset = kind_word(guess.kind.name), preset_word(guess.preset.name)
    return f"{word} · {preset}" if preset else word


def preset_word(name: str) -> str:
    """The name of a preset in the language in force; empty for our own files."""
    preset = presets().get(name)
    if preset is None or name == "canonical":
        return ""
    return (preset.label_en if _is_english() else preset.label_zh) or name


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def problems_shown(upload: ImportUpload, *, limit: int) -> list[dict[str, Any]]:
    """What was wrong with a file, rejected rows first; of the check as long as nothing landed."""
    batch = upload.batch
    if batch is not None and batch.status == ImportBatch.Status.APPLIED:
        found = import_problems(batch=batch, limit=REPORTED_PROBLEMS)
    else:
        found = upload.report.get("problems", [])
    return [problem_reported(problem) for problem in _by_weight(found)[:limit]]


def _by_weight(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What rejects a row before what is only noted."""
    return sorted(problems, key=lambda problem: problem["severity"] != ERROR)


def counts_shown(upload: ImportUpload) -> Counts:
    """What became of its rows, or would by the check; nothing but zeros before either."""
    if upload.batch is not None and upload.batch.status == ImportBatch.Status.APPLIED:
        return counts_of(upload.batch)
    return Counts(**upload.report.get("counts", {}))


def _progress(upload: ImportUpload) -> Progress:
    total = max(1, upload.total)
    left = None
    if upload.state == State.IMPORTING and upload.done and upload.begun_at:
        passed = timezone.now() - upload.begun_at
        left = max(1, round(passed / timedelta(seconds=1) * (total - upload.done) / upload.done))
    waits = upload.state == State.IMPORTING and upload.lease_until is None
    return Progress(
        done=upload.done,
        total=upload.total,
        percent=min(100, 100 * upload.done // total),
        seconds_left=left,
        before=uploads_before(upload=upload) if waits and upload.begun_at else 0,
    )


def _mapping_of(upload: ImportUpload, rows: list[list[str]]) -> Mapping | None:
    """The mapping of a file that was read; samples only of what was kept."""
    if upload.kind not in kind_names() or not upload.layout:
        return None
    kind, headers = kind_named(upload.kind), upload.layout["headers"]
    taken = {at: name for at, _header, name in upload.layout["mapped"]}
    samples = {
        at: rows[0][place] if rows else ""
        for place, (at, *_rest) in enumerate(upload.layout["mapped"])
    }
    return _mapping_rows(kind, headers, taken, samples, f"{upload.kind}:{upload.preset}")


def _mapping(start: Start, guess: Guess | None) -> Mapping:
    samples = dict(enumerate(start.rows[0])) if start.rows else {}
    if guess is None:
        return _mapping_rows(None, start.headers, {}, samples, "")
    known = known_of(start.headers, guess)
    chosen = f"{guess.kind.name}:{guess.preset.name}"
    return _mapping_rows(guess.kind, start.headers, known, samples, chosen)


def known_of(headers: list[str], guess: Guess) -> dict[int, str]:
    """Which column each place of a header goes to."""
    return {at: column.name for at, _header, column in guess.columns(headers)}


def _mapping_rows(
    kind: Kind | None,
    headers: list[str],
    taken: dict[int, str],
    samples: dict[int, str],
    chosen: str,
) -> Mapping:
    rows = [
        _mapping_row(kind, number, header, taken.get(number, ""), samples.get(number, ""))
        for number, header in enumerate(headers[:MOST_MAPPED])
    ]
    needed = _needed(kind) if kind else []
    missing = [column_word(name) for name in needed if name not in taken.values()]
    return Mapping(rows, _formats(chosen), len(taken), len(headers), missing)


def _mapping_row(
    kind: Kind | None, number: int, header: str, column: str, sample: str
) -> MappingRow:
    if is_personal(header):
        return MappingRow(number, header, HIDDEN, "personal")
    if kind is None:
        return MappingRow(number, header, sample, "unused")
    state = "unused" if not column else "required" if column in _needed(kind) else "found"
    choices = [
        Choice(name, column_word(name), name == column)
        for name in kind.columns
        if name != SHOP_COLUMN or column == SHOP_COLUMN
    ]
    is_hidden = bool(column) and kind.columns[column].personal
    shown = HIDDEN if is_hidden and sample else sample
    return MappingRow(number, header, shown, state, choices, column_word(column) if column else "")


def _needed(kind: Kind) -> list[str]:
    return [name for name in kind.required_headers if name != SHOP_COLUMN]


def _formats(chosen: str) -> list[Choice]:
    """Every kind, and every preset that reads it."""
    found = []
    for name in kind_names():
        for preset in presets().values():
            if preset.fits(name):
                value = f"{name}:{preset.name}"
                label = format_word(guess_of([], kind_named(name), preset))
                found.append(Choice(value, label, value == chosen))
    return found


def rejected_columns(upload: ImportUpload) -> list[Column[Rejected]]:
    """The download of rejected rows: the mapped columns that name nobody, then what is wrong.

    Headers and cells are those of the file, so that a mended row can be sent again as it is. Lines
    that were counted because the file does not number them keep their number.
    """
    mapped = upload.layout.get("mapped", [])
    kind = kind_named(upload.kind) if upload.kind in kind_names() else None
    kept = [
        header for _at, header, name in mapped if kind is None or not kind.columns[name].personal
    ]
    columns = [Column(header, partial(_cell, place)) for place, header in enumerate(kept)]
    names = {name for *_rest, name in mapped}
    if kind is not None and kind.counted and kind.counted not in names:
        columns.append(Column(kind.counted, lambda row: row.number))
    return [*columns, Column(ERROR_COLUMN, _error)]


def _cell(place: int, row: Rejected) -> str:
    return without_apostrophe(row.cells[place]) if place < len(row.cells) else ""


def _error(row: Rejected) -> str:
    reasons = [problem_reported(problem) for problem in row.problems]
    said = [f"{told['column']} {told['reason']}".strip() for told in reasons]
    return f"{row.line}: {'; '.join(said)}"
