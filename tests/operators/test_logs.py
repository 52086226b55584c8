"""Logs are JSON a line, say whose and what it was, and hold no secret and nobody's data."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from logging.config import dictConfig
from typing import Any

import pytest
import structlog
from django.conf import settings as django_settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from structlog.contextvars import bound_contextvars, clear_contextvars

from shopguard import nightly, tasks
from shopguard.celery import app, bind_task, release_task
from shopguard.lib.logs import REMOVED, logging_settings, scrubbed, scrubbed_text
from stores.models import Run, Shop, State, User
from tests.factories import PASSWORD
from tests.operators.conftest import make_run

Lines = Callable[[], list[dict[str, Any]]]

# What must never be in a log, however it gets there.
CANARIES = {
    "phone": "13800138000",
    "phone in full width": "１３８ ００１３ ８０００",
    "identity": "110101199003078515",
    "mail": "mei.zi@example.com",
    "token": "sgt_AbCdEfGhIjKlMnOpQrStUvWxYz012345",
    "database": "hunter2-database",
}


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged meanwhile, as production writes it."""
    stream = StringIO()
    config = logging_settings(log_format="json", level="DEBUG")
    handler = logging.StreamHandler(stream)
    formatter = config["formatters"]["line"]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
        )
    )
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)
    clear_contextvars()


def about_requests(lines: Lines) -> list[dict[str, Any]]:
    return [line for line in lines() if line["logger"] == "shopguard.request"]


@pytest.mark.django_db
class TestRequests:
    """One line for every request."""

    def test_it_says_view_status_duration_person_and_number(
        self, lines: Lines, client: Client, alice: User
    ) -> None:
        client.force_login(alice)
        client.get("/account/password/", headers={"X-Request-ID": "req-12345678"})
        (line,) = about_requests(lines)
        assert line["view"] == "password_change"
        assert (line["method"], line["status"], line["user"]) == ("GET", 200, alice.pk)
        assert line["request_id"] == "req-12345678"
        assert 0 <= line["seconds"] < 10
        assert line["level"] == "info"
        assert line["timestamp"].endswith("Z")

    def test_nobody_is_nobody(self, lines: Lines, client: Client) -> None:
        client.get("/sign-in/")
        (line,) = about_requests(lines)
        assert line["user"] is None

    def test_the_query_and_the_form_are_not_told(
        self, lines: Lines, client: Client, alice: User
    ) -> None:
        client.post(
            "/sign-in/?next=/x%3Fq=secret-shop", {"username": "alice", "password": PASSWORD}
        )
        text = json.dumps(lines(), ensure_ascii=False)
        assert PASSWORD not in text
        assert "secret-shop" not in text
        assert django_settings.SESSION_COOKIE_NAME not in text

    def test_probes_are_counted_and_not_told(self, lines: Lines, client: Client) -> None:
        client.get("/healthz")
        assert about_requests(lines) == []


