"""`python -m tests.restore [--shops N]`: load a demo, back it up, wipe all, restore, verify."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import rmtree

from shopguard.launcher.places import CHECKOUT


def manage(state: Path, *words: str) -> None:
    """A management command with services of its own; ends the drill when it fails."""
    kept = {name: os.environ[name] for name in ("PATH", "SHOPGUARD_POSTGRES") if name in os.environ}
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(CHECKOUT / "manage.py"), *words],
        env=kept | {"SHOPGUARD_STATE": str(state), "LOG_LEVEL": "WARNING"},
        stdin=subprocess.DEVNULL,
    )
    print(f"-- {words[0]}: {time.monotonic() - started:.1f} s", flush=True)
    if done.returncode:
        sys.exit(f"{words[0]} ended with {done.returncode}")


def main() -> None:
    """Everything in a folder of its own, which is gone afterwards."""
    parser = argparse.ArgumentParser(prog="python -m tests.restore", description=__doc__)
    parser.add_argument("--shops", type=int, default=10)
    parser.add_argument("--score-dates", type=int, default=5)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sg-restore-", dir="/tmp"))
    folder.chmod(0o755)
    first, second, saved = folder / "first", folder / "second", folder / "saved"
    size = ["--shops", str(asked.shops), "--score-dates", str(asked.score_dates)]
    try:
        manage(first, "seed_demo", *size)
        manage(first, "backup", str(saved))
        rmtree(first)
        manage(second, "restore", str(saved))
        manage(second, "verify")
    finally:
        rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
