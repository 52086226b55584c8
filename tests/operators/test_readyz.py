"""/readyz: red without database, migrations or disk, degraded without the broker, and quick."""

import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from shopguard import probes
from shopguard.launcher.places import places
from shopguard.launcher.servers import Postgres, Valkey

READY = "/readyz"
RED_WITHIN, GREEN_WITHIN = 10.0, 30.0


@pytest.fixture
def client_of_the_balancer(db: None) -> Client:
    return Client()


def state(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get(READY)
    return response.status_code, response.json()


def test_everything_there_is_ready(client_of_the_balancer: Client, settings: Settings) -> None:
    settings.DISK_MIN_FREE_BYTES = 0
    status, told = state(client_of_the_balancer)
    assert status == 200
    assert told["database"]
    assert told["migrations"]
    assert told["disk"]


def test_a_lost_broker_degrades_and_stays_green(
    client_of_the_balancer: Client, settings: Settings
) -> None:
    settings.DISK_MIN_FREE_BYTES = 0
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, told = state(client_of_the_balancer)
    assert (status, told["status"], told["broker"]) == (200, "degraded", False)


def test_a_full_disk_is_red(client_of_the_balancer: Client, settings: Settings) -> None:
    settings.DISK_MIN_FREE_BYTES = 1 << 60
    status, told = state(client_of_the_balancer)
    assert (status, told["status"], told["disk"]) == (503, "not ready", False)


def test_a_state_folder_that_is_gone_is_red(
    client_of_the_balancer: Client, settings: Settings
) -> None:
    settings.STATE_DIR = Path("/nowhere/at/all")
    assert state(client_of_the_balancer)[0] == 503


def test_a_missing_migration_is_red(
    client_of_the_balancer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = probes.migrations_known() | {("stores", "9999_of_tomorrow")}
    monkeypatch.setattr(probes, "migrations_known", lambda: newer)
    status, told = state(client_of_the_balancer)
    assert (status, told["database"], told["migrations"]) == (503, True, False)


def test_the_answer_names_no_place(client_of_the_balancer: Client) -> None:
    told = state(client_of_the_balancer)[1]
    assert told.keys() == {"status", "database", "migrations", "disk", "broker"}


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Postgres, Valkey]]:
    folder = Path(tempfile.mkdtemp(prefix="sg-ready-", dir="/tmp"))
    folder.chmod(0o755)
    here = places(folder)
    pair = (Postgres(here, fast=True), Valkey(here, fast=True))
    for server in pair:
        server.start()
    yield pair
    for server in pair:
        server.stop()
    rmtree(folder, ignore_errors=True)


@pytest.mark.process
class TestServersThatDie:
    """Real servers, killed and frozen: how soon the probe says so, and how soon it is over."""

    @pytest.fixture(autouse=True)
    def asked_there(
        self, servers: tuple[Postgres, Valkey], settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The probe looks at these servers, which hold no migrations and need none here."""
        postgres, valkey = servers
        settings.DISK_MIN_FREE_BYTES = 0
        settings.REDIS_URL = valkey.url
        monkeypatch.setattr(probes, "_parameters", lambda: elsewhere(postgres.url))
        monkeypatch.setattr(probes, "migrations_known", frozenset)

    def until(self, wanted: int, within: float) -> dict[str, Any]:
        deadline = time.monotonic() + within
        while True:
            status, told = state(Client())
            if status == wanted and told["status"] != "degraded":
                return told
            assert time.monotonic() < deadline, f"still {status} {told} after {within} s"
            time.sleep(0.2)

    def test_a_frozen_database_is_red_and_then_green_again(
        self, servers: tuple[Postgres, Valkey]
    ) -> None:
        self.until(200, GREEN_WITHIN)
        postmaster = servers[0].process
        assert postmaster
        postmaster.send_signal(signal.SIGSTOP)
        try:
            assert self.until(503, RED_WITHIN)["database"] is False
        finally:
            postmaster.send_signal(signal.SIGCONT)
        self.until(200, GREEN_WITHIN)

    def test_a_stopped_database_is_red_and_then_green_again(
        self, servers: tuple[Postgres, Valkey]
    ) -> None:
        self.until(200, GREEN_WITHIN)
        servers[0].stop()
        assert self.until(503, RED_WITHIN)["database"] is False
        servers[0].start()
        self.until(200, GREEN_WITHIN)

    def test_a_stopped_broker_is_degraded_and_then_well_again(
        self, servers: tuple[Postgres, Valkey]
    ) -> None:
        servers[1].stop()
        began = time.monotonic()
        status, told = state(Client())
        assert time.monotonic() - began < RED_WITHIN
        assert (status, told["status"]) == (200, "degraded")
        servers[1].start()
        self.until(200, GREEN_WITHIN)


def elsewhere(url: str) -> dict[str, object]:
    """The probe's own limit, for another server."""
    return {"conninfo": url, "connect_timeout": probes.DATABASE_SECONDS, "autocommit": True}


def test_the_probe_has_limits(db: None) -> None:
    told = probes._parameters()
    assert told["connect_timeout"] == probes.DATABASE_SECONDS
    assert told["dbname"] == connection.settings_dict["NAME"]
