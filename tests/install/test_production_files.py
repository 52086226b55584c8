"""Dockerfile, docker-compose.yml and .env.example, which no engine runs in the tests: parsed."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from shopguard.launcher.places import CHECKOUT

APP_PARTS = ("web", "worker", "beat")
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "ALLOWED_HOSTS"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
    return dict(parsed["services"])


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (CHECKOUT / "Dockerfile").read_text()


def test_web_worker_and_beat_run_one_image_and_wait_for_what_they_need(
    services: dict[str, Any],
) -> None:
    assert len({services[part]["image"] for part in APP_PARTS}) == 1
    for part in APP_PARTS:
        waits = services[part]["depends_on"]
        assert waits["postgres"]["condition"] == waits["redis"]["condition"] == "service_healthy"
        assert waits["migrate"]["condition"] == "service_completed_successfully"


def test_every_lasting_part_has_a_health_check_and_comes_back(services: dict[str, Any]) -> None:
    for part in ("postgres", "redis", *APP_PARTS):
        assert services[part]["healthcheck"]["test"], part
        assert services[part]["restart"] == "unless-stopped", part


def test_redis_keeps_its_data_refuses_to_evict_and_asks_for_a_password(
    services: dict[str, Any],
) -> None:
    words = services["redis"]["command"]
    told = dict(zip(words[1::2], words[2::2], strict=True))
    assert told["--appendonly"] == "yes"
    assert told["--maxmemory-policy"] == "noeviction"
    assert told["--requirepass"].startswith("${REDIS_PASSWORD:?")
    assert services["redis"]["volumes"]


def test_postgresql_keeps_its_data_in_a_volume(services: dict[str, Any]) -> None:
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_there_is_one_beat(services: dict[str, Any]) -> None:
    assert services["beat"]["deploy"]["replicas"] == 1


def test_no_secret_has_a_default(services: dict[str, Any]) -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text()
    used = re.findall(r"(?<!\$)\$\{(\w+)([^}]*)\}", text)
    assert {name for name, _ in used} >= SECRETS
    for name, rest in used:
        assert rest.startswith(":?") or name == "SHOPGUARD_VERSION", name


def test_the_example_names_every_variable_and_gives_no_value() -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"(?<!\$)\$\{(\w+):\?", text))
    lines = (CHECKOUT / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) == asked
    assert not any(given.values())


def test_the_database_is_reachable_from_the_parts_only(services: dict[str, Any]) -> None:
    assert "ports" not in services["postgres"]
    assert "ports" not in services["redis"]
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_the_image_holds_the_runtime_lock_checked_by_hash_and_no_root(dockerfile: str) -> None:
    assert "--require-hashes -r requirements.lock" in dockerfile
    assert "requirements-dev" not in dockerfile
    last_stage = dockerfile.rsplit("\nFROM ", 1)[1]
    user = last_stage.index("\nUSER shopguard")
    assert user < last_stage.index("\nCMD ")
    assert last_stage.index("collectstatic") < user
    assert last_stage.index("pybabel compile") < user


def test_no_secret_is_baked_into_the_image(dockerfile: str) -> None:
    assert not re.search(r"^(ENV|ARG) .*(SECRET|PASSWORD)", dockerfile, re.MULTILINE)
    ignored = (CHECKOUT / ".dockerignore").read_text().split()
    assert {".git", ".env", ".local", ".venv"} <= set(ignored)


def test_gunicorn_opens_no_control_socket(dockerfile: str) -> None:
    assert "--no-control-socket" in dockerfile
