"""recompute: what it computes, what it leaves alone, what it answers."""

import re
from datetime import date, timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from servicescore.models import DailyRow, ScoreRevision
from shopguard import nightly
from shopguard.lib.days import at_hour
from stores.models import Run, Shop, State, Touch
from stores.services.runs import run_advance
from tests.nightly.market import market_build, order_add

pytestmark = pytest.mark.django_db
DAY_ZERO = date(2024, 3, 1)
RULES = "service-score-2022"


def recompute(*words: str) -> str:
    """What the command wrote; its errors are raised."""
    out = StringIO()
    call_command("recompute", *words, stdout=out, stderr=out)
    return out.getvalue()


def today(*words: str) -> str:
    """The command for day zero."""
    return recompute("--date", str(DAY_ZERO), *words)


@pytest.fixture
def shops(db: None) -> list[Shop]:
    """Four shops with facts up to the day before day zero."""
    return market_build(shops=4, last=DAY_ZERO - timedelta(days=1))


def late_order(shop: Shop, *, back: int) -> None:
    """An order of an earlier day comes in now."""
    placed = at_hour(DAY_ZERO - timedelta(days=back), 9)
    order_add(shop, name=f"late-{back}", placed=placed, random=Random(1))


def test_every_shop_gets_its_score_and_a_summary_says_so(shops: list[Shop]) -> None:
    told = today()
    shards = nightly.shards_expected()
    computed = f"Computed {DAY_ZERO} by {RULES}: 1 day, {shards} shards; "
    assert f"{computed}4 of 4 shops have a total" in told
    assert ScoreRevision.objects.filter(date=DAY_ZERO, total__isnull=False).count() == 4


def test_days_counts_back_from_the_date(shops: list[Shop]) -> None:
    told = today("--days", "3")
    assert "Computed 2024-02-28 to 2024-03-01" in told
    assert set(Run.objects.values_list("day", flat=True)) == {
        DAY_ZERO - timedelta(days=back) for back in range(3)
    }


def test_another_rule_set_may_be_asked_for(shops: list[Shop]) -> None:
    today("--rule-set", "shop-score")
    assert set(ScoreRevision.objects.values_list("rule_set", flat=True)) == {"shop-score"}


def test_an_unknown_rule_set_is_refused_with_the_names_there_are(shops: list[Shop]) -> None:
    with pytest.raises(CommandError, match=RULES) as error:
        today("--rule-set", "nonsense")
    assert error.value.returncode == 2


def test_a_date_that_has_not_come_is_refused(shops: list[Shop]) -> None:
    with pytest.raises(CommandError, match="9999-01-01 has not come yet") as error:
        recompute("--date", "9999-01-01")
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    "words", [("--date", "2024-02-30"), ("--date", "2024-03-01", "--days", "0")]
)
def test_nonsense_is_refused_with_the_way_to_write_it(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"(not a date|not a number of days)"):
        recompute(*words)


def test_without_any_shop_it_says_what_to_do_first(db: None) -> None:
    with pytest.raises(CommandError, match="import_data shops") as error:
        today()
    assert error.value.returncode == 2
    assert not Run.objects.exists()


def test_a_shop_with_nothing_has_a_state_instead_of_a_total(shop: Shop) -> None:
    told = today()
    assert "0 of 1 shops have a total on 2024-03-01 (1 too_few_orders)" in told
    assert ScoreRevision.objects.get().total is None


def test_the_same_again_is_a_new_run_and_no_new_revision(shops: list[Shop]) -> None:
    today()
    before = ScoreRevision.objects.count()
    today()
    assert list(Run.objects.order_by("pk").values_list("sequence", flat=True)) == [1, 2]
    assert ScoreRevision.objects.count() == before


def test_late_facts_restate_a_computed_date_and_name_the_cause(shops: list[Shop]) -> None:
    today()
    late_order(shops[0], back=20)
    today()
    causes = dict(ScoreRevision.objects.filter(revision=2).values_list("shop_id", "cause"))
    assert causes[shops[0].pk] == ScoreRevision.Cause.LATE_FACTS
    assert set(causes.values()) <= {ScoreRevision.Cause.LATE_FACTS, ScoreRevision.Cause.PEERS}
    assert not set(causes) & {shop.pk for shop in shops if shop.industry != shops[0].industry}
    assert ScoreRevision.objects.filter(shop=shops[0], revision=1).exists()


def test_a_run_that_is_under_way_is_ended_and_another_one_sees_what_came_since(
    shops: list[Shop],
) -> None:
    rules = nightly.score_book().in_force(DAY_ZERO)
    run = nightly.run_for(day=DAY_ZERO, rules=rules, trigger=Run.Trigger.NIGHTLY)
    for shard_id in run_advance(run_id=run.pk, planners=nightly.planners()):
        nightly.shard_work(shard_id=shard_id)
    late_order(shops[0], back=20)
    today()
    ended = Run.objects.order_by("pk").values_list("sequence", "state")
    assert list(ended) == [(1, State.DONE), (2, State.DONE)]
    assert not Touch.objects.filter(consumed_by=None).exists()


def test_only_touched_days_are_counted_again(shops: list[Shop]) -> None:
    today()
    before = dict(DailyRow.objects.values_list("pk", "day"))
    late_order(shops[0], back=20)
    touched = set(Touch.objects.filter(consumed_by=None).values_list("day", flat=True))
    today()
    after = dict(DailyRow.objects.values_list("pk", "day"))
    assert {day for pk, day in before.items() if pk not in after} == touched
    assert {day for pk, day in after.items() if pk not in before} == touched
    assert not Touch.objects.filter(consumed_by=None).exists()


def test_a_date_without_new_facts_reads_no_fact_for_its_scores(
    shops: list[Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search for findings looks at its whole window every night, so it stays away here."""
    others = tuple(step for step in nightly.STEPS if step.name != nightly.FINDINGS)
    monkeypatch.setattr(nightly, "STEPS", others)
    today()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        today()
    facts = re.compile(
        r"\b(stores_order|stores_review|stores_complaint|aftersales_aftersalecase)\b"
    )
    assert not [query for query in queries if facts.search(query["sql"])]


def test_a_shard_that_fails_is_named_and_the_rest_is_computed(
    shops: list[Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = nightly.scores_compute

    def poisoned(*, run_id: int, industry: str) -> int:
        if industry == "home":
            raise ValueError("a poisoned industry")
        return real(run_id=run_id, industry=industry)

    monkeypatch.setattr(nightly, "scores_compute", poisoned)
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("recompute", "--date", str(DAY_ZERO), stdout=out, stderr=out)
    assert end.value.code == 1
    assert "scores home failed: ValueError: a poisoned industry" in out.getvalue()
    assert Run.objects.get().state == State.DONE_WITH_ERRORS
    assert ScoreRevision.objects.count() == 2


def test_quiet_says_nothing(shops: list[Shop]) -> None:
    assert today("--quiet") == ""
