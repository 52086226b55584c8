"""Some reviews of a shop come late: the score they belong to was out already.

Nothing is added to the market, its file is handed in as two. So one date of the demo has an earlier
computation beside the one that holds now.
"""

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from shopguard.demo.cast import STEADY
from shopguard.demo.generate import Written

KIND = "reviews"
DATES_BACK = 6  # how long ago the score is that was computed twice
DAYS_LATE = 3  # whose reviews were missing when it was computed first


def late_date(today: date) -> date:
    """The score date that is computed twice."""
    return today - timedelta(days=DATES_BACK)


def held_back(written: Sequence[Written], day: date) -> tuple[list[Written], list[Written]]:
    """The files without what comes after the score of ``day``, and that in a file of its own."""
    late = next(file for file in written if file.kind == KIND)
    kept, missing = late.path.with_stem(f"{KIND}-in-time"), late.path.with_stem(f"{KIND}-late")
    days = {str(day - timedelta(days=back)) for back in range(1, DAYS_LATE + 1)}
    with late.path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        head = list(rows.fieldnames or ())
        found = [(row["shop_id"] == STEADY and row["created_at"][:10] in days, row) for row in rows]
    counts = [
        _write(path, head, [row for is_late, row in found if is_late == wanted])
        for path, wanted in ((kept, False), (missing, True))
    ]
    in_time = replace(late, path=kept, rows=counts[0])
    return (
        [in_time if file is late else file for file in written],
        [Written(KIND, missing, counts[1])],
    )


def _write(path: Path, head: list[str], rows: list[dict[str, str]]) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head)
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)
