"""When a night begins, and what the scheduler and the workers are told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from shopguard import nightly
from shopguard.celery import app
from stores.models import OutboxMessage, Run, Shard, Shop, State, Step
from stores.services.runs import shards_to_ring
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)
HALF_PAST_MIDNIGHT = datetime(2024, 2, 29, 16, 30, tzinfo=UTC)


@pytest.fixture
def shops(db: None) -> list[Shop]:
    """Two shops that have been here for two nights."""
    made = [make_shop("plum"), make_shop("birch")]
    Shop.objects.update(created_at=HALF_PAST_MIDNIGHT - timedelta(days=1, hours=1))
    return made


def days_with_runs() -> list[date]:
    return list(Run.objects.order_by("day").values_list("day", flat=True))


def test_the_scheduler_rings_at_half_past_midnight_by_the_clocks_of_shanghai() -> None:
    nightly_entry = app.conf.beat_schedule["nightly"]
    due = nightly_entry["schedule"]
    assert (due.hour, due.minute) == ({0}, {30})
    assert app.conf.timezone == "Asia/Shanghai"
    app.loader.import_default_modules()
    assert nightly_entry["task"] in app.tasks
    assert app.conf.beat_schedule["sweep"]["task"] in app.tasks


def test_a_night_begins_when_it_is_due_and_not_before(shops: list[Shop]) -> None:
    nightly.nights_start(now=HALF_PAST_MIDNIGHT - timedelta(seconds=1))
    assert days_with_runs() == [DAY - timedelta(days=1)]
    nightly.nights_start(now=HALF_PAST_MIDNIGHT)
    assert days_with_runs() == [DAY - timedelta(days=1), DAY]


def test_a_night_is_begun_once_however_often_it_is_asked_for(shops: list[Shop]) -> None:
    first = nightly.nights_start(now=HALF_PAST_MIDNIGHT)
    assert len(first) == 2
    assert nightly.nights_start(now=HALF_PAST_MIDNIGHT) == []
    assert Run.objects.count() == 2
    assert Step.objects.count() == 2 * len(nightly.STEPS)


def test_a_missed_night_is_made_up_for_hours_later(shops: list[Shop]) -> None:
    nightly.sweep(now=HALF_PAST_MIDNIGHT + timedelta(hours=8))
    assert days_with_runs() == [DAY - timedelta(days=1), DAY]


def test_nights_before_the_first_shop_came_have_no_run(shops: list[Shop]) -> None:
    Shop.objects.update(created_at=HALF_PAST_MIDNIGHT - timedelta(hours=1))
    nightly.nights_start(now=HALF_PAST_MIDNIGHT)
    assert days_with_runs() == [DAY]


def test_without_shops_no_night_begins(db: None) -> None:
    nightly.sweep(now=HALF_PAST_MIDNIGHT)
    assert not Run.objects.exists()


def test_a_recomputation_after_the_night_was_due_serves_it(shops: list[Shop]) -> None:
    rules = nightly.score_book().in_force(DAY)
    run = nightly.run_for(day=DAY, rules=rules, trigger=Run.Trigger.RECOMPUTE)
    Run.objects.filter(pk=run.pk).update(created_at=HALF_PAST_MIDNIGHT + timedelta(hours=1))
    nightly.nights_start(now=HALF_PAST_MIDNIGHT + timedelta(hours=2))
    assert Run.objects.filter(day=DAY).count() == 1


def test_sweeping_brings_a_night_without_any_message_to_its_end(shops: list[Shop]) -> None:
    Shop.objects.update(created_at=HALF_PAST_MIDNIGHT - timedelta(hours=1))
    for _ in range(len(nightly.STEPS) + 2):
        nightly.sweep(now=HALF_PAST_MIDNIGHT)
        for shard_id in shards_to_ring():
            nightly.shard_work(shard_id=shard_id)
    assert Run.objects.get().state == State.DONE
    assert set(Shard.objects.values_list("state", flat=True)) == {State.DONE}
    assert OutboxMessage.objects.filter(key__startswith="run-finished:").count() == 1


def test_two_recomputations_at_once_work_one_run_together(shops: list[Shop]) -> None:
    rules = nightly.score_book().in_force(DAY)
    first = nightly.run_for(day=DAY, rules=rules, trigger=Run.Trigger.RECOMPUTE)
    second = nightly.run_for(day=DAY, rules=rules, trigger=Run.Trigger.RECOMPUTE)
    assert first.pk == second.pk
    told: list[int] = []
    nightly.run_in_foreground(run_id=first.pk, told=told.append)
    assert nightly.run_in_foreground(run_id=second.pk, told=told.append).state == State.DONE
    assert sum(told) == Shard.objects.count()


def test_workers_are_told_what_keeps_a_lost_message_harmless() -> None:
    conf = app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.task_ignore_result
    assert conf.result_backend is None
    assert conf.worker_prefetch_multiplier == 1
    assert conf.broker_connection_retry_on_startup
    assert conf.broker_connection_max_retries is None
    assert conf.accept_content == ["json"]
    assert conf.enable_utc


def test_the_limits_of_time_stand_in_the_right_order() -> None:
    told = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_TASK_TIME_LIMIT < settings.SHARD_LEASE_SECONDS
    # An import can wait for what a frozen shard holds without running out of attempts.
    patience = settings.IMPORT_LEASE_SECONDS * settings.IMPORT_MAX_ATTEMPTS
    assert patience > settings.SHARD_LEASE_SECONDS
    assert told["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
    assert told["unacked_restore_throttle"] == 1
    assert told["socket_timeout"] > told["socket_connect_timeout"]


def test_the_clock_of_the_day_is_the_worlds_and_shown_in_shanghai() -> None:
    assert timezone.now().tzinfo == UTC
    assert settings.TIME_ZONE == "Asia/Shanghai"
