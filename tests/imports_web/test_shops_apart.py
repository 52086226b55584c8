"""The same file in two shops, or of two people, is two pieces of work."""

from dataclasses import replace

import pytest

from stores.models import ImportMapping, ImportUpload, Role, Shop, User
from stores.services.import_jobs import upload_work
from stores.services.imports.ledger import Entry, open_batch
from stores.services.imports.recognise import headers_hash
from tests.conftest import NOON_ZERO, SignedIn
from tests.factories import make_member
from tests.imports_web.conftest import HEADER, Sender, orders_csv, the_upload

pytestmark = pytest.mark.django_db
State = ImportUpload.State


def test_a_file_of_another_shop_is_not_waited_for(
    sender: Sender, other_shop: Shop, charlie: User, signed_in: SignedIn
) -> None:
    for one in (Sender(signed_in(charlie), other_shop), sender):
        one.send(orders_csv())
        one.press("begin", the_upload())
    assert upload_work(upload_id=the_upload().pk)
    states = dict(ImportUpload.objects.values_list("shop__external_id", "state"))
    assert states == {"birch": State.IMPORTING, "plum": State.DONE}


def test_columns_that_another_shop_named_are_not_taken_over(
    sender: Sender, other_shop: Shop
) -> None:
    ImportMapping.objects.create(
        shop=other_shop, kind="orders", headers=headers_hash(HEADER.split(",")),
        preset="canonical", columns={"signed_at": ""},
    )  # fmt: skip
    sender.send(orders_csv())
    mapped = [column for _place, _header, column in the_upload().layout["mapped"]]
    assert "signed_at" in mapped


def test_a_file_takes_the_place_of_ones_own_in_the_same_shop_alone(
    sender: Sender, ops_sender: Sender, other_shop: Shop, alice: User
) -> None:
    make_member(alice, other_shop, Role.OWNER)
    for one in (Sender(sender.client, other_shop), ops_sender, sender, sender):
        one.send(orders_csv())
    waiting = ImportUpload.objects.filter(state=State.CHECKED)
    told = waiting.order_by("pk").values_list("user__username", "shop__external_id")
    assert list(told) == [("alice", "birch"), ("bob", "plum"), ("alice", "plum")]


def test_an_import_that_was_killed_is_taken_up_in_its_shop_alone(
    shop: Shop, other_shop: Shop
) -> None:
    entry = Entry(
        kind="orders", preset="canonical", file_name="x", as_of=NOON_ZERO, user=None,
        content_hash="same", shop=shop,
    )  # fmt: skip
    theirs = open_batch(replace(entry, shop=other_shop), is_dated=True)
    mine = open_batch(entry, is_dated=True)
    assert mine != theirs
    assert open_batch(entry, is_dated=True) == mine
