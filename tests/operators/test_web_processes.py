"""Several workers of one web server count together, and log no address."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from shopguard.launcher.places import CHECKOUT

PATIENCE_SECONDS = 60.0
NOWHERE = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "LOG_FORMAT": "json",
}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "web.log"


@pytest.fixture
def address(tmp_path: Path, log: Path) -> Iterator[str]:
    """A web server of two workers that need neither database nor broker for its probes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "shopguard.wsgi:application", "--no-control-socket",
        "--bind", f"127.0.0.1:{port}", "--workers", "2",
    ]  # fmt: skip
    environment = os.environ | NOWHERE | {"SHOPGUARD_STATE": str(tmp_path)}
    (tmp_path / "staticfiles").mkdir()
    environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
    with log.open("wb") as output:
        web = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    yield f"http://127.0.0.1:{port}"
    web.terminate()
    web.wait(timeout=30)


def answer(url: str) -> str:
    """The body, once somebody listens."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urlopen(url, timeout=30) as response:
                return str(response.read().decode())
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


@pytest.mark.process
def test_workers_count_together_and_no_line_holds_an_address(address: str, log: Path) -> None:
    for _ in range(12):
        assert answer(f"{address}/healthz?who=13800138000") == "ok\n"
    figures = answer(f"{address}/metrics")
    assert 'shopguard_requests_total{method="GET",status="200",view="healthz"} 12.0' in figures
    assert "shopguard_database_up 0.0" in figures
    lines = log.read_text().splitlines()
    assert all(json.loads(line)["event"] for line in lines)
    assert "healthz" not in log.read_text()
