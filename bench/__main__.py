"""`python -m bench [--scale 0.1] [--only NAME]`: every row of `bench/rows`, printed as a table."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import rows
from bench.workbench import Result, Workbench
from shopguard.launcher.places import places
from shopguard.launcher.services import services

DEFAULT_SCALE = 0.1


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--scale", type=float, default=DEFAULT_SCALE, help="1 is 10,000,000 orders of 2,000 shops"
    )
    parser.add_argument("--only", default="", help="rows whose file name holds this text")
    return parser.parse_args()


def processor() -> str:
    """Its name where the system tells it, else the architecture."""
    try:
        named = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        named = None
    return named[1] if named else platform.machine()


def machine() -> str:
    """Name, processor, cores, memory: without them a ratio says little."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{platform.node()}: {processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"load {load:.1f} before the start"
    )


def measured(only: str, bench: Workbench) -> Iterator[Result]:
    """Results of the chosen rows, in the order of their file names."""
    for found in pkgutil.iter_modules(rows.__path__):
        if only in found.name:
            yield from importlib.import_module(f"bench.rows.{found.name}").measure(bench)


def told(seconds: float, unit: str) -> str:
    """Seconds, or milliseconds where they are few; another unit as it is."""
    if unit != "s":
        return f"{seconds:.6g} {unit}"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def line(result: Result) -> str:
    """One result."""
    verdict = "ok" if result.ratio <= result.reach else "OVER"
    return (
        f"{verdict:<5}{result.ratio:6.2f}x (reach {result.reach:g}x)  {result.what}: "
        f"{told(result.seconds, result.unit)} against {result.reference}: "
        f"{told(result.reference_seconds, result.unit)}"
        f"{'  ' + result.note if result.note else ''}"
    )


def main() -> int:
    """0 when every ratio was reached."""
    asked = arguments()
    state = places().state / "bench"
    print(machine())
    print(f"scale {asked.scale:g}")
    with services(state):
        results = []
        for result in measured(asked.only, Workbench(state, asked.scale)):
            results.append(result)
            print(line(result), flush=True)
    return 0 if all(result.ratio <= result.reach for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
