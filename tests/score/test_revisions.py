"""A result is written once; another result of the same date is another revision that says why."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from servicescore.models import ScoreRevision
from servicescore.services import scores as services
from servicescore.services.daily import days_rebuild
from servicescore.services.scores import scores_compute
from stores.models import Complaint, Order, Run, Shop
from tests.factories import START, at
from tests.score.landing import land, make_run, touch_anchor_days
from tests.score.markets import DAY, FEW, TWINS, random_market

pytestmark = pytest.mark.django_db
# The industry's shops of a random market, the twins among them.
CLOTHING = dict(FEW)["clothing"] + len(TWINS)


@pytest.fixture
def shops() -> dict[str, Shop]:
    """The clothing shops of a random market, with every day touched."""
    return land(random_market(5, FEW))


def compute(day: date = DAY, rule_set: str = "service-score-2022") -> int:
    """A run over the clothing shops; returns the revisions written."""
    run = make_run(day, rule_set)
    days_rebuild(run_id=run.pk, shop_ids=list(Shop.objects.values_list("pk", flat=True)))
    return scores_compute(run_id=run.pk, industry="clothing")


def newest(shop: Shop) -> ScoreRevision:
    """The last revision of the day."""
    found = ScoreRevision.objects.filter(shop=shop, date=DAY).order_by("revision").last()
    assert found is not None
    return found


def test_the_same_result_is_not_written_again(shops: dict[str, Shop]) -> None:
    """A second run finds nothing to say."""
    assert compute() == CLOTHING
    assert compute() == 0
    assert set(ScoreRevision.objects.values_list("revision", "cause")) == {(1, "first")}


def test_counting_every_day_again_changes_nothing(shops: dict[str, Shop]) -> None:
    """Not even the last bit."""
    compute()
    touch_anchor_days()
    assert compute() == 0


def test_a_late_fact_restates_its_shop_and_those_it_outranks() -> None:
    """The shop's revision names the facts, its peers' the peers."""
    land(random_market(5))
    compute()
    best = ScoreRevision.objects.filter(metrics__dispute_rate__percentile=1.0).first()
    assert best is not None
    signed = Order.objects.filter(shop=best.shop, signed_at__lt=at(DAY)).order_by("signed_at")
    refs = list(signed.values_list("external_id", flat=True))
    Complaint.objects.bulk_create(
        Complaint(
            shop=best.shop, external_id=f"late-{n}", order_ref=n, opened_at=START, as_of=START
        )
        for n in refs
    )
    touch_anchor_days()
    assert compute() > 1
    assert (newest(best.shop).cause, newest(best.shop).revision) == ("late_facts", 2)
    others = ScoreRevision.objects.filter(revision=2).exclude(shop=best.shop)
    assert set(others.values_list("cause", flat=True)) == {"peers"}


def test_rule_sets_have_revisions_of_their_own(shops: dict[str, Shop]) -> None:
    """The same date under two rule sets."""
    compute()
    assert compute(rule_set="shop-score") == CLOTHING
    first = ScoreRevision.objects.get(shop=shops["clothing-1"], rule_set="shop-score")
    assert (first.revision, first.cause) == (1, ScoreRevision.Cause.FIRST)
    assert "delivery_hours" in first.metrics


def test_changed_rules_are_the_cause(
    shops: dict[str, Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule file of another content has another hash."""
    compute()
    rules = services.compiled_score_rules("service-score-2022")
    monkeypatch.setattr(services, "compiled_score_rules", lambda _: Hashed(rules, "0" * 16))
    assert compute() == CLOTHING
    revision = newest(shops["clothing-1"])
    assert (revision.cause, revision.rule_hash) == (ScoreRevision.Cause.RULES_CHANGED, "0" * 16)


class Hashed:
    """Rules under another hash."""

    def __init__(self, rules: Any, rules_hash: str) -> None:
        self._rules = rules
        self.hash = rules_hash

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rules, name)


@pytest.mark.parametrize("statement", ["UPDATE {} SET total = 5", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_revision(shops: dict[str, Shop], statement: str) -> None:
    """Whoever asks."""
    compute()
    table = ScoreRevision._meta.db_table
    with (
        pytest.raises(IntegrityError, match="final"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_a_score_is_published_at_noon_when_its_run_has_ended(shops: dict[str, Shop]) -> None:
    """A past date at once."""
    compute()
    noon = datetime(DAY.year, DAY.month, DAY.day, 4, tzinfo=UTC)
    before = ScoreRevision.objects.published(noon - timedelta(seconds=1))
    assert not before.exists()
    assert ScoreRevision.objects.published(noon).count() == CLOTHING
    assert ScoreRevision.objects.finished().count() == CLOTHING


def test_a_score_of_an_open_run_is_nobodys_to_see(shops: dict[str, Shop]) -> None:
    """Even for staff, until the run has ended."""
    run = make_run(DAY, finished=False)
    scores_compute(run_id=run.pk, industry="clothing")
    assert not ScoreRevision.objects.finished().exists()
    Run.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    assert ScoreRevision.objects.published(timezone.now()).count() == CLOTHING
