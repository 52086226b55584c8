"""`python -m tests.mutations [--only TEXT] [--again]`: each scope is taken away in turn, and a test
is expected to fail.

First the tests run once as they are, to see which of them go through which function; then each
mutant meets only the tests that go through its function, until one of them fails. What was found
out is kept in the state folder with the version of the code, so a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shopguard.launcher.places import CHECKOUT, places
from shopguard.launcher.services import services
from tests.mutations.sites import Site, sites
from tests.mutations.switch import MUTANT, PLANS, TRAIL

AREAS = (
    "access", "api", "aftersales", "explain", "score", "pages", "operators", "imports",
    "imports_web", "nightly",
)  # fmt: skip
# Long, and nothing that a shorter test would not notice.
LEFT_OUT = ("tests/api/test_schemathesis.py", "tests/imports/test_properties.py")
KILLED, SURVIVED, UNMET = "killed", "SURVIVED", "UNMET"


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: killed by a test, survived all, or met none."""

    key: str
    shown: str
    end: str
    by: str
    seconds: float


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--only", default="", help="scopes whose place or text holds this")
    parser.add_argument(
        "--areas", default=",".join(AREAS), help="folders or files of tests to be asked"
    )
    parser.add_argument("--again", action="store_true", help="also those that were killed before")
    parser.add_argument("--list", action="store_true", help="say which scopes there are, and stop")
    return parser.parse_args()


