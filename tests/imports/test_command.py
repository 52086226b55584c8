"""`python manage.py import_data`: arguments, exit codes, files it writes."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from stores.models import Order, Shop
from tests.imports.files import ORDER, csv_text, shanghai

REPORT_KEYS = [
    "kind", "status", "reason", "rows", "new", "changed", "unchanged", "rejected", "warnings",
    "ignored_columns", "encoding", "problems",
]  # fmt: skip


@pytest.fixture
def orders(tmp_path: Path, shop: Shop) -> Path:
    """A file with a good and a bad order."""
    path = tmp_path / "orders.csv"
    path.write_text(csv_text([ORDER, ORDER | {"order_id": "o2", "quantity": "x"}]), "utf-8")
    return path


def run(*words: object) -> str:
    """Run the command; returns what it said."""
    out = StringIO()
    call_command("import_data", *map(str, words), stdout=out, stderr=out)
    return out.getvalue()


def test_it_says_what_became_of_the_rows(orders: Path) -> None:
    """Counts in one line, then the first problems."""
    said = run("orders", orders)
    assert "orders: applied, 2 rows: 1 new, 0 changed, 0 unchanged, 1 rejected" in said
    assert "line 3: error: quantity 'x'" in said


def test_it_writes_the_report_and_the_errors(orders: Path, tmp_path: Path) -> None:
    """The report is JSON of fixed keys."""
    report, errors = tmp_path / "report.json", tmp_path / "errors.csv"
    run("orders", orders, "--report", report, "--errors", errors)
    told = json.loads(report.read_text("utf-8"))
    assert list(told) == REPORT_KEYS
    assert (told["rows"], told["new"], told["rejected"]) == (2, 1, 1)
    (problem,) = told["problems"]
    assert list(problem) == ["line", "column", "value", "reason", "severity"]
    assert (problem["line"], problem["column"], problem["value"]) == (3, "quantity", "x")
    assert errors.read_text("utf-8").splitlines()[0].endswith(",error")


def test_a_dry_run_stores_nothing(orders: Path) -> None:
    """And says so."""
    assert "dry_run" in run("orders", orders, "--dry-run")
    assert not Order.objects.exists()


def test_the_age_of_the_file_is_shanghai_time(orders: Path) -> None:
    """YYYY-MM-DD HH:MM:SS."""
    run("orders", orders, "--as-of", "2024-04-01 08:00:00")
    assert Order.objects.get().as_of == shanghai("2024-04-01 08:00")


def test_a_refused_file_ends_with_two_and_a_report(shop: Shop, tmp_path: Path) -> None:
    """The reason stands in both."""
    path, report = tmp_path / "x.csv", tmp_path / "report.json"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(CommandError, match="order_id") as refusal:
        run("orders", path, "--report", report)
    assert refusal.value.returncode == 2
    assert json.loads(report.read_text("utf-8"))["status"] == "refused"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense", "x.csv"],
        ["orders", "no-such-file.csv"],
        ["orders", "x.csv", "--preset", "nobody"],
        ["orders", "x.csv", "--as-of", "yesterday"],
        ["orders", "x.csv", "--as-of", "2024-04-01"],
        ["orders", "x.csv", "--report", "/nowhere/at/all.json"],
        ["orders"],
        ["orders", "x.csv", "--frobnicate"],
    ],
)
def test_wrong_arguments_end_with_two(shop: Shop, words: list[str]) -> None:
    """Whoever finds out, argparse or the command."""
    with pytest.raises((CommandError, SystemExit)) as wrong:
        run(*words)
    assert (
        getattr(wrong.value, "returncode", 1) == 2
        or "required" in str(wrong.value)
        or ("argument" in str(wrong.value))
    )
