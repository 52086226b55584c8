"""Hostile workbooks are refused within two seconds and a hundred MiB."""

import json
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import pytest
from pytest_django import Settings

from stores.models import Order
from stores.services.imports.xlsx_file import CHILD, orders_for_child
from tests.imports.bombs import BOMBS, GOOD
from tests.imports.files import ORDER, Desk, counts, csv_text

SECONDS, MIB = 2.0, 100
# Runs the child from a small process: one that was forked from a large one inherits its peak.
SHIM = """
import json, resource, subprocess, sys
with open(sys.argv[3], "rb") as file:
    subprocess.run([sys.executable, "-I", sys.argv[1], sys.argv[2]], stdin=file,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.fixture(params=BOMBS)
def bomb(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Each of them as a file."""
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(BOMBS[request.param]())
    return path


def test_a_bomb_is_refused_quickly_and_in_little_memory(desk: Desk, bomb: Path) -> None:
    """With a sentence that says what to do instead."""
    begun = time.monotonic()
    report = desk.file("orders", bomb)
    took = time.monotonic() - begun
    assert report["status"] == "refused"
    assert "CSV" in report["reason"]
    assert not Order.objects.exists()
    assert took < SECONDS * slowness()
    orders = json.dumps(orders_for_child([], []))
    command = [sys.executable, "-I", "-c", SHIM, str(CHILD), orders, str(bomb)]
    peak = int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    assert peak / 1024 < MIB


def slowness() -> float:
    """How many times longer than on a quiet machine a second's work takes right now, at least 1."""
    begun = time.monotonic()
    spent = time.process_time()
    sum(range(2_000_000))
    return max(1.0, 2 * (time.monotonic() - begun) / max(time.process_time() - spent, 0.001))


@pytest.mark.parametrize("part", range(1, 10))
def test_a_workbook_cut_off_anywhere_is_refused(desk: Desk, part: int) -> None:
    report = desk.data("orders", GOOD[: len(GOOD) * part // 10])
    assert report["status"] == "refused"
    assert "损坏" in report["reason"]
    assert not Order.objects.exists()


def test_what_is_not_a_workbook_says_what_it_is(desk: Desk) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600_000)
    locked = ole + "EncryptedPackage".encode("utf-16-le") + bytes(100)
    page = b"\xef\xbb\xbf\n<html><table><tr><td>order_id</td></tr></table></html>"
    for data, word in ((ole, "xls"), (locked, "密码"), (page, "网页"), (b"%PDF-1.7", "表格")):
        report = desk.data("orders", data)
        assert report["status"] == "refused"
        assert word in report["reason"]


def test_a_text_named_like_a_workbook_is_read_as_what_it_is(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_text(csv_text([ORDER]), encoding="utf-8")
    assert counts(desk.file("orders", path)) == (1, 0, 0, 0)


def test_too_many_bytes_are_refused_before_the_child_starts(desk: Desk, settings: Settings) -> None:
    settings.IMPORT_XLSX_MAX_BYTES = 1000
    report = desk.data("orders", GOOD)
    assert (report["status"], "CSV" in report["reason"]) == ("refused", True)


def test_time_beyond_the_limit_is_a_refusal(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    settings.IMPORT_XLSX_SECONDS = 1
    settings.IMPORT_XLSX_MAX_ROWS = 2_000_000
    path = tmp_path / "slow.xlsx"
    path.write_bytes(BOMBS["endless rows"]())
    with ZipFile(path) as archive:
        assert archive.namelist()
    report = desk.file("orders", path)
    assert report["status"] == "refused"


def test_nothing_of_the_application_reaches_the_child(settings: Settings) -> None:
    told = json.dumps(orders_for_child(["order_id"], [["order_id"]]))
    assert settings.SECRET_KEY not in told
    assert "stores" not in CHILD.read_text(encoding="utf-8").replace("stores/", "")
