"""The command line's own cost: one row in, services running."""

from __future__ import annotations

from collections.abc import Iterator

from bench.workbench import Result, Workbench

REACH = 3.0
TRIES = 5


def measure(bench: Workbench) -> Iterator[Result]:
    """The best of some tries of both."""
    bench.empty()
    path = bench.state / "one_shop.csv"
    path.write_text("shop_id,name,industry\nS1,One shop,beauty\n")
    reference = ["-c", "import django; django.setup()"]
    setup = min(bench.run(*reference).seconds for _ in range(TRIES))
    whole = min(bench.manage("import_data", "shops", str(path)).seconds for _ in range(TRIES))
    yield Result("import_data of one row", whole, "Django's set-up", setup, REACH)
