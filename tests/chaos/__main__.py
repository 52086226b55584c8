"""`python -m tests.chaos [--seeds 1-40] [--again]`: schedules of faults, one after the other.

What was played is kept in the state folder with the version of the code, so a run that was stopped
goes on where it was, and seeds collect over several runs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from shopguard.launcher.places import CHECKOUT, places
from tests.chaos.schedule import Outcome, play
from tests.chaos.stage import Stage
from tests.nightly.house import House

LONGEST_SECONDS = 20.0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seeds", default="1-40", help="a number or a range")
    parser.add_argument("--again", action="store_true", help="also those that were played before")
    return parser.parse_args()


def seeds_of(text: str) -> range:
    """`7` or `1-40`."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def version() -> str:
    """The commit; what was played with another one is not counted."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    told = subprocess.run(asked, cwd=CHECKOUT, capture_output=True, text=True)
    return told.stdout.strip() or "unknown"


class Book:
    """One line for each schedule that was played."""

    def __init__(self, path: Path, commit: str) -> None:
        self.path = path
        self.commit = commit

    def outcomes(self) -> list[Outcome]:
        """Those of this version, the newest of each seed."""
        if not self.path.exists():
            return []
        rows = [json.loads(line) for line in self.path.read_text().splitlines()]
        newest = {row["seed"]: row for row in rows if row.pop("commit") == self.commit}
        return [
            Outcome(row["seed"], tuple(row["faults"]), row["seconds"], tuple(row["wrong"]))
            for row in newest.values()
        ]

    def add(self, outcome: Outcome) -> None:
        """Written before the next schedule begins."""
        with self.path.open("a") as file:
            file.write(json.dumps(vars(outcome) | {"commit": self.commit}) + "\n")


def tell(outcome: Outcome) -> None:
    """One line."""
    mark = "ok   " if not outcome.wrong else "WRONG"
    print(
        f"{mark} seed {outcome.seed}: {outcome.seconds:5.1f} s  {', '.join(outcome.faults)}",
        *outcome.wrong,
        sep="\n      " if outcome.wrong else " ",
        flush=True,
    )


def main() -> int:
    """0 when nothing was lost, doubled or wrong in any schedule asked for."""
    asked = arguments()
    book = Book(places().state / "chaos.jsonl", version())
    seeds = seeds_of(asked.seeds)
    before = {outcome.seed for outcome in book.outcomes() if not outcome.wrong}
    stage = Stage(House())
    try:
        stage.open()
        for seed in seeds:
            if asked.again or seed not in before:
                outcome = play(stage, seed)
                book.add(outcome)
                tell(outcome)
    finally:
        stage.house.close()
    played = [outcome for outcome in book.outcomes() if outcome.seed in seeds]
    wrong = [outcome.seed for outcome in played if outcome.wrong]
    slow = [outcome.seed for outcome in played if outcome.seconds > LONGEST_SECONDS]
    met = Counter(name[:3] for outcome in played for name in outcome.faults)
    print(f"{len(played)} schedules, {met.total()} faults of {len(met)} kinds; wrong: {wrong}")
    print(f"longer than {LONGEST_SECONDS:g} s: {slow}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
