"""Two imports at the same moment, and one that is killed: real processes on a real database."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from stores.models import ImportBatch, ImportChunk, Order, OrderLine, Product
from tests.factories import make_shop
from tests.imports.files import ORDER, csv_text

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

CHUNK = 50
COUNT = 2000


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """A file of some chunks for a shop that exists."""
    make_shop("plum")
    path = tmp_path / "orders.csv"
    path.write_text(csv_text(ORDER | {"order_id": f"o{n}"} for n in range(COUNT)), "utf-8")
    return path


def start(path: Path) -> subprocess.Popen[str]:
    """The command in a process of its own, on the test's database."""
    name = str(connection.settings_dict["NAME"])
    url = re.sub(r"(//[^/]*)/[^?]*", rf"\1/{name}", os.environ["DATABASE_URL"])
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_data", "orders", str(path)],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": url,
            "IMPORT_CHUNK_ROWS": str(CHUNK),
            "BUYER_KEYS_FILE": str(path.parent / "keys.json"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> str:
    """What a process said, once it is over without an error."""
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said


def test_a_killed_import_is_taken_up_again(orders: Path) -> None:
    """SIGKILL between two chunks; the second start adds exactly what is missing."""
    process = start(orders)
    until = time.monotonic() + 60
    while ImportChunk.objects.count() < 3 and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    done = Order.objects.count()
    assert 0 < done < COUNT
    assert done % CHUNK == 0
    said = ended(start(orders))
    assert f"{COUNT} rows: {COUNT} new, 0 changed, 0 unchanged, 0 rejected" in said
    assert Order.objects.count() == OrderLine.objects.count() == COUNT
    batch = ImportBatch.objects.get()
    assert (batch.status, batch.rows, batch.new) == ("applied", COUNT, COUNT)


def test_an_import_that_lost_the_database_is_taken_up_again(orders: Path) -> None:
    """It says so, without a traceback, and the second start adds exactly what is missing."""
    process = start(orders)
    until = time.monotonic() + 60
    while ImportChunk.objects.count() < 3 and time.monotonic() < until:
        time.sleep(0.01)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    said, _ = process.communicate(timeout=60)
    assert process.returncode not in (0, 2)
    assert "start the same import again" in said
    assert "Traceback" not in said
    done = Order.objects.count()
    assert 0 < done < COUNT
    assert done % CHUNK == 0
    assert f"{COUNT} rows: {COUNT} new" in ended(start(orders))
    assert Order.objects.count() == OrderLine.objects.count() == COUNT


def test_one_file_in_two_sessions_is_imported_once(orders: Path) -> None:
    """One of them finds everything there."""
    said = sorted(ended(process) for process in [start(orders), start(orders)])
    assert f"{COUNT} new, 0 changed, 0 unchanged" in said[1]
    assert f"0 new, 0 changed, {COUNT} unchanged" in said[0]
    assert Order.objects.count() == COUNT
    assert Product.objects.count() == 1


def test_two_files_of_one_shop_do_not_miss_each_other(orders: Path, tmp_path: Path) -> None:
    """The same orders twice over, in two files with another first line each."""
    other = tmp_path / "again.csv"
    other.write_text(
        csv_text(ORDER | {"order_id": f"o{n}", "freight": "5"} for n in reversed(range(COUNT))),
        "utf-8",
    )
    for process in [start(orders), start(other)]:
        ended(process)
    assert Order.objects.count() == OrderLine.objects.count() == COUNT
    assert not Order.objects.exclude(freight=500).exists()
