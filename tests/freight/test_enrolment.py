"""Cover is opened after reading, suspended and resumed by the night, and closed at any time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from freightins.models import Consent, Enrolment, EnrolmentEvent
from freightins.selectors.choices import choices_now
from freightins.selectors.enrolments import cover_at
from freightins.services.enrolments import (
    OpeningRefusedError,
    agreement_version,
    enrolment_close,
    enrolment_open,
    enrolments_review,
)
from shopguard.lib.days import at_hour
from stores.models import AuditEntry, Product, Shop, User
from tests.factories import START
from tests.freight.conftest import quoted

DAY = date(2024, 3, 1)
AFTER_NOON = datetime(2024, 3, 1, 5, 0, tzinfo=UTC)
MIDNIGHT = datetime(2024, 3, 1, 16, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SERVICE, INSURANCE = Enrolment.Product.SERVICE, Enrolment.Product.INSURANCE
ACTIVE, SUSPENDED, CLOSED = "active", "suspended", "closed"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The shop, set up."""
    shop.base_settings_complete = True
    shop.save()
    return shop


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[time_machine.Traveller]:
    """An hour after the scores of day zero were published."""
    with time_machine.travel(AFTER_NOON, tick=False) as traveller:
        yield traveller


def opened(actor: User, shop: Shop, product: str = SERVICE, **given: object) -> Enrolment:
    version = agreement_version(AFTER_NOON)
    accepted = {"service": version, "terms": version}
    return enrolment_open(
        actor=actor, shop=shop, product=product, **{"accepted": accepted, **given}
    )


def night(shop: Shop, day: date, total: float | None) -> None:
    """The night of a day, at half past midnight by the clocks of Shanghai."""
    with time_machine.travel(at_hour(day, 0) + HOUR / 2, tick=False):
        run = quoted(shop, day, total)
        enrolments_review(run_id=run.pk, shop_ids=[shop.pk])


def test_opening_covers_the_whole_shop_and_keeps_what_was_accepted(shop: Shop, alice: User) -> None:
    enrolment = opened(alice, shop)
    assert cover_at(shop=shop, now=AFTER_NOON).state == ACTIVE
    assert choices_now(shop=shop) == {("shop", ""): True}
    kept = Consent.objects.filter(enrolment=enrolment).values_list(
        "agreement", "version", "accepted_by", "accepted_at"
    )
    version = agreement_version(AFTER_NOON)
    assert sorted(kept) == [
        ("service", version, "alice", AFTER_NOON),
        ("terms", version, "alice", AFTER_NOON),
    ]
    assert AuditEntry.objects.filter(action="enrolment.open", shop=shop).count() == 1


def test_opening_for_some_products_covers_only_those(shop: Shop, alice: User) -> None:
    Product.objects.create(shop=shop, external_id="p1", as_of=START)
    opened(alice, shop, products=["p1"])
    assert choices_now(shop=shop) == {("shop", ""): False, ("product", "p1"): True}


@pytest.mark.parametrize("accepted", [{}, {"service": "x"}, {"service": "v", "terms": "older"}])
def test_both_agreements_are_read_in_their_present_version(
    shop: Shop, alice: User, accepted: dict[str, str]
) -> None:
    with pytest.raises(OpeningRefusedError, match="not_accepted"):
        opened(alice, shop, accepted=accepted)
    assert not Enrolment.objects.exists()


def test_a_second_opening_is_refused(shop: Shop, alice: User) -> None:
    opened(alice, shop)
    with pytest.raises(OpeningRefusedError, match="already_open"):
        opened(alice, shop)


def test_insurance_asks_for_a_score_and_the_service_does_not(shop: Shop, alice: User) -> None:
    quoted(shop, DAY, 4.59)
    with pytest.raises(OpeningRefusedError) as refusal:
        opened(alice, shop, INSURANCE)
    assert refusal.value.failed == ["total"]
    assert opened(alice, shop, SERVICE).product == SERVICE


def test_a_shop_that_is_not_open_gets_neither(shop: Shop, alice: User) -> None:
    shop.status = "closed"
    shop.save()
    with pytest.raises(OpeningRefusedError) as refusal:
        opened(alice, shop)
    assert refusal.value.failed == ["shop_open"]


def test_lost_eligibility_suspends_from_noon_and_resumes_by_itself(shop: Shop, alice: User) -> None:
    quoted(shop, DAY, 4.7)
    opened(alice, shop, INSURANCE)
    night(shop, date(2024, 3, 2), 4.5)
    noon = at_hour(date(2024, 3, 2), 12)
    assert cover_at(shop=shop, now=noon - timedelta(seconds=1)).state == ACTIVE
    suspended = cover_at(shop=shop, now=noon)
    assert suspended.state == SUSPENDED
    assert suspended.event is not None
    assert suspended.event.reasons == ["total"]
    night(shop, date(2024, 3, 3), 4.6)
    assert cover_at(shop=shop, now=at_hour(date(2024, 3, 3), 11)).state == SUSPENDED
    assert cover_at(shop=shop, now=at_hour(date(2024, 3, 3), 12)).state == ACTIVE


def test_the_service_is_suspended_only_while_the_shop_is_not_open(shop: Shop, alice: User) -> None:
    opened(alice, shop)
    night(shop, date(2024, 3, 2), 3.2)
    assert EnrolmentEvent.objects.count() == 1
    Shop.objects.filter(pk=shop.pk).update(status="closed")
    night(shop, date(2024, 3, 3), 4.9)
    assert cover_at(shop=shop, now=at_hour(date(2024, 3, 3), 12)).state == SUSPENDED


def test_a_past_date_computed_again_turns_nothing(shop: Shop, alice: User) -> None:
    quoted(shop, DAY, 4.7)
    opened(alice, shop, INSURANCE)
    run = quoted(shop, date(2024, 2, 20), 4.0)
    assert enrolments_review(run_id=run.pk, shop_ids=[shop.pk]) == 0


def test_the_same_night_twice_turns_once(shop: Shop, alice: User) -> None:
    quoted(shop, DAY, 4.7)
    opened(alice, shop, INSURANCE)
    day = date(2024, 3, 2)
    with time_machine.travel(at_hour(day, 1), tick=False):
        run = quoted(shop, day, 4.0)
        assert enrolments_review(run_id=run.pk, shop_ids=[shop.pk]) == 1
        assert enrolments_review(run_id=run.pk, shop_ids=[shop.pk]) == 0


def test_closing_ends_it_at_once_and_it_may_be_opened_again(shop: Shop, alice: User) -> None:
    opened(alice, shop)
    later = AFTER_NOON + HOUR
    assert enrolment_close(actor=alice, shop=shop, reason="slow season", now=later)
    assert cover_at(shop=shop, now=later).state == CLOSED
    assert not enrolment_close(actor=alice, shop=shop, now=later)
    opened(alice, shop, now=later + HOUR)
    assert cover_at(shop=shop, now=later + HOUR).state == ACTIVE
