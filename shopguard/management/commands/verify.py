"""`python manage.py verify [--days N]`."""

import sys
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from freightins.selectors.invariants import cover_checked
from servicescore.selectors.invariants import ScoreCheck, scores_checked
from shopguard import nightly
from shopguard.management.commands.recompute import day_count
from stores.selectors.invariants import Findings, imports_checked, outbox_checked, runs_checked
from stores.services.audit import audit_verify

SHOWN = 20


@dataclass(frozen=True)
class Verdict:
    """One invariant: what was counted, what breaks it, and what is worth knowing."""

    name: str
    subject: str
    counts: dict[str, int]
    breaches: list[str]
    remarks: list[str]


class Command(BaseCommand):
    """Look at everything that must hold whatever happened, and change nothing."""

    help = "Check the invariants I1 to I6 of the stored data: exit 0, 1 when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=day_count, help="I1, I6: only so many newest dates")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = []
        for verdict in verdicts(options["days"]):
            self.show(verdict)
            if verdict.breaches:
                broken.append(verdict.name)
        if broken:
            self.stderr.write(f"Broken: {', '.join(broken)}.")
            sys.exit(1)
        self.stdout.write("All invariants hold.")

    def show(self, verdict: Verdict) -> None:
        """One line, then the breaches, then the remarks; at most SHOWN lines of each."""
        counts = ", ".join(f"{count} {name}" for name, count in verdict.counts.items())
        mark = f"BROKEN ({len(verdict.breaches)})" if verdict.breaches else "ok"
        self.stdout.write(f"{verdict.name} {mark}: {verdict.subject}: {counts}")
        for lines, out in ((verdict.breaches, self.stderr), (verdict.remarks, self.stdout)):
            for line in lines[:SHOWN]:
                out.write(f"   {line}")
            if len(lines) > SHOWN:
                out.write(f"   and {len(lines) - SHOWN} more")


def verdicts(days: int | None) -> list[Verdict]:
    """All invariants, the cheap ones first."""
    return [
        plain("I2", "every row of every import has one fate", imports_checked()),
        audit(),
        plain("I4", "runs, steps and shards agree", runs_checked()),
        plain("I5", "every message once", outbox_checked()),
        plain("I6", "freight cover follows from its records", cover_checked(days=days)),
        scores(days),
    ]


def plain(name: str, subject: str, found: Findings) -> Verdict:
    """A verdict on one of the ledgers."""
    return Verdict(name, subject, found.counts, found.breaches, [])


def audit() -> Verdict:
    """The audit chain is whole."""
    report = audit_verify()
    breaches = [] if report.is_intact else [f"audit row {report.broken_id} {report.reason}"]
    return Verdict("I3", "the audit log is as it was written", {"rows": report.rows}, breaches, [])


def scores(days: int | None) -> Verdict:
    """Every stored score follows from its facts, or from its receipt where facts came since."""
    total = ScoreCheck()
    for check in scores_checked(daily_step=nightly.DAILY, scores_step=nightly.SCORES, days=days):
        total.from_facts += check.from_facts
        total.from_receipts += check.from_receipts
        total.breaches += check.breaches
        total.remarks += check.remarks
    counts = {"from the facts": total.from_facts, "from receipts": total.from_receipts}
    subject = "stored scores equal their computation"
    return Verdict("I1", subject, counts, total.breaches, total.remarks)
