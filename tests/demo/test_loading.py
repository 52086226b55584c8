"""The demo goes through the importers and the night's own steps, once."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from aftersales.selectors.shipping import PARCELS, is_stuck
from servicescore.models import ScoreRevision
from shopguard import demo_late, demo_loading
from shopguard.demo import cast, generate
from shopguard.demo_signals import signals_laid
from shopguard.lib.days import at_hour
from stores.models import (
    AuditEntry,
    ImportBatch,
    Membership,
    Order,
    Parcel,
    Run,
    Shop,
    Touch,
    User,
)
from tests.conftest import DAY_ZERO
from tests.demo.scoring import Market
from tests.factories import make_shop, make_user

pytestmark = pytest.mark.django_db(transaction=True)
DATES = 3
SHOPS = 8
WITH_STEADY = 10


@pytest.fixture(autouse=True)
def short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Just what the score dates look back on."""
    monkeypatch.setattr(generate, "DAYS_OF_FACTS", 180 + DATES)


def seed(**options: Any) -> str:
    said = StringIO()
    wanted = {"date": DAY_ZERO, "shops": SHOPS, "score_dates": DATES} | options
    call_command("seed_demo", stdout=said, **wanted)
    return said.getvalue()


def counts() -> dict[str, int]:
    models = (Shop, Order, ScoreRevision, Run, ImportBatch, AuditEntry, User, Membership)
    return {model.__name__: model._default_manager.count() for model in models}


def market_again(folder: Path, shops: int) -> Market:
    """The market as it is handed in, read once more by code that shares nothing with the house."""
    written = generate.write(folder, DAY_ZERO, shop_limit=shops)
    for plain, handed_in in zip(written, signals_laid(written, DAY_ZERO), strict=True):
        handed_in.path.replace(plain.path)
    return Market(folder, DAY_ZERO, days=generate.DAYS_OF_FACTS)


def test_every_row_lands_and_the_scores_are_those_of_a_second_reading(tmp_path: Path) -> None:
    seed()
    batches = ImportBatch.objects.all()
    brought = {"freight_statement", "parcels"}
    assert {batch.kind for batch in batches} == {*generate.KINDS, *brought}
    assert {(batch.rejected, batch.status) for batch in batches} == {(0, "applied")}
    assert not Touch.objects.filter(consumed_by=None, batch__isnull=False).exists()

    market = market_again(tmp_path, SHOPS)
    for back in range(DATES):
        day = DAY_ZERO - timedelta(days=back)
        stored = dict(
            ScoreRevision.objects.filter(date=day).values_list("shop__external_id", "total")
        )
        scores = market.scores(back)
        for shop, total in stored.items():
            assert total == (None if total is None else pytest.approx(scores.of(shop), abs=1e-6))
        assert sum(total is not None for total in stored.values()) == 5
    stuck = Parcel.objects.filter(is_stuck("", at_hour(DAY_ZERO, 12)))
    assert set(stuck.values_list("status", flat=True)) == set(PARCELS)
    states = set(ScoreRevision.objects.values_list("state", flat=True))
    assert states == {"scored", "too_few_orders", "too_few_dimensions", "industry_not_scored"}


def test_a_score_that_reviews_came_too_late_for_has_its_earlier_computation_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_late, "DATES_BACK", 1)
    seed(shops=WITH_STEADY)
    day = DAY_ZERO - timedelta(days=1)
    steady = ScoreRevision.objects.filter(shop__external_id=cast.STEADY)
    first, second = steady.filter(date=day).order_by("revision")
    assert (first.cause, second.cause) == ("first", "late_facts")
    ratings = [score.metrics["product_rating"]["n"] for score in (first, second)]
    assert ratings[0] < ratings[1]
    assert steady.exclude(date=day).count() == DATES - 1
    assert not Touch.objects.filter(consumed_by=None, batch__isnull=False).exists()

    market = market_again(tmp_path, WITH_STEADY)
    assert second.total == pytest.approx(market.scores(1).of(cast.STEADY), abs=1e-6)


def test_the_people_sign_in_and_see_their_shops() -> None:
    seed()
    seen = {
        person.username: {
            member.shop.external_id
            for member in Membership.objects.filter(user__username=person.username)
            if member.role == person.role
        }
        for person in cast.DEMO_SIGN_INS
    }
    here = set(Shop.objects.values_list("external_id", flat=True))
    assert seen == {person.username: set(person.shops) & here for person in cast.DEMO_SIGN_INS}
    assert User.objects.get(username="dora").is_staff
    for person in cast.DEMO_SIGN_INS:
        assert Client().login(username=person.username, password=person.password)


def test_a_second_call_changes_nothing_whatever_the_day() -> None:
    seed()
    before = counts()
    assert "as of 2024-03-01" in seed()
    assert "as of 2024-03-01" in seed(date=None, shops=None)
    assert counts() == before


def test_a_killed_load_is_taken_up_with_its_own_day(monkeypatch: pytest.MonkeyPatch) -> None:
    worked = demo_loading._score

    def killed(day: date, **options: Any) -> None:
        if day == DAY_ZERO:
            raise KeyboardInterrupt
        worked(day, **options)

    monkeypatch.setattr(demo_loading, "_score", killed)
    with pytest.raises(KeyboardInterrupt):
        seed()
    assert not demo_loading.is_loaded()
    assert not User.objects.exists()
    orders = Order.objects.count()

    monkeypatch.setattr(demo_loading, "_score", worked)
    with pytest.raises(CommandError, match="begun and not ended"):
        seed(date=DAY_ZERO - timedelta(days=1))
    seed(date=None, shops=None)
    assert demo_loading.is_loaded()
    assert Order.objects.count() == orders
    assert Run.objects.count() == DATES
    assert ScoreRevision.objects.filter(date=DAY_ZERO).count() == SHOPS


def test_a_database_with_shops_of_its_own_gets_no_demo() -> None:
    make_shop("plum")
    assert "shops in this database already" in seed()
    assert counts()["Order"] == 0


def test_a_taken_name_keeps_the_demo_out() -> None:
    make_user("alice")
    assert "alice" in seed()
    assert not Shop.objects.exists()


def test_without_demo_sign_ins_there_is_no_demo(settings: Any) -> None:
    settings.DEMO_SIGN_IN = False
    assert "DEMO_SIGN_IN is off" in seed()
    assert not Shop.objects.exists()


@pytest.mark.parametrize(
    "option", [["--shops", "3"], ["--date", "1 March"], ["--date", "2999-01-01"]]
)
def test_wrong_arguments_are_refused(option: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("seed_demo", *option)
    assert not AuditEntry.objects.exists()
