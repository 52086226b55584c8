"""The part that runs inside pytest (`-p tests.mutations.switch`), in one of three ways:

- writes down which test goes through which function (`SHOPGUARD_MUTANT_TRAIL`);
- takes one scope away for the whole run (`SHOPGUARD_MUTANT`);
- takes many away, one after the other, each until a test fails (`SHOPGUARD_MUTANT_PLANS`).

The code on disk stays as it is: modules are changed while they are loaded, so mutants can run
beside each other and beside a plain run.
"""

from __future__ import annotations

import builtins
import json
import os
import time
from collections import defaultdict
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutations.sites import Wish, belongs, changed, files_with_scopes

MUTANT = "SHOPGUARD_MUTANT"
PLANS = "SHOPGUARD_MUTANT_PLANS"
TRAIL = "SHOPGUARD_MUTANT_TRAIL"
ASK, TELL = "_asked_of_mutations", "_told_to_mutations"

_removed = os.environ.get(MUTANT, "")
_plans = os.environ.get(PLANS, "")
_trail = os.environ.get(TRAIL, "")
_scoped = frozenset(files_with_scopes())
_gone = ""
_passed_through: dict[str, set[str]] = defaultdict(set)
_passed: list[tuple[str, float]] = []
_now = ""
_plain_code = SourceFileLoader.get_code


def _code(self: SourceFileLoader, name: str) -> CodeType | None:
    file = belongs(self.get_filename(name))
    if file not in _scoped or not (_trail or _plans or _removed.startswith(file + "::")):
        return _plain_code(self, name)
    wish = Wish(_removed, ASK if _plans else "", TELL if _trail else "")
    return compile(changed(file, wish)[0], self.get_filename(name), "exec", dont_inherit=True)


def _tell(file: str, function: str) -> None:
    _passed_through[_now].add(f"{file}::{function}")


SourceFileLoader.get_code = _code  # type: ignore[method-assign]
setattr(builtins, TELL, _tell)
setattr(builtins, ASK, lambda key: key == _gone)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Any:
    """What is passed through while fixtures are built counts for the whole file."""
    global _now
    _now = item.location[0]
    done = yield
    _now = ""
    return done


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """The test itself."""
    global _now
    file, _now = _now, item.nodeid
    try:
        return (yield)
    finally:
        _now = file


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Tests that pass without a mutant are those that can fail with one."""
    if report.when == "call" and report.passed:
        _passed.append((report.nodeid, report.duration))


def pytest_sessionfinish() -> None:
    """The trail: for every test that passed its seconds and the functions it went through."""
    if not _trail:
        return
    tests = {
        node: {
            "seconds": round(seconds, 3),
            "through": sorted(_passed_through[node] | _passed_through[node.split("::")[0]]),
        }
        for node, seconds in _passed
    }
    Path(_trail).write_text(json.dumps(tests), "utf-8")


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Every plan in turn; its end is a line of the file beside the plans."""
    if not _plans or session.testsfailed:
        return None
    items = {item.nodeid: item for item in session.items}
    with Path(_plans + ".ends").open("a", encoding="utf-8") as ends:
        for plan in json.loads(Path(_plans).read_text("utf-8")):
            started = time.monotonic()
            killer = _play(session, plan["key"], [items[node] for node in plan["nodes"]])
            end = {"key": plan["key"], "by": killer, "seconds": time.monotonic() - started}
            ends.write(json.dumps(end) + "\n")
            ends.flush()
    session._setupstate.teardown_exact(None)
    return True


def _play(session: pytest.Session, key: str, items: list[pytest.Item]) -> str:
    """The test that fails without the scope; nothing when none does."""
    global _gone
    _gone = key
    try:
        for item, following in zip(items, [*items[1:], items[-1]], strict=True):
            reports = runtestprotocol(item, log=False, nextitem=following)
            if any(report.failed for report in reports):
                return item.nodeid
        return ""
    finally:
        # What modules and packages set up went through the mutant; the session is kept.
        session._setupstate.teardown_exact(_Beginning(session))  # type: ignore[arg-type]
        _gone = ""


class _Beginning:
    """Stands where the next test would: nothing but the session is needed for it."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[pytest.Session]:
        """The collectors that stay."""
        return [self.session]
