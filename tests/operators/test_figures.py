"""/metrics tells the operator how things stand, and nobody else anything."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from shopguard import figures
from stores.models import ImportBatch, OutboxMessage, Run, Shop, State, User
from tests.factories import fill
from tests.operators.conftest import make_run

pytestmark = pytest.mark.django_db

METRICS = "/metrics"


def value(client: Client, name: str, **labels: str) -> float:
    """One figure of the page; 0 when it is not there."""
    text = client.get(METRICS).text
    for line in text.splitlines():
        found = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
        if found and found[1] == name and labels_in(found[2] or "") == labels:
            return float(found[3])
    return 0.0


def labels_in(text: str) -> dict[str, str]:
    return dict(re.findall(r'(\w+)="([^"]*)"', text))


class TestWhoMayRead:
    """Loopback without a token; with one, whoever shows it."""

    def test_the_machine_itself_may(self, client: Client) -> None:
        assert client.get(METRICS).status_code == 200

    @pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.1", "", "?", "::ffff:1.2.3.4"])
    def test_others_may_not(self, client: Client, address: str) -> None:
        assert client.get(METRICS, REMOTE_ADDR=address).status_code == 404

    @pytest.mark.parametrize("header", figures.FORWARDED)
    def test_what_a_proxy_on_this_machine_forwards_may_not(
        self, client: Client, header: str
    ) -> None:
        assert client.get(METRICS, headers={header: "203.0.113.9"}).status_code == 404

    def test_with_a_token_only_who_shows_it(self, client: Client, settings: Settings) -> None:
        settings.METRICS_TOKEN = "prom-42"
        assert client.get(METRICS).status_code == 404
        for wrong in ("Bearer prom-43", "prom-42", "Basic prom-42", "Bearer "):
            assert client.get(METRICS, headers={"Authorization": wrong}).status_code == 404
        right = client.get(
            METRICS, headers={"Authorization": "Bearer prom-42"}, REMOTE_ADDR="203.0.113.9"
        )
        assert right.status_code == 200


def test_the_age_of_the_newest_run_and_how_last_night_stands(client: Client) -> None:
    assert value(client, "shopguard_run_age_seconds") == -1
    run = make_run()
    Run.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(hours=2))
    assert value(client, "shopguard_run_age_seconds") == pytest.approx(7200, abs=30)
    assert value(client, "shopguard_last_night", standing="none") == 1


def test_a_late_night_shows(client: Client, shop: Shop) -> None:
    Shop.objects.update(created_at=timezone.now() - timedelta(days=9))
    figure = "shopguard_last_night"
    standings = {name: value(client, figure, standing=name) for name in figures.STANDINGS}
    assert sum(standings.values()) == 1
    assert standings["late"] + standings["waiting"] == 1


def test_shards_by_step_and_state(client: Client) -> None:
    make_run(state=State.DONE_WITH_ERRORS, failed=1)
    assert value(client, "shopguard_shards", step="daily", state="failed") == 1
    assert value(client, "shopguard_shards", step="scores", state="done") == 3


def test_depth_and_age_of_the_outbox(client: Client) -> None:
    assert value(client, "shopguard_outbox_messages") == 0
    OutboxMessage.objects.create(key="k", topic="notice")
    OutboxMessage.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert value(client, "shopguard_outbox_messages") == 1
    assert value(client, "shopguard_outbox_age_seconds") == pytest.approx(300, abs=30)


def test_import_batches_by_kind_and_status(client: Client, shop: Shop) -> None:
    fill(ImportBatch, "x", shop=shop, kind="orders", status="applied")
    assert value(client, "shopguard_import_batches", kind="orders", status="applied") == 1


def test_requests_are_counted_by_view_and_status(client: Client) -> None:
    labels = {"view": "sign_in", "method": "GET", "status": "200"}
    before = value(client, "shopguard_requests_total", **labels)
    client.get("/sign-in/")
    assert value(client, "shopguard_requests_total", **labels) == before + 1
    assert value(client, "shopguard_request_seconds_count", view="sign_in") >= 1


def test_addresses_and_methods_of_strangers_make_no_new_figures(client: Client) -> None:
    client.get("/wp-login.php")
    client.generic("BREW", "/sign-in/")
    text = client.get(METRICS).text
    assert "wp-login" not in text
    assert "BREW" not in text
    assert 'method="OTHER"' in text


def test_no_figure_names_a_shop_or_a_person(client: Client, shop: Shop, alice: User) -> None:
    client.force_login(alice)
    client.get("/s/plum/score/")
    client.logout()
    text = client.get(METRICS).text
    assert "plum" not in text
    assert "alice" not in text


def test_more_runs_cost_no_more_queries(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(METRICS)
        return len(asked)

    make_run()
    few = queries()
    for sequence in range(2, 6):
        make_run(sequence=sequence)
    assert queries() == few <= 12


def test_a_lost_database_is_a_figure_and_not_an_error(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(**_: Any) -> None:
        raise figures.DatabaseError("gone")

    monkeypatch.setattr(figures, "last_night", lost)
    assert value(client, "shopguard_database_up") == 0
    assert client.get(METRICS).status_code == 200