def version() -> str:
    """The commit; what another one showed is not counted."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    told = subprocess.run(asked, cwd=CHECKOUT, capture_output=True, text=True)
    return told.stdout.strip() or "unknown"


def started(*words: str, **variables: str) -> subprocess.Popen[str]:
    """A process of pytest with the switch, quiet, on one core, keeping its database."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--reuse-db", "--tb=no"]
    command += ["-p", "no:cacheprovider", "-p", "tests.mutations.switch", *words]
    return subprocess.Popen(
        command, cwd=CHECKOUT, env=os.environ | variables, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def pytest(*words: str, **variables: str) -> tuple[int, str]:
    """The same, waited for: how it ended and what it said."""
    running = started(*words, **variables)
    said, _ = running.communicate()
    return running.returncode, said


class Trail:
    """Which tests go through which functions, written down area by area."""

    def __init__(self, folder: Path, areas: list[str]) -> None:
        folder.mkdir(exist_ok=True)
        self.tests: dict[str, Any] = {}
        for area in areas:
            path = folder / f"{area.replace('/', '-')}.json"
            if not path.exists():
                self._write(area, path)
            self.tests |= json.loads(path.read_text("utf-8"))

    def _write(self, area: str, path: Path) -> None:
        plain = ("-m", "not browser and not process", f"tests/{area}")
        ignored = [f"--ignore={name}" for name in LEFT_OUT if name.startswith(f"tests/{area}/")]
        status, said = pytest(*plain, *ignored, **{TRAIL: str(path)})
        if not path.exists():
            raise SystemExit(f"the tests of {area} ended with {status}:\n{said[-2000:]}")
        print(f"{area}: {said.strip().splitlines()[-1]}", flush=True)

    def tests_of(self, site: Site) -> list[str]:
        """Those that go through the scope's function, or through its file where it stands in none;
        file by file, the isolation walk first and quick files before slow ones.
        """
        place = f"{site.file}::{site.within}"
        inside = [node for node, told in self.tests.items() if place in told["through"]]
        if not inside:
            inside = [node for node in self.tests if self._meets(node, site.file)]
        files: dict[str, list[str]] = {}
        for node in inside:
            files.setdefault(node.split("::")[0], []).append(node)
        ordered = sorted(
            files, key=lambda file: (0 if "isolation" in file else 1, self._cost(files[file]))
        )
        return [node for file in ordered for node in files[file]]

    def _meets(self, node: str, file: str) -> bool:
        beside = str(Path(file).parent) + "/"
        through = self.tests[node]["through"]
        return any(place.startswith((file + "::", beside)) for place in through)

    def _cost(self, nodes: list[str]) -> float:
        return sum(self.tests[node]["seconds"] for node in nodes)


def alone(site: Site, nodes: list[str], folder: Path) -> Fate:
    """A mutant that works while modules are loaded, in a process of its own."""
    chosen = folder / f"mutation-{os.getpid()}.txt"
    chosen.write_text("\n".join(nodes), "utf-8")
    begun = time.monotonic()
    status, said = pytest("-x", f"@{chosen}", **{MUTANT: site.key})
    chosen.unlink()
    seconds = round(time.monotonic() - begun, 1)
    if status == 0:
        return Fate(site.key, str(site), SURVIVED, f"{len(nodes)} tests", seconds)
    return Fate(site.key, str(site), KILLED, killer(said), seconds)


def together(plans: dict[Site, list[str]], folder: Path) -> Iterator[Fate]:
    """Mutants that work when functions are called, one after the other in one process."""
    paths = [folder / f"mutation-{os.getpid()}.{end}" for end in ("json", "json.ends", "txt")]
    plan, ends, chosen = paths
    told = [{"key": site.key, "nodes": nodes} for site, nodes in plans.items()]
    plan.write_text(json.dumps(told), "utf-8")
    chosen.write_text(
        "\n".join(dict.fromkeys(n for nodes in plans.values() for n in nodes)), "utf-8"
    )
    ends.touch()
    running = started(f"@{chosen}", **{PLANS: str(plan)})
    left = {site.key: site for site in plans}
    with ends.open(encoding="utf-8") as lines:
        while left and (running.poll() is None or lines.tell() < ends.stat().st_size):
            if line := lines.readline():
                end = json.loads(line)
                site = left.pop(end["key"])
                fate = KILLED if end["by"] else SURVIVED
                by = end["by"] or f"{len(plans[site])} tests"
                yield Fate(site.key, str(site), fate, by, round(end["seconds"], 1))
            else:
                time.sleep(0.5)
    running.wait()
    for path in paths:
        path.unlink()
    if left:
        raise SystemExit(f"pytest ended with {running.returncode} before {len(left)} were played")


def killer(said: str) -> str:
    """The test that failed, as pytest's summary names it."""
    named = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return named[0].split(" - ")[0] if named else said.strip().splitlines()[-1]


class Book:
    """One line for each mutant that was played."""

    def __init__(self, path: Path, commit: str) -> None:
        self.path, self.commit = path, commit

    def fates(self) -> dict[str, Fate]:
        """Those of this version, the newest of each."""
        lines = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
        rows = [row for row in map(json.loads, lines) if row.pop("commit") == self.commit]
        return {row["key"]: Fate(**row) for row in rows}

    def add(self, found: Fate) -> None:
        """Written before the next one is played."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(
                json.dumps(asdict(found) | {"commit": self.commit}, ensure_ascii=False) + "\n"
            )


def played(waiting: list[Site], areas: list[str], book: Book, folder: Path) -> Iterator[Fate]:
    """Each mutant's end."""
    if not waiting:
        return
    with services(folder / "mutations", fast=True):
        trail = Trail(folder / f"mutations-{book.commit}", areas)
        plans = {site: trail.tests_of(site) for site in waiting}
        for site in [site for site, nodes in plans.items() if not nodes]:
            del plans[site]
            yield Fate(site.key, str(site), UNMET, "no test goes through", 0.0)
        yield from together({s: n for s, n in plans.items() if not s.at_import}, folder)
        for site, nodes in plans.items():
            if site.at_import:
                yield alone(site, nodes, folder)


def main() -> int:
    """0 when every mutant was killed."""
    asked = arguments()
    wanted = [site for site in sites() if asked.only in site.key]
    if asked.list:
        print(*wanted, f"{len(wanted)} scopes", sep="\n")
        return 0
    folder = places().state
    book = Book(folder / "mutations.jsonl", version())
    known = book.fates()
    done = {key for key, found in known.items() if found.end == KILLED and not asked.again}
    waiting = [site for site in wanted if site.key not in done]
    for found in played(waiting, asked.areas.split(","), book, folder):
        book.add(found)
        print(f"{found.end:<9}{found.shown}  {found.by}  {found.seconds} s", flush=True)
    fates = book.fates()
    known = [fates[site.key] for site in wanted if site.key in fates]
    left = [found for found in known if found.end != KILLED]
    print(*(f"{found.end:<9}{found.shown}" for found in left), sep="\n")
    print(f"killed {len(known) - len(left)} of {len(wanted)}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
