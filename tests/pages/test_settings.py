"""The settings of a shop: saved by its owners, never overwritten unseen, audited."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stores.models import AuditEntry, Membership, Shop, ShopImage, User
from tests.factories import make_user
from tests.lib.papers import jpeg, pdf, png

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
PAGE = "/s/plum/settings/"
FILLED = {
    "version": 0, "name": "梅子小铺", "introduction": "手作果脯", "contact_phone": "0571-8800",
    "return_address": "梅园路 1 号", "return_province": "浙江", "main_category": "",
    "score_rules": "experience-3d", "opens-0": "9", "closes-0": "23",
}  # fmt: skip


def sent(data: bytes, name: str = "front.png") -> dict[str, Any]:
    return {"image": SimpleUploadedFile(name, data, "image/png")}


def test_what_an_owner_fills_in_is_kept_and_told(
    signed_in: SignedIn, alice: User, shop: Shop
) -> None:
    client = signed_in(alice)
    assert client.post(PAGE, FILLED).status_code == 302
    shop.refresh_from_db()
    assert (shop.introduction, shop.contact_phone) == ("手作果脯", "0571-8800")
    assert shop.open_hours == [(9, 23), None, None, None, None, None, None]
    told = AuditEntry.objects.get(action="settings.change")
    assert told.after["introduction"] == "手作果脯"
    assert "0571-8800" not in str(told.after)
    assert "contact_phone" in told.after["changed"]


def test_saving_the_same_again_changes_nothing(signed_in: SignedIn, alice: User) -> None:
    client = signed_in(alice)
    client.post(PAGE, FILLED)
    client.post(PAGE, FILLED | {"version": 1})
    assert AuditEntry.objects.filter(action="settings.change").count() == 1


def test_who_saw_an_older_version_overwrites_nothing(
    signed_in: SignedIn, alice: User, shop: Shop
) -> None:
    client = signed_in(alice)
    client.post(PAGE, FILLED)
    answer = client.post(PAGE, FILLED | {"introduction": "别的"}, follow=True)
    assert "刚刚有人改过设置" in answer.text
    shop.refresh_from_db()
    assert shop.introduction == "手作果脯"


def test_base_settings_are_complete_with_all_five(
    signed_in: SignedIn, alice: User, shop: Shop
) -> None:
    client = signed_in(alice)
    client.post(PAGE, FILLED)
    shop.refresh_from_db()
    assert not shop.base_settings_complete
    client.post(f"{PAGE}images/", sent(jpeg(40, 30)))
    shop.refresh_from_db()
    assert shop.base_settings_complete
    image = ShopImage.objects.get()
    client.post(f"{PAGE}images/{image.pk}/drop/")
    shop.refresh_from_db()
    assert not shop.base_settings_complete


def test_what_a_file_said_stands_until_something_is_emptied_here(
    signed_in: SignedIn, alice: User, shop: Shop
) -> None:
    Shop.objects.update(base_settings_complete=True)
    client = signed_in(alice)
    client.post(PAGE, FILLED)
    shop.refresh_from_db()
    assert shop.base_settings_complete
    told = client.get(PAGE).text.replace("\u00a0", " ")
    assert "平台说基础设置已完成，这里还有 1 项没填" in told


@pytest.mark.parametrize("data", [b"<svg/>", pdf(), b"", b"PK\x03\x04"])
def test_only_pictures_are_taken(signed_in: SignedIn, alice: User, data: bytes) -> None:
    answer = signed_in(alice).post(f"{PAGE}images/", sent(data, "../../x.png"), follow=True)
    assert ShopImage.objects.count() == 0
    assert 'class="toast' in answer.text


def test_a_picture_is_handed_out_as_a_download_that_runs_nothing(
    signed_in: SignedIn, alice: User
) -> None:
    client = signed_in(alice)
    client.post(f"{PAGE}images/", sent(png(3, 2), "<x>.html"))
    image = ShopImage.objects.get()
    answer = client.get(f"{PAGE}images/{image.pk}/")
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == f'attachment; filename="image-{image.pk}.png"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_admin_gives_a_reason(signed_in: SignedIn, dora: User, shop: Shop) -> None:
    client = signed_in(dora)
    assert client.post(PAGE, FILLED).status_code == 200
    client.post(PAGE, FILLED | {"reason": "店主来电请求"})
    assert AuditEntry.objects.get(action="settings.change").reason == "店主来电请求"
    client.post(f"{PAGE}images/", sent(png(3, 2)))
    assert ShopImage.objects.count() == 0


def test_ops_do_not_enter(signed_in: SignedIn, bob: User) -> None:
    assert signed_in(bob).get(PAGE).status_code == 403


def test_an_owner_lets_people_in_and_out(signed_in: SignedIn, alice: User, shop: Shop) -> None:
    erin = make_user("erin")
    client = signed_in(alice)
    client.post(f"{PAGE}people/", {"username": "erin", "role": "ops"})
    assert Membership.objects.get(user=erin, shop=shop).role == "ops"
    client.post(f"{PAGE}people/", {"username": "erin", "drop": "1"})
    assert not Membership.objects.filter(user=erin).exists()


def test_the_last_owner_stays(signed_in: SignedIn, alice: User, shop: Shop) -> None:
    answer = signed_in(alice).post(
        f"{PAGE}people/", {"username": "alice", "drop": "1"}, follow=True
    )
    assert "最后一位店主" in answer.text
    assert Membership.objects.filter(user=alice, shop=shop).exists()


def test_hours_without_an_end_are_told(signed_in: SignedIn, alice: User) -> None:
    answer = signed_in(alice).post(PAGE, FILLED | {"closes-0": ""})
    assert "结束要晚于开始" in answer.text