class TestScrubbing:
    """Canaries in every place a line can carry them."""

    @pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
    def test_no_canary_passes_by_any_way(self, lines: Lines, canary: str) -> None:
        secret = f"postgresql://shopguard:{canary}@db/x" if "hunter2" in canary else canary
        log = logging.getLogger("a.library")
        log.warning("order of %s", secret)
        log.warning("order", extra={"view": secret})
        structlog.get_logger("ours").warning("order", who=secret, deep={"a": [{"b": secret}]})
        with bound_contextvars(note=secret):
            log.warning("bound")
        try:
            raise ValueError(f"no rate for {secret}")
        except ValueError:
            log.exception("failed")
        written = json.dumps(lines(), ensure_ascii=False)
        assert len(lines()) == 5
        assert canary not in written

    @pytest.mark.parametrize(
        "name", ["password", "Authorization", "csrf_token", "api_key", "receiver_phone", "cookie"]
    )
    def test_a_telling_name_is_enough(self, name: str) -> None:
        assert scrubbed({"event": "x", name: "abc"}) == {"event": "x", name: REMOVED}
        assert scrubbed({"deep": {name: ["abc"]}}) == {"deep": {name: REMOVED}}

    @pytest.mark.parametrize(
        "text",
        [
            "Authorization: Bearer abcdefgh12345678",
            "password=opensesame",
            "{'password': 'opensesame'}",
            'SECRET_KEY = "opensesame"',
            "redis://:opensesame@redis:6379/0",
        ],
    )
    def test_secrets_in_a_text_are_taken_out(self, text: str) -> None:
        assert "opensesame" not in scrubbed_text(text)
        assert "abcdefgh12345678" not in scrubbed_text(text)
        assert REMOVED in scrubbed_text(text)

    @pytest.mark.parametrize(
        "text", ["run 2024-03-01 #1: done", "import 20240301123456 took 1.2 s", "order SG-0101"]
    )
    def test_what_an_operator_needs_stays(self, text: str) -> None:
        assert scrubbed_text(text) == text

    def test_a_name_cannot_forge_a_line_or_colour_a_terminal(self, lines: Lines) -> None:
        logging.getLogger("x").warning("user %s", 'eve\r\n{"level": "info"}\x1b[31m')
        assert len(lines()) == 1
        assert "\x1b" not in lines()[0]["event"]
        assert "\r" not in lines()[0]["event"]

    @pytest.mark.django_db
    def test_the_values_postgres_repeats_are_taken_out(self, lines: Lines, shop: Shop) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO stores_shop (id, external_id, name) VALUES (%s, %s, NULL)",
                    [shop.pk, "canary-of-a-row"],
                )
        except IntegrityError:
            logging.getLogger("x").exception("not stored")
        assert "canary-of-a-row" not in json.dumps(lines())
        assert "not stored" in json.dumps(lines())


class TestWorkers:
    """Lines of a task say which run and shard they are of."""

    @pytest.mark.django_db
    def test_a_failed_shard_says_run_step_and_shard(
        self, lines: Lines, monkeypatch: pytest.MonkeyPatch, dora: User
    ) -> None:
        run = make_run(state=State.RUNNING, failed=1)
        shard = run.steps.get(name="daily").shards.get(state=State.FAILED)
        type(shard).objects.filter(pk=shard.pk).update(state=State.PENDING, attempts=0)
        monkeypatch.setattr(nightly, "_attempt", broken)
        nightly.shard_work(shard_id=shard.pk)
        told = next(line for line in lines() if line["level"] == "error")
        assert (told["run"], told["step"], told["shard"]) == (run.pk, "daily", shard.pk)
        assert "ValueError: no rate" in told["exception"]

    def test_a_task_is_named_until_it_ends(self, lines: Lines) -> None:
        bind_task(task_id="t1", task=tasks.sweep)
        logging.getLogger("x").warning("in")
        release_task()
        logging.getLogger("x").warning("after")
        inside, after = lines()
        assert (inside["task"], inside["task_id"]) == ("shopguard.tasks.sweep", "t1")
        assert "task" not in after

    def test_celery_leaves_logging_alone(self) -> None:
        before = list(logging.getLogger().handlers)
        app.log.setup_logging_subsystem()
        assert logging.getLogger().handlers == before


def broken(claim: Any) -> None:
    raise ValueError("no rate")


class TestFormats:
    """JSON for machines, lines for a terminal."""

    def written(self, log_format: str) -> str:
        config = logging_settings(log_format=log_format, level="INFO")
        handler = logging.StreamHandler(StringIO())
        handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=config["formatters"]["line"]["foreign_pre_chain"],
                processors=config["formatters"]["line"]["processors"],
            )
        )
        record = logging.LogRecord("x", logging.INFO, "x.py", 1, "梅子 %s", ("1",), None)
        return handler.format(record)

    def test_json_keeps_chinese_readable(self) -> None:
        assert json.loads(self.written("json"))["event"] == "梅子 1"
        assert "梅子" in self.written("json")

    def test_a_terminal_gets_a_line(self) -> None:
        text = self.written("console")
        assert "梅子 1" in text
        assert not text.startswith("{")

    def test_another_format_is_refused(self) -> None:
        with pytest.raises(ValueError, match="json or console"):
            logging_settings(log_format="xml", level="INFO")

    def test_django_takes_the_settings(self) -> None:
        dictConfig(logging_settings(log_format="console", level="INFO"))


def test_the_number_of_a_run_is_no_phone(db: None) -> None:
    assert scrubbed_text(str(Run(pk=13, day="2024-03-01", rule_set="x"))) == "2024-03-01 x #1"
