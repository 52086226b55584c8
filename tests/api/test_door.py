"""The door of the API: the same as that of the pages, for tokens and sessions alike."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from stores.models import Membership, Role, Shop, User
from tests.api.conftest import Program
from tests.api.sample_urls import OwnersOnly, Wishes
from tests.conftest import SignedIn

OWNERS = "/api/shops/plum/owners/"
MEMBERS = "/api/v1/shops/plum/"


@pytest.fixture(autouse=True)
def a_resource_for_owners(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.api.sample_urls"


@pytest.fixture(params=["token", "session"])
def enter(
    request: pytest.FixtureRequest, program: Program, signed_in: SignedIn
) -> Callable[[User], Client]:
    """Both ways in."""
    return program if request.param == "token" else signed_in


@pytest.mark.parametrize(
    ("who", "owners", "members"),
    [("alice", 200, 200), ("bob", 403, 200), ("charlie", 404, 404), ("dora", 200, 200)],
)
def test_who_gets_in(
    request: pytest.FixtureRequest, enter: Callable[[User], Client], shop: Shop,
    who: str, owners: int, members: int,
) -> None:  # fmt: skip
    client = enter(request.getfixturevalue(who))
    assert client.get(OWNERS).status_code == owners
    assert client.get(MEMBERS).status_code == members


def test_the_view_is_told_the_shop_and_the_role(program: Program, alice: User) -> None:
    assert program(alice).get(OWNERS).json() == {"shop": "plum", "role": "owner"}


def test_a_right_that_is_taken_away_is_gone_at_the_next_request(
    enter: Callable[[User], Client], bob: User
) -> None:
    client = enter(bob)
    assert client.get(MEMBERS).status_code == 200
    Membership.objects.filter(user=bob).delete()
    assert client.get(MEMBERS).status_code == 404


def test_a_right_that_is_given_counts_at_the_next_request(
    enter: Callable[[User], Client], bob: User
) -> None:
    client = enter(bob)
    Membership.objects.filter(user=bob).update(role=Role.OWNER)
    assert client.get(OWNERS).status_code == 200


@pytest.mark.parametrize("key", ["%00", "a%00b", "%2e%2e", "x" * 3000, "𠮷🙂", "%0d%0aX:y", "%25"])
def test_a_strange_id_is_a_shop_that_does_not_exist(
    program: Program, alice: User, key: str
) -> None:
    response = program(alice).get(f"/api/v1/shops/{key}/reviews/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_the_description_tells_what_the_door_says() -> None:
    assert OwnersOnly().door_hides
    assert not Wishes().door_hides
