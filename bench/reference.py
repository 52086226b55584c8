"""DuckDB in an environment of its own: no part of the product depends on it."""

from __future__ import annotations

import sys
import venv
from datetime import timedelta
from pathlib import Path

from bench.market import LAST_DAY, Market
from bench.workbench import run
from shopguard.launcher.places import CHECKOUT

LOCK = CHECKOUT / "bench/requirements.lock"
TRIES = 2


def environment(state: Path) -> str:
    """The Python with DuckDB, built from the bench's own lock the first time."""
    folder = state / "duckdb"
    python, stamp = folder / "bin/python", folder / "lock"
    if not stamp.exists() or stamp.read_text() != LOCK.read_text():
        print("building DuckDB's environment", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        run("-m", "pip", "install", "-q", "--require-hashes", "-r", str(LOCK), python=str(python))
        stamp.write_text(LOCK.read_text())
    return str(python)


def duckdb_seconds(state: Path, market: Market) -> float:
    """The better of two runs of DuckDB's sums over the whole window of the market's files."""
    script = str(CHECKOUT / "bench/duckdb_sums.py")
    day = (LAST_DAY + timedelta(days=1)).isoformat()
    words = [script, str(market.folder), day]
    python = environment(state)
    return min(float(run(*words, python=python).said.splitlines()[-1]) for _ in range(TRIES))
