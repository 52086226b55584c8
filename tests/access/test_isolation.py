"""Nobody reads or changes what belongs to another shop: every address, every method, every role.

The addresses come from the resolver and the rows from the models, so a new page or a new record
is covered without a line here. A denial counts only because the rightful person gets in by the
same address.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from stores.access import Audience
from tests.access.routes import Route, every_route, routes_for
from tests.access.world import (
    MARK_A,
    MARK_B,
    World,
    build_world,
    differences,
    fingerprint,
    fingerprint_of,
    shop_models,
    way_to_shop,
)

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
EVERYBODY = ("anonymous", "alice", "bob", "charlie", "dora")
FOREIGN_MARKS = {
    "anonymous": (MARK_A, MARK_B), "alice": (MARK_B,), "bob": (MARK_B,), "charlie": (MARK_A,),
    "dora": (),
}  # fmt: skip
SHOP_ROUTES = routes_for(Audience.SHOP)
PEOPLE_ROUTES = routes_for(Audience.SIGNED_IN)
ADMIN_ROUTES = routes_for(Audience.ADMIN)
OPEN_ROUTES = routes_for(Audience.PUBLIC)


@pytest.fixture(scope="module")
def whole_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once for the module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(whole_world: World) -> Iterator[World]:
    """The world as it was built, whatever the test before did."""
    whole_world.clients.clear()
    with transaction.atomic():
        yield whole_world
        transaction.set_rollback(True)


def ask(world: World, who: str, method: str, path: str) -> HttpResponse:
    return world.client(who).generic(method, path)  # type: ignore[return-value]


def is_refusal(response: HttpResponse, who: str) -> bool:
    """404 for people, the sign-in page for nobody."""
    if who == "anonymous":
        return response.status_code == 302 and response["Location"].startswith(reverse("sign_in"))
    return response.status_code == 404


def says(response: HttpResponse, mark: str) -> bool:
    """Whether the mark of a tenant is in the body or a header, the address asked for aside."""
    path = response.wsgi_request.get_full_path()  # type: ignore[attr-defined]
    text = response.text + repr(dict(response.headers))
    return mark in text.replace(path, "").replace(path.replace("/", "%2F"), "")


def test_every_tenant_has_rows_of_every_model_that_belongs_to_a_shop(world: World) -> None:
    for shops in world.shops.values():
        rows = fingerprint_of(shops)
        assert [label for label, found in rows.items() if not found] == []
        assert rows.keys() == {model._meta.label for model in shop_models()}
    assert all(way_to_shop(model) for model in shop_models())


@pytest.mark.parametrize("route", SHOP_ROUTES, ids=str)
@pytest.mark.parametrize("who", ["anonymous", "alice", "bob"])
def test_a_foreign_shop_does_not_exist(world: World, who: str, route: Route) -> None:
    path = world.path(route, "b")
    before = fingerprint()
    for method in METHODS:
        response = ask(world, who, method, path)
        assert is_refusal(response, who), f"{method} {path} {response.status_code}"
        assert not says(response, MARK_B), f"{method} {path} tells of tenant B"
    assert differences(before, fingerprint()) in ([], ["django_session"])


@pytest.mark.parametrize("route", SHOP_ROUTES, ids=str)
@pytest.mark.parametrize("who", ["charlie", "dora"])
def test_the_rightful_person_gets_in_by_the_same_address(
    world: World, who: str, route: Route
) -> None:
    assert route.policy is not None
    path = world.path(route, "b")
    for method in METHODS:
        response = ask(world, who, method, path)
        expected = method in route.policy.methods
        assert (response.status_code < 404) == expected, f"{method} {path} {response.status_code}"
        assert expected or response.status_code == 405


@pytest.mark.parametrize("route", SHOP_ROUTES, ids=str)
def test_a_page_of_a_shop_shows_the_own_shop(world: World, route: Route) -> None:
    response = world.client("charlie").get(world.path(route, "b"), follow=True)
    assert response.status_code in (200, 405)
    assert response.status_code == 405 or says(response, MARK_B)


@pytest.mark.parametrize("route", SHOP_ROUTES + PEOPLE_ROUTES, ids=str)
@pytest.mark.parametrize("who", ["alice", "bob"])
def test_no_page_of_ones_own_tells_of_another_tenant(world: World, who: str, route: Route) -> None:
    path = world.path(route, "a")
    before = fingerprint_of(world.shops["b"])
    for method in METHODS:
        for query in nosy_queries(world):
            response = ask(world, who, method, path + query)
            assert response.status_code < 500, f"{method} {path}{query} {response.status_code}"
            assert not says_unasked(response, query), f"{method} {path}{query} tells of tenant B"
    assert differences(before, fingerprint_of(world.shops["b"])) == []


def nosy_queries(world: World) -> list[str]:
    """Queries that name the other tenant under every name a filter might have."""
    shop = world.shops["b"][0]
    names = ("shop", "shop_id", "shop__external_id", "q", "search", "industry", "state", "stars")
    return [
        "",
        "?" + "&".join(f"{name}={shop.external_id}" for name in names),
        f"?shop={shop.pk}&page_size=10000&ordering=-id&sort=name&page=1&view=all&q={MARK_B}",
    ]


def says_unasked(response: HttpResponse, query: str) -> bool:
    """Whether a page tells more of tenant B than the ids the query itself brought along."""
    if not query:
        return says(response, MARK_B)
    return re.search(rf"{MARK_B}-(\d+|shop-2|industry)", response.text) is not None


@pytest.mark.parametrize("route", PEOPLE_ROUTES, ids=str)
def test_pages_above_the_shops_send_anonymous_people_to_the_sign_in(
    world: World, route: Route
) -> None:
    for method in METHODS:
        assert is_refusal(ask(world, "anonymous", method, world.path(route, "a")), "anonymous")


def test_the_list_of_shops_shows_the_own_ones_and_no_other(world: World) -> None:
    for who, mine, others in (("alice", MARK_A, MARK_B), ("charlie", MARK_B, MARK_A)):
        response = world.client(who).get(reverse("home"))
        assert says(response, mine)
        assert not says(response, others)
    everything = world.client("dora").get(reverse("home"))
    assert says(everything, MARK_A)
    assert says(everything, MARK_B)


@pytest.mark.parametrize("route", ADMIN_ROUTES, ids=str)
@pytest.mark.parametrize("who", ["anonymous", "alice", "bob", "charlie"])
def test_pages_of_admins_do_not_exist_for_others(world: World, who: str, route: Route) -> None:
    path = world.path(route, "b")
    before = fingerprint()
    for method in METHODS:
        response = ask(world, who, method, path)
        assert is_refusal(response, who), f"{method} {path} {response.status_code}"
        assert not any(says(response, mark) for mark in FOREIGN_MARKS[who])
    assert differences(before, fingerprint()) in ([], ["django_session"])


@pytest.mark.parametrize("route", OPEN_ROUTES, ids=str)
@pytest.mark.parametrize("who", EVERYBODY)
def test_public_pages_tell_of_no_tenant(world: World, who: str, route: Route) -> None:
    path = world.path(route, "a")
    for method in METHODS:
        response = ask(world, who, method, path)
        assert response.status_code < 500
        assert not any(says(response, mark) for mark in FOREIGN_MARKS[who])


@pytest.mark.parametrize("route", every_route(), ids=str)
@pytest.mark.parametrize("who", EVERYBODY)
def test_reading_changes_nothing(world: World, who: str, route: Route) -> None:
    path = world.path(route, "b" if who == "charlie" else "a")
    world.client(who)
    before = fingerprint()
    for method in ("GET", "HEAD", "OPTIONS"):
        ask(world, who, method, path)
    assert differences(before, fingerprint()) == []
