"""What failed can be tried again by an admin: through the ledger, with an audit row."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from servicescore.models import ScoreRevision
from servicescore.rules import score_book
from shopguard import nightly
from stores.models import AuditEntry, OutboxMessage, Run, Shard, Shop, State, User
from stores.selectors.invariants import runs_checked
from stores.services.audit import audit_verify
from stores.services.outbox import Topic
from stores.services.retries import RetryRefusedError, shard_retry
from stores.services.runs import run_advance, shards_to_ring
from tests.conftest import DAY_ZERO
from tests.nightly.market import market_build

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


def failed_shard() -> Shard:
    return Shard.objects.get(state=State.FAILED)


def test_a_failed_shard_of_an_open_run_gets_its_attempts_back(dora: User, open_run: Run) -> None:
    shard = shard_retry(actor=dora, shard_id=failed_shard().pk)
    shard.refresh_from_db()
    assert (shard.state, shard.attempts, shard.finished_at) == (State.PENDING, 0, None)
    message = OutboxMessage.objects.get()
    assert (message.topic, message.payload) == (Topic.SHARDS_RING, {"step": shard.step_id})
    assert shards_to_ring(step_id=shard.step_id) == [shard.pk]


def test_a_retry_leaves_an_audit_row_with_the_reason_it_failed(dora: User, open_run: Run) -> None:
    shard = failed_shard()
    shard_retry(actor=dora, shard_id=shard.pk)
    row = AuditEntry.objects.get()
    assert (row.actor, row.action, row.object_id) == ("dora", "shard.retry", str(shard.pk))
    assert row.before["attempts"] == 3
    assert "no rate" in row.after["failed_with"]
    assert audit_verify().is_intact


@pytest.mark.parametrize("state", [State.PENDING, State.RUNNING, State.DONE])
def test_a_shard_that_did_not_fail_is_not_tried_again(
    dora: User, open_run: Run, state: State
) -> None:
    shard = failed_shard()
    Shard.objects.filter(pk=shard.pk).update(state=state)
    with pytest.raises(RetryRefusedError):
        shard_retry(actor=dora, shard_id=shard.pk)
    assert AuditEntry.objects.count() == 0


def test_a_shard_of_an_ended_run_is_not_opened_again(dora: User, broken_run: Run) -> None:
    """Its scores are out; reopening would take them back until it ends."""
    with pytest.raises(RetryRefusedError, match="再运行一次"):
        shard_retry(actor=dora, shard_id=failed_shard().pk)
    assert failed_shard().attempts == 3


def test_the_button_of_a_shard_leads_back_to_its_run(
    signed_in: SignedIn, dora: User, open_run: Run
) -> None:
    client = signed_in(dora)
    page = client.get(reverse("desk:run", args=[open_run.pk])).text
    action = reverse("desk:shard_retry", args=[failed_shard().pk])
    assert action in page
    answer = client.post(action, follow=True)
    assert answer.redirect_chain == [(reverse("desk:run", args=[open_run.pk]), 302)]
    assert "已排队重试" in answer.text


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_nobody_else_tries_again(
    signed_in: SignedIn, request: pytest.FixtureRequest, open_run: Run, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.post(reverse("desk:shard_retry", args=[failed_shard().pk])).status_code == 404
    assert client.post(reverse("desk:run_retry", args=[open_run.pk])).status_code == 404
    assert failed_shard().attempts == 3


def test_unknown_ids_do_not_exist(signed_in: SignedIn, dora: User) -> None:
    client = signed_in(dora)
    assert client.post(reverse("desk:shard_retry", args=[404])).status_code == 404
    assert client.post(reverse("desk:run_retry", args=[404])).status_code == 404


def test_a_run_without_errors_is_not_run_again(
    signed_in: SignedIn, dora: User, broken_run: Run
) -> None:
    Run.objects.update(state=State.DONE)
    answer = signed_in(dora).post(reverse("desk:run_retry", args=[broken_run.pk]), follow=True)
    assert "没有出错" in answer.text
    assert Run.objects.count() == 1


def test_running_again_twice_begins_one_run(
    signed_in: SignedIn, dora: User, broken_run: Run, shop: Shop
) -> None:
    client = signed_in(dora)
    for _ in range(2):
        client.post(reverse("desk:run_retry", args=[broken_run.pk]))
    assert Run.objects.count() == 2
    assert Run.objects.filter(state=State.RUNNING).count() == 1


class TestADayWhoseIndustryFailed:
    """The whole way: an industry fails, an admin runs the day again, its shops get their score."""

    @pytest.fixture
    def failed_night(self, db: None, monkeypatch: pytest.MonkeyPatch) -> Run:
        market_build(shops=4, last=date(2024, 2, 29), days=40)
        rules = score_book().in_force(DAY_ZERO)
        work = nightly.compute_scores

        def breaks_for_home(claim: Any) -> None:
            if claim.key == "home":
                raise ValueError("no rate")
            work(claim)

        steps = (nightly.STEPS[0], nightly.Step("scores", nightly.industries, breaks_for_home))
        with monkeypatch.context() as patch:
            patch.setattr(nightly, "STEPS", steps)
            run = nightly.run_for(day=DAY_ZERO, rules=rules, trigger=Run.Trigger.NIGHTLY)
            return nightly.run_in_foreground(run_id=run.pk, told=lambda _: None)

    def scored(self) -> set[str]:
        return set(ScoreRevision.objects.values_list("shop__industry", flat=True))

    def test_running_again_scores_what_was_missing_and_leaves_the_rest(
        self, failed_night: Run, dora: User, signed_in: SignedIn
    ) -> None:
        assert failed_night.state == State.DONE_WITH_ERRORS
        assert self.scored() == {"womens_clothing"}
        before = set(ScoreRevision.objects.values_list("pk", flat=True))
        signed_in(dora).post(reverse("desk:run_retry", args=[failed_night.pk]))
        again = Run.objects.latest("pk")
        assert ScoreRevision.objects.finished().count() == len(before)
        nightly.run_in_foreground(run_id=again.pk, told=lambda _: None)
        assert self.scored() == {"womens_clothing", "home"}
        assert before < set(ScoreRevision.objects.values_list("pk", flat=True))
        assert ScoreRevision.objects.filter(revision=2).count() == 0
        assert runs_checked().breaches == []

    def test_it_is_audited_and_its_first_shards_are_rung_for(
        self, failed_night: Run, dora: User, signed_in: SignedIn
    ) -> None:
        signed_in(dora).post(reverse("desk:run_retry", args=[failed_night.pk]))
        again = Run.objects.latest("pk")
        row = AuditEntry.objects.get(action="run.retry")
        assert (row.actor, row.object_id) == ("dora", str(failed_night.pk))
        assert row.after["id"] == again.pk
        step = again.steps.get(name="daily")
        assert step.state == State.RUNNING
        assert OutboxMessage.objects.filter(key=f"step-opened:{step.pk}").exists()

    def test_the_page_of_the_failed_run_points_to_the_newer_one(
        self, failed_night: Run, dora: User, signed_in: SignedIn
    ) -> None:
        client = signed_in(dora)
        path = reverse("desk:run", args=[failed_night.pk])
        button = reverse("desk:run_retry", args=[failed_night.pk])
        assert button in client.get(path).text
        client.post(button)
        page = client.get(path).text
        assert button not in page
        assert reverse("desk:run", args=[Run.objects.latest("pk").pk]) in page

    def test_a_run_with_a_later_one_is_not_run_again(
        self, failed_night: Run, dora: User, signed_in: SignedIn
    ) -> None:
        client = signed_in(dora)
        client.post(reverse("desk:run_retry", args=[failed_night.pk]))
        nightly.run_in_foreground(run_id=Run.objects.latest("pk").pk, told=lambda _: None)
        answer = client.post(reverse("desk:run_retry", args=[failed_night.pk]), follow=True)
        assert "已经又运行过" in answer.text
        assert Run.objects.count() == 2


def test_a_run_of_rules_that_are_gone_says_so(
    signed_in: SignedIn, dora: User, broken_run: Run
) -> None:
    Run.objects.update(rule_set="service-score-1999")
    answer = signed_in(dora).post(reverse("desk:run_retry", args=[broken_run.pk]), follow=True)
    assert "service-score-1999" in answer.text
    assert Run.objects.count() == 1


def test_a_retried_shard_is_worked_and_the_run_goes_on(dora: User, open_run: Run) -> None:
    shard = shard_retry(actor=dora, shard_id=failed_shard().pk)
    nightly.shard_work(shard_id=shard.pk)
    run_advance(run_id=open_run.pk, planners=nightly.planners())
    open_run.refresh_from_db()
    assert open_run.state == State.DONE
