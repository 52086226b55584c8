"""Who may send what: the shop's people their own records, admins also what decides over a shop."""

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client

from stores.models import Complaint, ImportUpload, Order, Role, Shop, User, Violation
from stores.selectors.uploads import imports_page, uploads_before
from tests.factories import make_member
from tests.imports_web.conftest import Sender, orders_csv, the_upload, work

pytestmark = pytest.mark.django_db

VIOLATIONS = "violation_id,clause,occurred_at\nv1,1,2024-03-01 10:00:00\n"
COMPLAINTS = (
    "complaint_id,order_id,opened_at,excluded_reason\nc1,o1,2024-03-01 10:00:00,malicious\n"
)


def imported(sender: Sender, content: str) -> None:
    sender.send(content)
    sender.press("begin", the_upload())
    work()


def test_ops_import_orders(ops_sender: Sender) -> None:
    imported(ops_sender, orders_csv())
    assert Order.objects.count() == 3


def test_violations_come_from_admins_alone(sender: Sender, admin_sender: Sender) -> None:
    page = sender.send(VIOLATIONS)
    assert page.status_code == 422
    assert "管理员" in page.text
    assert not ImportUpload.objects.exists()
    imported(admin_sender, VIOLATIONS)
    assert Violation.objects.count() == 1


def test_an_owner_cannot_exclude_a_complaint_an_admin_can(
    sender: Sender, admin_sender: Sender
) -> None:
    page = sender.send(COMPLAINTS)
    assert the_upload().report["counts"]["warnings"] == 1
    assert "提醒" in page.text
    imported(sender, COMPLAINTS)
    assert Complaint.objects.get().excluded_reason == ""
    imported(admin_sender, COMPLAINTS)
    assert Complaint.objects.get().excluded_reason == "malicious"


def test_rows_of_another_shop_come_back(sender: Sender, other_shop: Shop) -> None:
    at = "2024-03-01 10:00:00"
    text = f"shop_id,order_id,placed_at\nplum,o1,{at}\nbirch,o2,{at}\n"
    imported(sender, text)
    assert list(Order.objects.values_list("external_id", flat=True)) == ["o1"]
    assert "o2" in sender.rejected(the_upload()).decode()


def test_strangers_find_neither_the_page_nor_the_file(
    sender: Sender, signed_in: Callable[[User], Client], charlie: User
) -> None:
    sender.send(orders_csv())
    stranger = Sender(signed_in(charlie), sender.shop)
    assert stranger.send(orders_csv()).status_code == 404
    assert stranger.page(the_upload()).status_code == 404
    assert stranger.press("begin", the_upload()).status_code == 404
    assert ImportUpload.objects.count() == 1


def test_a_file_sent_twice_waits_once_for_each_person_and_shop(
    sender: Sender, ops_sender: Sender, alice: User, other_shop: Shop,
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    make_member(alice, other_shop, Role.OWNER)
    for one in (sender, ops_sender, Sender(signed_in(alice), other_shop), sender):
        one.send(orders_csv(bad=1))
    waiting = ImportUpload.objects.filter(state="checked").order_by("pk")
    told = [(upload.user.username, upload.shop.external_id) for upload in waiting]  # type: ignore[union-attr]
    assert told == [("bob", "plum"), ("alice", "birch"), ("alice", "plum")]
    (dropped,) = ImportUpload.objects.filter(state="dropped")
    assert not dropped.pieces.exists()


def test_what_came_into_another_shop_is_not_in_the_history(
    sender: Sender, alice: User, other_shop: Shop, signed_in: Callable[[User], Client]
) -> None:
    make_member(alice, other_shop, Role.OWNER)
    elsewhere = Sender(signed_in(alice), other_shop)
    elsewhere.send(orders_csv(), name="elsewhere.csv")
    elsewhere.press("begin", the_upload())
    work()
    assert "elsewhere.csv" in elsewhere.client.get(elsewhere.home).text
    assert "elsewhere.csv" not in sender.client.get(sender.home).text
    page = sender.send(orders_csv(), name="here.csv")
    assert "导入过" not in page.text
    assert list(imports_page(shop=sender.shop, asked=QueryDict()).rows) == []


def test_files_of_another_shop_do_not_stand_in_the_queue(
    sender: Sender, alice: User, other_shop: Shop, signed_in: Callable[[User], Client]
) -> None:
    make_member(alice, other_shop, Role.OWNER)
    for one in (Sender(signed_in(alice), other_shop), sender, sender):
        one.send(orders_csv(good=len(ImportUpload.objects.all()) + 1))
        one.press("begin", the_upload())
    assert uploads_before(upload=the_upload()) == 1
