"""Who gets in where, and what everybody else is told."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from stores.access import ViewWithoutPolicyError, public
from stores.models import Membership, Role, Shop, User

SignedIn = Callable[[User], Client]
SOME_PATHS = (
    "/people/", "/s/plum/members/", "/s/none/members/", "/desk/", "/no/such/page", "/s/",
    "/static/x",
)  # fmt: skip
STRANGE_IDS = (
    "%00", "a%00b", "%2e%2e", "'; DROP TABLE x", "x" * 3000, "𠮷🙂", "%0d%0aX:y",
)  # fmt: skip
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


@pytest.fixture(autouse=True)
def views_of_every_kind(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.access.door_urls"


def plain(response: HttpResponse) -> str:
    """The page without what differs from one request to the next, and without its address."""
    text = response.text.replace(response["X-Request-ID"], "")
    return re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", text)


def ask(client: Client, method: str, path: str) -> tuple[int, str]:
    response = getattr(client, method)(path)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", SOME_PATHS)
def test_anonymous_people_meet_the_same_answer_everywhere(
    client: Client, method: str, path: str
) -> None:
    there = f"?next={quote(path, safe='')}" if method in ("get", "head") else ""
    assert ask(client, method, path) == (302, reverse("sign_in") + there)


@pytest.mark.parametrize("method", METHODS)
def test_without_a_csrf_token_anonymous_people_meet_the_same_answer_too(
    shop: Shop, method: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    known, unknown = ask(client, method, "/s/plum/owners/"), ask(client, method, "/nowhere/")
    assert known[0] == unknown[0] == 302


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("path", ["/api/people/", "/api/s/plum/", "/api/none/", "/api/"])
def test_an_anonymous_program_is_told_401_as_problem_details(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"]
    assert response.json()["status"] == 401


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(client: Client) -> None:
    response = client.get(
        "/people/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/s/plum/score/?a=1#b"},
    )
    assert response.status_code == 401
    assert response["HX-Redirect"] == reverse("sign_in") + "?next=%2Fs%2Fplum%2Fscore%2F%3Fa%3D1"


def test_public_pages_answer_everybody(client: Client) -> None:
    assert client.get("/open/").text == "in as nobody"


@pytest.mark.parametrize(
    ("who", "members_page", "owners_page"),
    [("alice", 200, 200), ("bob", 200, 403), ("charlie", 404, 404), ("dora", 200, 200)],
)
def test_members_and_admins_enter_a_shop_and_nobody_else(
    request: pytest.FixtureRequest, signed_in: SignedIn, shop: Shop,
    who: str, members_page: int, owners_page: int,
) -> None:  # fmt: skip
    client = signed_in(request.getfixturevalue(who))
    assert client.get("/s/plum/members/").status_code == members_page
    assert client.post("/s/plum/owners/").status_code == owners_page


@pytest.mark.parametrize(("who", "role"), [("alice", "owner"), ("bob", "ops"), ("dora", "admin")])
def test_the_view_is_told_the_role(
    request: pytest.FixtureRequest, signed_in: SignedIn, shop: Shop, who: str, role: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get("/s/plum/members/").text == f"in as {role}"


def test_a_foreign_and_an_unknown_shop_answer_the_same(
    signed_in: SignedIn, alice: User, other_shop: Shop
) -> None:
    client = signed_in(alice)
    foreign, unknown = client.get("/s/birch/members/"), client.get("/s/cedar/members/")
    assert foreign.status_code == unknown.status_code == 404
    assert plain(foreign) == plain(unknown)


@pytest.mark.parametrize("shop_id", STRANGE_IDS)
@pytest.mark.parametrize("who", ["alice", "dora"])
def test_a_strange_shop_id_is_simply_unknown(
    request: pytest.FixtureRequest, signed_in: SignedIn, who: str, shop_id: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(f"/s/{shop_id}/members/").status_code == 404


def test_a_member_of_two_shops_has_in_each_the_role_of_that_shop(
    signed_in: SignedIn, alice: User, other_shop: Shop
) -> None:
    Membership.objects.create(shop=other_shop, user=alice, role=Role.OPS)
    client = signed_in(alice)
    assert client.post("/s/plum/owners/").status_code == 200
    assert client.post("/s/birch/owners/").status_code == 403


def test_a_right_taken_away_is_gone_with_the_next_request(
    signed_in: SignedIn, alice: User, shop: Shop
) -> None:
    client = signed_in(alice)
    assert client.get("/s/plum/members/").status_code == 200
    Membership.objects.all().delete()
    assert client.get("/s/plum/members/").status_code == 404


def test_an_admin_without_the_right_is_out_with_the_next_request(
    signed_in: SignedIn, dora: User, shop: Shop
) -> None:
    client = signed_in(dora)
    assert client.get("/desk/").status_code == 200
    User.objects.update(is_staff=False)
    assert client.get("/desk/").status_code == 404
    assert client.get("/s/plum/members/").status_code == 404


def test_a_superuser_flag_alone_opens_nothing(
    signed_in: SignedIn, charlie: User, shop: Shop
) -> None:
    User.objects.update(is_superuser=True)
    client = signed_in(charlie)
    assert client.get("/desk/").status_code == 404
    assert client.get("/s/plum/members/").status_code == 404


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_the_desk_does_not_exist_for_others(
    request: pytest.FixtureRequest, signed_in: SignedIn, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get("/desk/").status_code == client.get("/nowhere/").status_code == 404


@pytest.mark.parametrize("method", METHODS)
def test_a_page_answers_only_the_methods_it_declares(
    signed_in: SignedIn, alice: User, method: str
) -> None:
    client = signed_in(alice)
    assert ask(client, method, "/s/plum/members/")[0] == (200 if method in ("get", "head") else 405)
    assert ask(client, method, "/s/plum/owners/")[0] == (200 if method == "post" else 405)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_no_page_answers_a_strange_method(signed_in: SignedIn, alice: User, method: str) -> None:
    assert signed_in(alice).generic(method, "/people/").status_code in (403, 405)


def test_a_foreign_shop_is_unknown_before_the_method_is_looked_at(
    signed_in: SignedIn, charlie: User, shop: Shop
) -> None:
    assert signed_in(charlie).delete("/s/plum/members/").status_code == 404


@pytest.mark.parametrize("who", ["alice", "dora"])
def test_a_view_without_a_policy_answers_nobody(
    request: pytest.FixtureRequest, signed_in: SignedIn, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    with pytest.raises(ViewWithoutPolicyError, match="forgotten"):
        client.get("/forgotten/")


def test_a_view_without_a_policy_answers_anonymous_people_neither(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/forgotten/")
    assert response.status_code == 500
    assert "in as" not in response.text


def test_a_public_view_must_say_why() -> None:
    with pytest.raises(ValueError, match="why"):
        public("")


def test_a_link_without_its_slash_finds_its_page(signed_in: SignedIn, alice: User) -> None:
    response = signed_in(alice).get("/s/plum/members")
    assert (response.status_code, response["Location"]) == (301, "/s/plum/members/")


def test_errors_of_the_api_are_problem_details(signed_in: SignedIn, alice: User) -> None:
    response = signed_in(alice).get("/api/s/none/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["request_id"] == response["X-Request-ID"]


def test_the_door_asks_the_database_once_per_shop_page(
    signed_in: SignedIn, alice: User, django_assert_num_queries: Callable[..., object]
) -> None:
    client = signed_in(alice)
    with django_assert_num_queries(3):  # type: ignore[attr-defined]  # session, person, membership
        client.get("/s/plum/members/")
