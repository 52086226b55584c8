"""Many mutants in one process: file of tests by file, each mutant that is still alive in turn.

What a file sets up once is kept from one mutant to the next, unless a mutant took part in setting
it up. A test that fails counts only when it passes right after without the mutant, and again with
everything set up anew when it does not.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from _pytest.runner import runtestprotocol


@dataclass
class Plan:
    """A scope and the tests it is to meet, in order: ``first`` before those of anybody else.

    ``patience`` is how many seconds it may live; ``asked`` and ``seconds`` count what it met.
    """

    key: str
    first: list[str]
    nodes: list[str]
    patience: float
    asked: int = 0
    seconds: float = 0.0
    met: set[str] = field(default_factory=set)

    def told(self) -> dict[str, Any]:
        """What is said of it to the process that plays it."""
        return {
            "key": self.key, "first": self.first, "nodes": self.nodes, "patience": self.patience,
        }  # fmt: skip

    def end(self, by: str) -> dict[str, Any]:
        """What is told of it."""
        return {"key": self.key, "by": by, "seconds": self.seconds, "asked": self.asked}


class Game:
    """Plays plans. ``gone`` is the scope that is away at the moment."""

    def __init__(self) -> None:
        self.gone = ""
        self.is_called = False
        self.is_spoilt = False
        self.unfit: set[str] = set()

    def asked(self, key: str) -> bool:
        """Whether this scope is away. Asked outside a test's own body, its fixtures are spoilt."""
        if key != self.gone or not key:
            return False
        self.is_spoilt = self.is_spoilt or not self.is_called
        return True

    def ends(self, session: pytest.Session, plans: list[Plan]) -> Iterator[dict[str, Any]]:
        """Each plan's end as soon as it is known."""
        self.session = session
        self.items = {item.nodeid: item for item in session.items}
        alive = {plan.key: plan for plan in plans}
        for which in ("first", "nodes"):
            for file in _files(plans, which):
                for plan in list(alive.values()):
                    if killer := self._met(plan, getattr(plan, which), file):
                        yield alive.pop(plan.key).end(killer)
        for plan in alive.values():
            yield plan.end("")

    def _met(self, plan: Plan, nodes: list[str], file: str) -> str:
        """The test of this file that fails without the scope, empty when none does."""
        began = time.monotonic()
        try:
            for node in nodes:
                if not node.startswith(file + "::") or node in plan.met | self.unfit:
                    continue
                if plan.seconds + time.monotonic() - began > plan.patience:
                    break
                plan.met.add(node)
                if node in self.items and self._kills(self.items[node], plan):
                    return node
            return ""
        finally:
            plan.seconds += time.monotonic() - began

    def _kills(self, item: pytest.Item, plan: Plan) -> bool:
        plan.asked += 1
        if self._passes(item, plan.key):
            return False
        if self._passes(item):
            return True
        self._begin_anew()
        if not self._passes(item):
            self.unfit.add(item.nodeid)
            return False
        self._begin_anew()
        return not self._passes(item, plan.key)

    def _passes(self, item: pytest.Item, gone: str = "") -> bool:
        setup = self.session._setupstate
        setup.teardown_exact(item)
        self.gone = gone
        try:
            reports = runtestprotocol(item, log=False, nextitem=_Beside(item.listchain()[:-1]))  # type: ignore[arg-type]
        finally:
            self.gone = ""
        if self.is_spoilt:
            self._begin_anew()
        return not any(report.failed for report in reports)

    def _begin_anew(self) -> None:
        """Everything but the session is set up again by the next test."""
        self.session._setupstate.teardown_exact(_Beside([self.session]))  # type: ignore[arg-type]
        self.is_spoilt = False


def _files(plans: list[Plan], which: str) -> list[str]:
    """The files of all plans' tests, in the order in which most come first."""
    places: dict[str, list[int]] = {}
    for plan in plans:
        files = dict.fromkeys(node.split("::")[0] for node in getattr(plan, which))
        for place, file in enumerate(files):
            places.setdefault(file, []).append(place)
    return sorted(places, key=lambda file: sum(places[file]) / len(places[file]))


class _Beside:
    """Stands where the next test would: says which collectors stay as they are."""

    def __init__(self, chain: list[Any]) -> None:
        self.chain = chain

    def listchain(self) -> list[Any]:
        """The collectors that stay."""
        return self.chain
