"""Holds the exported scores of a date against expected ones."""

import csv
from collections.abc import Mapping
from datetime import date
from io import StringIO
from typing import Any

from django.core.management import call_command

TEXTS = {"state", "estimate"}
NOT_COMPARED = {"shop_id", "date", "rule_set"}
TOLERANCE = 1e-6


def exported(day: date, rule_set: str = "service-score-2022") -> dict[str, dict[str, str]]:
    """The rows `export_scores` writes, by shop."""
    out = StringIO()
    options: dict[str, Any] = {"date": day, "rule_set": rule_set, "stdout": out}
    call_command("export_scores", **options)
    out.seek(0)
    return {row["shop_id"]: row for row in csv.DictReader(out)}


def differing_cells(day: date, expected: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The cells of the export that are not what is expected, by shop and column."""
    rows = exported(day)
    assert rows.keys() == expected.keys()
    return [
        f"{shop}.{column}: {cell!r} instead of {expected[shop][column]!r}"
        for shop, row in rows.items()
        for column, cell in row.items()
        if column not in NOT_COMPARED and not agrees(column, cell, expected[shop][column])
    ]


def agrees(column: str, cell: str, expected: Any) -> bool:
    """Whether an exported cell says what is expected, to a millionth."""
    if column in TEXTS or expected is None:
        return bool(cell == (expected or ""))
    return cell != "" and abs(float(cell) - float(expected)) <= TOLERANCE
