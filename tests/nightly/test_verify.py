"""verify and nightly_status: what they say of sound data, and of data somebody tampered with."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from servicescore.models import DailyRow, ScoreRevision
from shopguard.lib.days import at_hour
from stores.models import ImportBatch, ImportChunk, Order, OutboxMessage, Run, Shard, Shop, State
from tests.nightly.market import market_build, order_add

pytestmark = pytest.mark.django_db
DAY_ZERO = date(2024, 3, 1)


@pytest.fixture
def shops(db: None) -> list[Shop]:
    """Four shops with the scores of two days."""
    shops = market_build(shops=4, last=DAY_ZERO - timedelta(days=1))
    call_command("recompute", "--date", str(DAY_ZERO), "--days", "2", "--quiet")
    return shops


def verify() -> tuple[int, str]:
    """Exit code and everything said."""
    out = StringIO()
    try:
        call_command("verify", stdout=out, stderr=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def tamper(statement: str) -> None:
    """What the product cannot do: change a revision behind the trigger's back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no check may be pending on the table
        cursor.execute("ALTER TABLE servicescore_scorerevision DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE servicescore_scorerevision ENABLE TRIGGER USER")


def test_sound_data_passes_and_every_score_is_counted_from_the_facts(shops: list[Shop]) -> None:
    code, told = verify()
    assert code == 0
    assert "I1 ok: stored scores equal their computation: 8 from the facts, 0 from receipts" in told
    assert "All invariants hold." in told


def test_an_empty_database_passes(db: None) -> None:
    assert verify()[0] == 0


def test_a_score_that_was_altered_breaks_i1(shops: list[Shop]) -> None:
    tamper(
        "UPDATE servicescore_scorerevision SET total = total + 0.00000001 WHERE shop_id ="
        f" {shops[0].pk} AND date = '{DAY_ZERO}'"
    )
    code, told = verify()
    assert code == 1
    assert "I1 BROKEN (1)" in told
    assert "differs from its facts in total" in told
    assert "Broken: I1." in told


def test_a_daily_row_that_was_altered_shows_in_no_score_until_one_is_computed(
    shops: list[Shop],
) -> None:
    DailyRow.objects.filter(shop=shops[0]).update(signed_orders=99)
    assert verify()[0] == 0
    call_command("recompute", "--date", str(DAY_ZERO), "--quiet")
    assert "signed_orders" in verify()[1]


def test_a_fact_that_changed_without_a_touch_breaks_i1(shops: list[Shop]) -> None:
    order = Order.objects.filter(shop=shops[0], signed_at__isnull=False).first()
    assert order is not None
    order.delete()
    assert verify()[0] == 1


def test_scores_touched_since_are_computed_from_their_receipts_and_listed(
    shops: list[Shop],
) -> None:
    placed = at_hour(DAY_ZERO - timedelta(days=20), 9)
    order_add(shops[0], name="late", placed=placed, random=Random(1))
    code, told = verify()
    assert code == 0
    assert "4 from the facts, 4 from receipts" in told
    assert f"{DAY_ZERO} {shops[0].industry}: facts of" in told
    tamper(f"UPDATE servicescore_scorerevision SET stars = 1 WHERE shop_id = {shops[0].pk}")
    assert "differs from its receipt in stars" in verify()[1]


def test_earlier_revisions_follow_from_their_receipts(shops: list[Shop]) -> None:
    placed = at_hour(DAY_ZERO - timedelta(days=20), 9)
    order_add(shops[0], name="late", placed=placed, random=Random(1))
    call_command("recompute", "--date", str(DAY_ZERO), "--quiet")
    assert ScoreRevision.objects.filter(revision=2).exists()
    assert verify()[0] == 0
    tamper(
        f"UPDATE servicescore_scorerevision SET total = 1 WHERE shop_id = {shops[0].pk}"
        f" AND date = '{DAY_ZERO}' AND revision = 1"
    )
    assert "r1) differs from its receipt in total" in verify()[1]


def test_an_import_whose_rows_have_no_fate_breaks_i2(db: None) -> None:
    batch = ImportBatch.objects.create(
        kind="orders", file_name="o.csv", content_hash="0", as_of=timezone.now(),
        status=ImportBatch.Status.APPLIED, rows=3, new=3,
    )  # fmt: skip
    ImportChunk.objects.create(
        batch=batch, number=1, rows=3, new=2, changed=0, unchanged=0, rejected=0, warnings=0
    )
    code, told = verify()
    assert code == 1
    assert "I2 BROKEN" in told
    assert "3 rows are not the sum of their fates" in told
    assert f"import {batch.pk}: its counts are not the sums of its chunks" in told


BREAKS: dict[str, Callable[[Run], object]] = {
    "has ended before its steps": lambda run: run.steps.update(state=State.RUNNING),
    "is done although a shard failed": lambda run: Shard.objects.filter(step__run=run).update(
        state=State.FAILED, error="a reason"
    ),
    "failed without a reason": lambda run: Shard.objects.filter(step__run=run).update(
        state=State.FAILED, error=""
    ),
    "runs without a worker": lambda run: Shard.objects.filter(step__run=run).update(
        state=State.RUNNING, lease_until=timezone.now() - timedelta(hours=1)
    ),
    "with end None": lambda run: Run.objects.filter(pk=run.pk).update(finished_at=None),
}


@pytest.mark.parametrize("words", BREAKS)
def test_a_ledger_that_disagrees_with_itself_breaks_i4(shops: list[Shop], words: str) -> None:
    BREAKS[words](Run.objects.get(day=DAY_ZERO))
    code, told = verify()
    assert code == 1
    assert "I4 BROKEN" in told
    assert words in told


def test_a_night_whose_end_was_never_told_breaks_i5(shops: list[Shop]) -> None:
    Run.objects.update(trigger=Run.Trigger.NIGHTLY)
    OutboxMessage.objects.all().delete()
    assert "I5 BROKEN (2)" in verify()[1]


def test_nightly_status_shows_the_newest_run_step_by_step(shops: list[Shop]) -> None:
    out = StringIO()
    call_command("nightly_status", stdout=out)
    told = out.getvalue()
    assert f"{DAY_ZERO} service-score-2022 #1 (recompute): done" in told
    assert "daily: done, 1 of 1 shards done" in told
    assert "scores: done, 2 of 2 shards done" in told


def test_nightly_status_says_when_there_is_no_run(db: None) -> None:
    out = StringIO()
    call_command("nightly_status", stdout=out)
    assert "No run yet" in out.getvalue()
