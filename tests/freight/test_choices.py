"""Choices: nothing is overwritten unseen, everything is kept, and a change can be taken back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from freightins.calc.choices import Wanted
from freightins.models import Choice, ChoiceChange, ChoiceSet
from freightins.selectors.choices import choices_now
from freightins.services.choices import Outcome, choices_change, choices_undo
from stores.models import AuditEntry, Product, Shop, User
from stores.services.audit import audit_verify
from tests.factories import START
from tests.freight.laying import shop_named

TOGGLES, AT_ONCE = 200, 8


def product(shop: Shop, key: str, **fields: object) -> Product:
    return Product.objects.create(shop=shop, external_id=key, title=key, as_of=START, **fields)


def change(actor: User | str, shop: Shop, *wanted: Wanted, reason: str = "") -> Outcome:
    return choices_change(
        actor=actor, shop=shop, wanted=wanted, source=ChoiceSet.Source.BULK, reason=reason
    )


def test_a_change_keeps_who_when_what_was_and_why(shop: Shop, bob: User) -> None:
    product(shop, "p1")
    change(bob, shop, Wanted("product", "p1", True, 0), reason="high returns")
    change(bob, shop, Wanted("product", "p1", False, 1), reason="low returns")
    kept = ChoiceChange.objects.order_by("version").values_list("was", "became", "version")
    assert list(kept) == [(None, True, 1), (True, False, 2)]
    last = AuditEntry.objects.order_by("-pk").first()
    assert last is not None
    assert (last.actor, last.reason, last.object_id) == ("bob", "low returns", "product:p1")
    assert (last.before, last.after) == (
        {"is_covered": True, "version": 1},
        {"is_covered": False, "version": 2},
    )


def test_the_second_of_two_people_is_told(shop: Shop, alice: User, bob: User) -> None:
    product(shop, "p1")
    change(alice, shop, Wanted("product", "p1", True, 0))
    outcome = change(bob, shop, Wanted("product", "p1", False, 0))
    assert outcome.choice_set is None
    assert [(c.present.changed_by, c.present.is_covered) for c in outcome.clashes] == [
        ("alice", True)
    ]
    assert choices_now(shop=shop) == {("product", "p1"): True}


def test_what_is_as_wanted_already_is_no_change(shop: Shop, bob: User) -> None:
    product(shop, "p1")
    change(bob, shop, Wanted("product", "p1", True, 0))
    outcome = change(bob, shop, Wanted("product", "p1", True, 1))
    assert (outcome.changed, outcome.clashes) == ([], [])
    assert Choice.objects.get().version == AuditEntry.objects.count() == 1


def test_virtual_and_unknown_products_cannot_be_covered(shop: Shop, bob: User) -> None:
    product(shop, "gift-card", is_virtual=True)
    other = shop_named("birch")
    product(other, "theirs")
    outcome = change(
        bob, shop, *(Wanted("product", key, True, 0) for key in ("gift-card", "nobody", "theirs"))
    )
    assert [one.key for one in outcome.impossible] == ["gift-card", "nobody", "theirs"]
    assert not Choice.objects.exists()


def test_a_bulk_change_is_taken_back_as_one(shop: Shop, bob: User) -> None:
    for key in ("p1", "p2"):
        product(shop, key)
    change(bob, shop, Wanted("product", "p1", True, 0))
    made = change(
        bob, shop, Wanted("product", "p1", False, 1), Wanted("product", "p2", False, 0)
    ).choice_set
    assert made is not None
    undone = choices_undo(actor=bob, shop=shop, key=made.pk)
    assert undone is not None
    assert undone.clashes == []
    assert choices_now(shop=shop) == {("product", "p1"): True}
    assert choices_undo(actor=bob, shop=shop, key=made.pk) is None


def test_taking_back_spares_what_was_changed_since(shop: Shop, alice: User, bob: User) -> None:
    for key in ("p1", "p2"):
        product(shop, key)
    made = change(
        bob, shop, Wanted("product", "p1", False, 0), Wanted("product", "p2", False, 0)
    ).choice_set
    change(alice, shop, Wanted("product", "p2", True, 1))
    assert made is not None
    undone = choices_undo(actor=bob, shop=shop, key=made.pk)
    assert undone is not None
    assert [clash.wanted.key for clash in undone.clashes] == ["p2"]
    assert choices_now(shop=shop) == {("product", "p2"): True}


def test_changes_of_another_shop_cannot_be_taken_back(shop: Shop, bob: User) -> None:
    product(shop, "p1")
    made = change(bob, shop, Wanted("product", "p1", False, 0)).choice_set
    assert made is not None
    assert choices_undo(actor=bob, shop=shop_named("birch"), key=made.pk) is None


@pytest.mark.django_db(transaction=True)
def test_two_hundred_toggles_at_once_lose_and_double_nothing() -> None:
    """Versions = audit rows = successes; everybody else is told what happened."""
    shop = shop_named("plum")
    product(shop, "p1")
    start = Barrier(AT_ONCE)

    def toggle(number: int) -> list[Outcome]:
        try:
            start.wait()
            told = []
            for _turn in range(TOGGLES // AT_ONCE):
                seen = Choice.objects.for_shop(shop).first()
                version, on = (seen.version, bool(seen.is_covered)) if seen else (0, False)
                told.append(change(f"p{number}", shop, Wanted("product", "p1", not on, version)))
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = [one for told in pool.map(toggle, range(AT_ONCE)) for one in told]
    assert len(outcomes) == TOGGLES
    successes = sum(len(one.changed) for one in outcomes)
    assert successes == sum(1 for one in outcomes if one.choice_set)
    assert 0 < successes < TOGGLES
    assert sum(len(one.clashes) for one in outcomes) == TOGGLES - successes
    assert Choice.objects.get().version == successes
    assert AuditEntry.objects.filter(action="choice.change").count() == successes
    versions = list(ChoiceChange.objects.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, successes + 1))
    assert audit_verify().is_intact
