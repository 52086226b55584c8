"""What became of a file, for the person who imported it."""

from dataclasses import dataclass
from typing import Any

from stores.services.imports.ledger import Counts
from stores.services.imports.problems import problem_reported, reason_text
from stores.services.imports.source import RefusedError

MAX_PROBLEMS = 1000

APPLIED = "applied"
DRY_RUN = "dry_run"
REFUSED = "refused"


@dataclass(frozen=True)
class Report:
    """The result of an import; ``problems`` are the first in order of line."""

    kind: str
    status: str
    reason: str
    counts: Counts
    ignored_columns: list[str]
    encoding: str
    problems: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The form of ``--report``, reasons in the language in force."""
        counts = self.counts
        return {
            "kind": self.kind,
            "status": self.status,
            "reason": self.reason,
            "rows": counts.rows,
            "new": counts.new,
            "changed": counts.changed,
            "unchanged": counts.unchanged,
            "rejected": counts.rejected,
            "warnings": counts.warnings,
            "ignored_columns": self.ignored_columns,
            "encoding": self.encoding,
            "problems": [problem_reported(problem) for problem in self.problems],
        }


def refused_report(kind: str, error: RefusedError, encoding: str) -> Report:
    """The report of a file that was refused whole."""
    reason = reason_text(error.code, error.params)
    return Report(kind, REFUSED, reason, Counts(), [], encoding, [])
