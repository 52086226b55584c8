"""The command line's own cost: one row in, services running."""

from __future__ import annotations

from collections.abc import Iterator

from bench.workbench import Result, Workbench, run

REACH, REACH_SECONDS = 3.0, 1.5
TRIES = 5


def measure(bench: Workbench) -> Iterator[Result]:
    """The best of some tries of both."""
    path = bench.state / "one_shop.csv"
    path.write_text("shop_id,name,industry\nS1,One shop,beauty\n")
    reference = ["-c", "import django; django.setup()"]
    setup = min(run(*reference).seconds for _ in range(TRIES))
    with bench.tables() as database:
        words = ("import_data", "shops", str(path))
        whole = min(database.manage(*words).seconds for _ in range(TRIES))
    note = f"(reach {REACH_SECONDS:g} s)"
    yield Result("import_data of one row", whole, "Django's set-up", setup, REACH, note)
