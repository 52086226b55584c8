"""`python -m tests.mutations [--only TEXT] [--again]`: each scope is taken away in turn, and a test
is expected to fail.

First the tests run once as they are, to see which of them go through which function; then each
mutant meets only the tests that go through its function, until one of them fails: the one that
killed it last time first, then the quick files. Both are kept in the state folder. A file of tests
runs again when it has changed; a mutant is played again when its own file or that of the test that
killed it has. So a run that was stopped goes on, and the next one is short.
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
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shopguard.launcher.places import CHECKOUT, places
from shopguard.launcher.services import services
from tests.mutations.sites import Site, sites
from tests.mutations.switch import MUTANT, PLANS, TRAIL

# Folders of tests that ask nothing as a person or for a shop.
APART = {"architecture", "chaos", "demo", "golden", "install", "lib", "mutations", "restore"}
# Long, and nothing that a shorter test would not notice.
LEFT_OUT = ("tests/api/test_schemathesis.py", "tests/imports/test_properties.py")
BOOK_FILE, TRAIL_FILE = "mutations.jsonl", "mutations-trail.json"
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
    """Which tests go through which functions, file by file; written down area by area."""

    def __init__(self, path: Path, areas: list[str]) -> None:
        self.path = path
        self.files: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        for area in areas:
            changed = [file for file in files_of(area) if not self._is_known(file)]
            if changed:
                self._write(area, changed)
        known = [self.files[file]["tests"] for area in areas for file in files_of(area)]
        self.tests: dict[str, Any] = {node: told for tests in known for node, told in tests.items()}

    def _is_known(self, file: str) -> bool:
        return file in self.files and self.files[file]["mark"] == mark_of(file)

    def _write(self, area: str, files: list[str]) -> None:
        noted = self.path.with_suffix(".noted")
        noted.unlink(missing_ok=True)
        status, said = pytest("-m", "not browser and not process", *files, **{TRAIL: str(noted)})
        if not noted.exists():
            raise SystemExit(f"the tests of {area} ended with {status}:\n{said[-2000:]}")
        found = json.loads(noted.read_text("utf-8"))
        for file in files:
            tests = {node: told for node, told in found.items() if node.split("::")[0] == file}
            self.files[file] = {"mark": mark_of(file), "tests": tests}
        self.path.write_text(json.dumps(self.files), "utf-8")
        noted.unlink()
        print(f"{area}: {said.strip().splitlines()[-1]}", flush=True)

    def tests_of(self, site: Site, killer: str) -> list[str]:
        """Those that go through the scope's function, or through its file where it stands in none;
        the one that killed it before first, then file by file, quick ones before slow ones.
        """
        place = f"{site.file}::{site.within}"
        inside = [node for node, told in self.tests.items() if place in told["through"]]
        if not inside:
            inside = [node for node in self.tests if self._meets(node, site.file)]
        files: dict[str, list[str]] = {}
        for node in inside:
            files.setdefault(node.split("::")[0], []).append(node)
        ordered = sorted(files, key=lambda file: self._cost(files[file]))
        found = [node for file in ordered for node in files[file]]
        return list(dict.fromkeys([node for node in found if node in killer] + found))

    def _meets(self, node: str, file: str) -> bool:
        beside = str(Path(file).parent) + "/"
        through = self.tests[node]["through"]
        return any(place.startswith((file + "::", beside)) for place in through)

    def _cost(self, nodes: list[str]) -> float:
        return sum(self.tests[node]["seconds"] for node in nodes)


def files_of(area: str) -> list[str]:
    """The files of tests in a folder, or the one file named, as pytest calls them."""
    place = CHECKOUT / "tests" / area
    found = sorted(place.rglob("test_*.py")) if place.is_dir() else [place]
    names = [str(file.relative_to(CHECKOUT)) for file in found]
    return [name for name in names if name not in LEFT_OUT]


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


def played(waiting: list[Site], areas: list[str], book: Book, folder: Path) -> Iterator[Fate]:
    """Each mutant's end."""
    if not waiting:
        return
    with services(folder / "mutations", fast=True):
        trail, killers = Trail(folder / TRAIL_FILE, areas), book.killers()
        plans = {site: trail.tests_of(site, killers.get(site.key, "")) for site in waiting}
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
    wanted = [site for site in sites() if any(text in site.key for text in asked.only.split(","))]
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
