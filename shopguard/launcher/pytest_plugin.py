"""Gives every `pytest` run its services before the settings are read.

Tests have servers of their own below the state folder, without safety against power cuts, so
that a run beside `make run` neither slows it down nor takes its tasks.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from shopguard.launcher.browser import find_chromium, what_is_missing
from shopguard.launcher.places import LauncherError, places
from shopguard.launcher.services import missing_addresses, services

_held = ExitStack()


def _test_state() -> str:
    """`tests` below the state folder; apart for the system's PostgreSQL, whose servers differ."""
    name = "tests-system" if os.environ.get("SHOPGUARD_POSTGRES") == "system" else "tests"
    return str(places().state / name)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Runs around pytest-django, which reads the settings here; xdist workers inherit them."""
    if missing_addresses():
        try:
            _held.enter_context(services(_test_state(), fast=True))
        except LauncherError as error:
            raise pytest.UsageError(str(error)) from error
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last thing of a run."""
    if not hasattr(config, "workerinput"):
        _held.close()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A browser test without a browser is skipped, or fails where SHOPGUARD_REQUIRE_BROWSER=1."""
    if item.get_closest_marker("browser") is None or (missing := what_is_missing()) is None:
        return
    if os.environ.get("SHOPGUARD_REQUIRE_BROWSER") == "1":
        pytest.fail(missing, pytrace=False)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Program to hand to playwright as `executable_path`."""
    found = find_chromium()
    assert found, "ask for it in tests marked `browser` only"
    return found
