"""`python -m tests.mutations [--only TEXT] [--again]`: each scope is taken away in turn, and a test
is expected to fail.

First the tests run once as they are, to see which of them go through which function; then the
mutants meet, all in one process, only the tests that go through their function, until one of them
fails: the one that killed it last time first, then those named for holding people and shops apart,
then the quick ones. Both are kept in the state folder, the first one folder by folder. Tests run
again for the first when their file has changed; a mutant is played again when its own file or that
of the test that killed it has. So a run that was stopped goes on, and the next one is short.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shopguard.launcher.places import CHECKOUT, places
from shopguard.launcher.services import services
from tests.mutations.alike import ALIKE
from tests.mutations.playing import Plan
from tests.mutations.sites import Site, name_of, sites

# Folders of tests that ask nothing as a person or for a shop.
APART = {"architecture", "chaos", "demo", "golden", "install", "lib", "mutations", "restore"}
# Long, and nothing that a shorter test would not notice.
LEFT_OUT = ("tests/api/test_schemathesis.py", "tests/imports/test_properties.py")
# What tests are called that hold people and shops apart: most mutants die of one of them.
APT = re.compile(
    r"_(others?|foreign|own|nobody|ops|owners?|admins?|alone|apart|namesake|about|exist)(_|\[|$)"
)
# What the part inside pytest is told, as there.
PLANS, TRAIL = "SHOPGUARD_MUTANT_PLANS", "SHOPGUARD_MUTANT_TRAIL"
BOOK_FILE, TRAIL_FILE = "mutations.jsonl", "mutations-paths.json"
KILLED, SURVIVED, UNMET = "killed", "SURVIVED", "UNMET"


def areas() -> list[str]:
    """The folders of tests that are asked."""
    folders = {file.parent.name for file in (CHECKOUT / "tests").glob("*/test_*.py")}
    return sorted(folders - APART)


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: killed by a test, survived all, or met none."""

    key: str
    shown: str
    end: str
    by: str
    seconds: float

    @property
    def mark(self) -> str:
        """Changes when the mutated file does, or the file of the test that killed it."""
        killers = re.findall(r"tests/\S+?\.py", self.by)
        return mark_of(self.key.split("::")[0], *killers)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument(
        "--only",
        default="",
        help="scopes whose place or text holds one of these, with commas between",
    )
    parser.add_argument(
        "--areas", default=",".join(areas()), help="folders or files of tests to be asked"
    )
    parser.add_argument(
        "--patience", type=float, default=300, help="seconds of tests a scope may survive"
    )
    parser.add_argument("--again", action="store_true", help="forget what was found out before")
    parser.add_argument("--list", action="store_true", help="say which scopes there are, and stop")
    return parser.parse_args()


def mark_of(*files: str) -> str:
    """A mark of the texts of some files; of one that is gone, nothing."""
    digest = hashlib.sha256()
    for file in files:
        path = CHECKOUT / file
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:16]


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
    """Which tests go through which functions; a test is asked once, and again when its file
    has changed.
    """

    def __init__(self, path: Path, areas: list[str]) -> None:
        self.path = path
        self.files: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        for area in areas:
            changed = [file for file in files_of(area) if self._mark(file) != mark_of(file)]
            if changed:
                self._write(changed)
        asked = [file for area in areas for file in files_of(area)]
        every = [self.files[file]["tests"] for file in asked]
        self.tests: dict[str, Any] = {node: told for tests in every for node, told in tests.items()}
        self.by_place: dict[str, list[str]] = defaultdict(list)
        for node, told in self.tests.items():
            for place in told["through"]:
                self.by_place[place].append(node)

    def _mark(self, file: str) -> str:
        return str(self.files.get(file, {}).get("mark", ""))

    def _write(self, changed: list[str]) -> None:
        """Ask the files of one folder, and keep what they say before the next is asked."""
        noted = self.path.with_suffix(".noted")
        noted.unlink(missing_ok=True)
        status, said = pytest("-m", "not browser and not process", *changed, **{TRAIL: str(noted)})
        if not noted.exists():
            raise SystemExit(f"the tests ended with {status}:\n{said[-2000:]}")
        for file in changed:
            self.files[file] = {"mark": mark_of(file), "tests": {}}
        for node, told in json.loads(noted.read_text("utf-8")).items():
            self.files[node.split("::")[0]]["tests"][node] = told
        self.path.write_text(json.dumps(self.files), "utf-8")
        noted.unlink()
        print(f"new tests: {said.strip().splitlines()[-1]}", flush=True)

    def tests_of(self, site: Site) -> list[str]:
        """Those that ask the scope, else those that go through its function, else through its file;
        those named for it first, quick ones before slow ones.
        """
        asking = self.by_place.get(name_of(site.key))
        inside = asking or self.by_place.get(f"{site.file}::{site.within}")
        if not inside:
            beside = (f"{site.file}::", str(Path(site.file).parent) + "/")
            near = [nodes for place, nodes in self.by_place.items() if place.startswith(beside)]
            inside = list(dict.fromkeys(node for nodes in near for node in nodes))
        return sorted(inside, key=lambda node: (not APT.search(node), self.tests[node]["seconds"]))


