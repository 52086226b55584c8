"""What selectors answer about one shop or person is not about another."""

import pytest

from aftersales.models import AfterSaleCase, CaseEvent
from aftersales.selectors.bulk import cases_wanted
from aftersales.selectors.case_events import event_last, events_of
from stores.models import Membership, Role, Shop, User
from stores.selectors.people import entry_roles, owner_count, owners_of, staffed_shops
from tests.factories import fill, make_member

pytestmark = pytest.mark.django_db


def test_a_person_has_a_role_in_the_shops_asked_about(
    alice: User, bob: User, charlie: User, shop: Shop, other_shop: Shop
) -> None:
    make_member(alice, other_shop, Role.OPS)
    assert entry_roles(user=alice, shops=[shop]) == {shop.pk: "owner"}
    assert entry_roles(user=bob, shops=[shop, other_shop]) == {shop.pk: "ops"}
    assert list(staffed_shops(user=alice)) == [other_shop.pk]
    assert list(staffed_shops(user=charlie)) == []


def test_owners_are_counted_and_named_shop_by_shop(
    alice: User, bob: User, charlie: User, shop: Shop, other_shop: Shop
) -> None:
    make_member(bob, other_shop, Role.OWNER)
    assert (owner_count(shop=shop), owner_count(shop=other_shop)) == (1, 2)
    assert owners_of(shops=[shop.pk]) == [(shop.pk, alice.pk)]
    assert Membership.objects.filter(role=Role.OWNER).count() == 3


def test_cases_of_the_same_id_and_their_events_stay_with_their_shops(
    shop: Shop, other_shop: Shop
) -> None:
    cases = [fill(AfterSaleCase, one.external_id, shop=one) for one in (shop, other_shop)]
    AfterSaleCase.objects.update(external_id="c1", outcome="open")
    for number, one in enumerate((shop, other_shop, other_shop), start=1):
        fill(CaseEvent, one.external_id, shop=one, case_ref="c1", sequence=number)
    for one, case, sequences in ((shop, cases[0], [1]), (other_shop, cases[1], [2, 3])):
        assert [event.sequence for event in events_of(shop=one, case_ref="c1")] == sequences
        last = event_last(shop=one, case_ref="c1")
        assert last is not None
        assert last.sequence == sequences[-1]
        assert [about.case.pk for about in cases_wanted(shop=one, refs=["c1"])] == [case.pk]
