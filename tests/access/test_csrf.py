"""No form of another site does anything: every unsafe method wants the token of the session."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from shopguard.lib.api.problems import answers_problems
from stores.access import Audience
from tests.access.routes import Route, every_route
from tests.access.world import UNSAFE, World, differences, fingerprint

pytestmark = pytest.mark.django_db

ROUTES = every_route()
WRITING = [route for route in ROUTES if route.policy and "POST" in route.policy.methods]


def strict_client(world: World, who: str) -> Client:
    """A browser of that person whose forms are checked."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies = world.client(who).cookies
    return client


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_without_a_token_nothing_is_done(world: World, route: Route) -> None:
    path = world.path(route, "a")
    before = fingerprint()
    for method in UNSAFE:
        response = strict_client(world, "dora").generic(method, path)
        assert response.status_code == 403, f"{method} {path} {response.status_code}"
    assert differences(before, fingerprint()) == []


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_anonymous_people_need_it_as_well(world: World, route: Route) -> None:
    path = world.path(route, "a")
    before = fingerprint()
    for method in UNSAFE:
        status = strict_client(world, "anonymous").generic(method, path).status_code
        shut = 401 if answers_problems(path) else 302
        assert status == (403 if route.audience is Audience.PUBLIC else shut)
    assert differences(before, fingerprint()) == []


@pytest.mark.parametrize("route", WRITING, ids=str)
def test_with_the_token_the_same_address_answers(world: World, route: Route) -> None:
    client = strict_client(world, "alice")
    client.get(reverse("password_change"))
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    response = client.post(world.path(route, "a"), {"csrfmiddlewaretoken": token})
    assert response.status_code != 403


@pytest.mark.parametrize("route", WRITING, ids=str)
def test_the_token_of_somebody_else_is_worth_nothing(world: World, route: Route) -> None:
    other = strict_client(world, "charlie")
    other.get(reverse("password_change"))
    token = other.cookies[settings.CSRF_COOKIE_NAME].value
    client = strict_client(world, "alice")
    client.get(reverse("password_change"))
    response = client.post(world.path(route, "a"), {"csrfmiddlewaretoken": token})
    assert response.status_code == 403