def files_of(area: str) -> list[str]:
    """The files of tests in a folder, or the one file named, as pytest calls them."""
    place = CHECKOUT / "tests" / area
    found = sorted(place.rglob("test_*.py")) if place.is_dir() else [place]
    names = [str(file.relative_to(CHECKOUT)) for file in found]
    return [name for name in names if name not in LEFT_OUT]


def together(plans: dict[Site, Plan], folder: Path) -> Iterator[Fate]:
    """All mutants in one process."""
    plan = folder / f"mutation-{os.getpid()}.json"
    ends = Path(f"{plan}.ends")
    plan.write_text(json.dumps([told.told() for told in plans.values()]), "utf-8")
    ends.touch()
    nodes = [node for told in plans.values() for node in told.first + told.nodes]
    running = started(*dict.fromkeys(n.split("::")[0] for n in nodes), **{PLANS: str(plan)})
    left = {site.key: site for site in plans}
    with ends.open(encoding="utf-8") as lines:
        while left and (running.poll() is None or lines.tell() < ends.stat().st_size):
            if line := lines.readline():
                end = json.loads(line)
                site = left.pop(end["key"])
                fate = KILLED if end["by"] else SURVIVED
                by = end["by"] or f"{end['asked']} of {len(plans[site].nodes)} tests"
                yield Fate(site.key, str(site), fate, by, round(end["seconds"], 1))
            else:
                time.sleep(0.5)
    said, _ = running.communicate()
    plan.unlink()
    ends.unlink()
    if left:
        raise SystemExit(f"{len(left)} were not played:\n{said[-2000:]}")


class Book:
    """One line for each mutant that was played."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _lines(self) -> Iterator[tuple[Fate, str]]:
        lines = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
        for row in map(json.loads, lines):
            mark = row.pop("mark")
            yield Fate(**row), mark

    def fates(self) -> dict[str, Fate]:
        """The newest of each mutant, of those whose files have not changed since."""
        newest = {found.key: (found, mark) for found, mark in self._lines()}
        return {key: found for key, (found, mark) in newest.items() if found.mark == mark}

    def killers(self) -> dict[str, str]:
        """What killed each mutant last, however long ago."""
        return {found.key: found.by for found, _ in self._lines() if found.end == KILLED}

    def add(self, found: Fate) -> None:
        """Written before the next one is played."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(found) | {"mark": found.mark}, ensure_ascii=False) + "\n")


def played(
    waiting: list[Site], areas: list[str], book: Book, folder: Path, patience: float
) -> Iterator[Fate]:
    """Each mutant's end."""
    if not waiting:
        return
    with services(folder / "mutations", fast=True):
        trail, killers = Trail(folder / TRAIL_FILE, areas), book.killers()
        plans = {}
        for site in waiting:
            nodes, killer = trail.tests_of(site), killers.get(site.key, "")
            first = [killer] if killer in trail.tests else []
            plans[site] = Plan(site.key, first, nodes, patience)
            if not nodes:
                del plans[site]
                yield Fate(site.key, str(site), UNMET, "no test goes through", 0.0)
        if plans:
            yield from together(plans, folder)


def main() -> int:
    """0 when every mutant was killed."""
    asked = arguments()
    named = [site for site in sites() if any(text in site.key for text in asked.only.split(","))]
    wanted = [site for site in named if site.key not in ALIKE]
    if asked.list:
        print(*wanted, f"{len(wanted)} scopes", sep="\n")
        return 0
    folder = places().state
    if asked.again:
        for name in (BOOK_FILE, TRAIL_FILE):
            (folder / name).unlink(missing_ok=True)
    book = Book(folder / BOOK_FILE)
    done = {key for key, found in book.fates().items() if found.end == KILLED}
    waiting = [site for site in wanted if site.key not in done]
    for found in played(waiting, asked.areas.split(","), book, folder, asked.patience):
        book.add(found)
        print(f"{found.end:<9}{found.shown}  {found.by}  {found.seconds} s", flush=True)
    fates = book.fates()
    known = [fates[site.key] for site in wanted if site.key in fates]
    left = [found for found in known if found.end != KILLED]
    print(*(f"{found.end:<9}{found.shown}" for found in left), sep="\n")
    print(f"killed {len(known) - len(left)} of {len(wanted)}")
    print(f"not played: {len(named) - len(wanted)} nobody can miss (tests/mutations/alike.py)")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
