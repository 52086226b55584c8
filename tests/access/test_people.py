"""Accounts, memberships, admins: who may give what to whom, and that it is written down."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from stores.models import AuditEntry, Membership, Role, Shop, User
from stores.selectors.people import owners_of, staffed_shops
from stores.services.people import (
    admin_grant,
    admin_revoke,
    membership_grant,
    membership_revoke,
    password_change,
    user_create,
)
from tests.factories import PASSWORD, make_user

STRONG = "peach-harbour-77"


def audited() -> list[tuple[str, str]]:
    """Actor and action of every row, oldest first."""
    return list(AuditEntry.objects.order_by("pk").values_list("actor", "action"))


def test_a_new_account_can_sign_in_and_is_written_down(dora: User) -> None:
    user = user_create(actor=dora, username="erin", password=STRONG, email="Erin@Example.COM")
    assert user.check_password(STRONG)
    assert user.email == "Erin@example.com"
    assert not user.is_admin
    assert audited() == [("dora", "user.create")]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"password": "short"}, "10"),
        ({"password": "1234567890"}, None),
        ({"password": "erin-erin-1", "username": "erin-erin-1"}, None),
        ({"email": "no address"}, None),
        ({"username": "with space"}, None),
        ({"username": ""}, None),
        ({"username": "dora"}, None),
    ],
)
def test_a_bad_account_is_refused_with_a_reason_and_leaves_nothing(
    dora: User, fields: dict[str, str], complaint: str | None
) -> None:
    given = {"username": "erin", "password": STRONG} | fields
    with pytest.raises(ValidationError) as refusal:
        user_create(actor=dora, **given)  # type: ignore[arg-type]
    assert refusal.value.messages
    assert complaint is None or complaint in " ".join(refusal.value.messages)
    assert User.objects.count() == 1
    assert audited() == []


def test_no_audit_row_holds_a_password(dora: User) -> None:
    user = user_create(actor=dora, username="erin", password=STRONG)
    password_change(actor=user, user=user, password="another-harbour-78")
    text = repr(list(AuditEntry.objects.values()))
    assert STRONG not in text
    assert "another-harbour-78" not in text
    assert "argon2" not in text


def test_a_member_is_added_and_written_down_with_the_shop(dora: User, shop: Shop) -> None:
    erin = make_user("erin")
    membership_grant(actor=dora, shop=shop, user=erin, role=Role.OPS)
    row = AuditEntry.objects.get()
    assert (row.action, row.shop, row.before, row.after) == (
        "membership.grant", shop, None, {"role": "ops"},
    )  # fmt: skip


def test_granting_the_same_role_again_changes_and_writes_nothing(
    dora: User, shop: Shop, bob: User
) -> None:
    membership_grant(actor=dora, shop=shop, user=bob, role=Role.OPS)
    assert audited() == []


def test_another_role_is_written_down_before_and_after(dora: User, shop: Shop, bob: User) -> None:
    membership_grant(actor=dora, shop=shop, user=bob, role=Role.OWNER)
    row = AuditEntry.objects.get()
    assert (row.action, row.before, row.after) == (
        "membership.role", {"role": "ops"}, {"role": "owner"},
    )  # fmt: skip


def test_a_revoked_member_is_written_down(dora: User, shop: Shop, bob: User) -> None:
    membership_revoke(actor=dora, shop=shop, user=bob)
    assert not Membership.objects.filter(user=bob).exists()
    assert audited() == [("dora", "membership.revoke")]


def test_revoking_nobody_changes_nothing(dora: User, shop: Shop, charlie: User) -> None:
    membership_revoke(actor=dora, shop=shop, user=charlie)
    assert audited() == []


@pytest.mark.usefixtures("bob")
def test_the_last_owner_can_neither_go_nor_become_ops(dora: User, shop: Shop, alice: User) -> None:
    with pytest.raises(ValidationError, match="最后一位店主"):
        membership_revoke(actor=dora, shop=shop, user=alice)
    with pytest.raises(ValidationError, match="最后一位店主"):
        membership_grant(actor=dora, shop=shop, user=alice, role=Role.OPS)
    assert Membership.objects.get(user=alice).role == Role.OWNER


def test_an_owner_can_go_when_another_stays(dora: User, shop: Shop, alice: User, bob: User) -> None:
    membership_grant(actor=alice, shop=shop, user=bob, role=Role.OWNER)
    membership_revoke(actor=bob, shop=shop, user=alice)
    assert list(Membership.objects.values_list("user__username", flat=True)) == ["bob"]


def test_a_deactivated_owner_does_not_count_as_the_other_one(
    dora: User, shop: Shop, alice: User, bob: User
) -> None:
    membership_grant(actor=dora, shop=shop, user=bob, role=Role.OWNER)
    bob.is_active = False
    bob.save()
    with pytest.raises(ValidationError):
        membership_revoke(actor=dora, shop=shop, user=alice)


def test_admin_rights_are_given_and_taken_once_each(dora: User, alice: User) -> None:
    admin_grant(actor=dora, user=alice)
    admin_grant(actor=dora, user=alice)
    assert User.objects.get(pk=alice.pk).is_admin
    admin_revoke(actor=dora, user=alice)
    admin_revoke(actor=dora, user=alice)
    assert not User.objects.get(pk=alice.pk).is_admin
    assert audited() == [("dora", "admin.grant"), ("dora", "admin.revoke")]


def test_the_last_admin_stays(dora: User) -> None:
    with pytest.raises(ValidationError, match="最后一位管理员"):
        admin_revoke(actor=dora, user=dora)


@pytest.mark.usefixtures("db")
def test_the_command_makes_an_admin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", STRONG)
    call_command("create_admin", "frank", "--email", "frank@example.com", "--no-input")
    frank = User.objects.get(username="frank")
    assert frank.is_admin
    assert frank.check_password(STRONG)
    assert audited() == [("command:create_admin", "user.create")]


def test_the_command_makes_an_existing_person_an_admin(alice: User) -> None:
    call_command("create_admin", "alice", "--no-input")
    assert User.objects.get(username="alice").is_admin
    assert User.objects.get(username="alice").check_password(PASSWORD)
    assert audited() == [("command:create_admin", "admin.grant")]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("password", [None, "short"])
def test_the_command_says_what_is_wrong_with_the_password(
    monkeypatch: pytest.MonkeyPatch, password: str | None
) -> None:
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)
    if password is not None:
        monkeypatch.setenv("ADMIN_PASSWORD", password)
    with pytest.raises(CommandError, match=r"password|密码"):
        call_command("create_admin", "frank", "--no-input")
    assert not User.objects.exists()


def test_a_place_in_a_second_shop_leaves_the_one_in_the_first_as_it_is(
    alice: User, dora: User, shop: Shop, other_shop: Shop
) -> None:
    membership_grant(actor=dora, shop=other_shop, user=alice, role=Role.OPS)
    roles = dict(Membership.objects.filter(user=alice).values_list("shop", "role"))
    assert roles == {shop.pk: Role.OWNER, other_shop.pk: Role.OPS}


def test_owners_are_those_of_the_shops_asked_for(
    alice: User, bob: User, charlie: User, shop: Shop, other_shop: Shop
) -> None:
    assert owners_of(shops=[shop.pk]) == [(shop.pk, alice.pk)]
    assert owners_of(shops=[other_shop.pk]) == [(other_shop.pk, charlie.pk)]


def test_the_shops_somebody_works_in_are_not_those_of_another(
    alice: User, bob: User, shop: Shop
) -> None:
    assert list(staffed_shops(user=bob)) == [shop.pk]
    assert list(staffed_shops(user=alice)) == []
