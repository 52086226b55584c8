"""The part that runs inside pytest (`-p tests.mutations.switch`), in one of two ways:

- writes down which test goes through which function and asks which scope: whom a door turns away
  never gets to the view behind it (`SHOPGUARD_MUTANT_TRAIL`);
- takes scopes away, one after the other, and looks which test fails (`SHOPGUARD_MUTANT_PLANS`).

The code on disk stays as it is: modules are changed while they are loaded, so mutants can run
beside each other and beside a plain run.
"""

from __future__ import annotations

import builtins
import json
import os
from collections import defaultdict
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import psycopg
import pytest
from django.db.backends.utils import CursorWrapper

from tests.mutations.playing import Game, Plan
from tests.mutations.sites import Wish, belongs, changed, files_with_scopes, name_of, unmarked

PLANS = "SHOPGUARD_MUTANT_PLANS"
TRAIL = "SHOPGUARD_MUTANT_TRAIL"
ASK, TELL = "_asked_of_mutations", "_told_to_mutations"

_plans = os.environ.get(PLANS, "")
_trail = os.environ.get(TRAIL, "")
_scoped = frozenset(files_with_scopes())
_game = Game()
_passed_through: dict[str, set[str]] = defaultdict(set)
_passed: list[tuple[str, float]] = []
_now = ""
_plain_code = SourceFileLoader.get_code
_plain_execute, _plain_copy = CursorWrapper.execute, psycopg.Cursor.copy


def _code(self: SourceFileLoader, name: str) -> CodeType | None:
    file = belongs(self.get_filename(name))
    if file not in _scoped or not (_trail or _plans):
        return _plain_code(self, name)
    wish = Wish(ask=ASK, tell=TELL if _trail else "", mark=True)
    return compile(changed(file, wish)[0], self.get_filename(name), "exec", dont_inherit=True)


def _execute(self: CursorWrapper, sql: Any, params: Any = None) -> Any:
    return _plain_execute(self, _asked_sql(sql), params)


def _copy(self: Any, sql: Any, params: Any = None, **words: Any) -> Any:
    return _plain_copy(self, _asked_sql(sql), params, **words)


def _asked_sql(sql: Any) -> Any:
    return unmarked(sql, _is_gone) if isinstance(sql, str) and "/*scope" in sql else sql


def _is_gone(name: str) -> bool:
    _passed_through[_now].add(name)
    return bool(_game.gone) and name == name_of(_game.gone) and _game.asked(_game.gone)


def _tell(file: str, function: str) -> None:
    _passed_through[_now].add(f"{file}::{function}")


def _ask(key: str, *ways: Callable[..., Any]) -> Any:
    """Whether the scope is gone; with two ways, a decorator that asks it anew at each request."""
    if ways:
        return Either(key, *ways)
    _passed_through[_now].add(name_of(key))
    return _game.asked(key)


class Either:
    """A decorator of views, or what makes one, with and without its scope."""

    def __init__(self, key: str, there: Callable[..., Any], gone: Callable[..., Any]) -> None:
        self.key, self.there, self.gone = key, there, gone

    def __call__(self, *args: Any, **words: Any) -> Any:
        """The view with both policies, or the decorator made of both."""
        there = self.there(*args, **words)
        policy = getattr(there, "policy", None)
        gone = self.gone(*args, **words)
        if policy is None:
            return Either(self.key, there, gone)
        there.policy = _either_policy(self.key, policy, gone.policy)
        return there


def _either_policy(key: str, there: Any, gone: Any) -> Any:
    def told(_: Any, name: str) -> Any:
        return getattr(gone if _ask(key) else there, name)

    kind = type("EitherPolicy", (type(there),), {"__getattribute__": told})
    return object.__new__(kind)


SourceFileLoader.get_code = _code  # type: ignore[method-assign]
CursorWrapper.execute = _execute  # type: ignore[method-assign]
setattr(psycopg.Cursor, "copy", _copy)  # noqa: B010 - of another signature for the type checker
setattr(builtins, TELL, _tell)
setattr(builtins, ASK, _ask)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only those some plan names."""
    if _plans:
        plans = json.loads(Path(_plans).read_text("utf-8"))
        named = {node for plan in plans for node in plan["first"] + plan["nodes"]}
        items[:] = [item for item in items if item.nodeid in named]


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
    _game.is_called = True
    try:
        return (yield)
    finally:
        _now = file
        _game.is_called = False


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
    """Every plan; its end is a line of the file beside the plans."""
    if not _plans or session.testsfailed:
        return None
    plans = [Plan(**told) for told in json.loads(Path(_plans).read_text("utf-8"))]
    with Path(_plans + ".ends").open("a", encoding="utf-8") as ends:
        for end in _game.ends(session, plans):
            ends.write(json.dumps(end) + "\n")
            ends.flush()
    session._setupstate.teardown_exact(None)
    return True
