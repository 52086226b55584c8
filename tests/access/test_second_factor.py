"""Between password and second factor an admin reaches nothing of anybody: every address."""

import pytest
from django.test import Client

from shopguard.lib.api.problems import answers_problems
from tests.access.routes import Route, every_route
from tests.access.world import UNSAFE, World, differences, fingerprint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("second_factor_asked")]

ASKED = "/account/second-factor/"
# Open to everybody, or part of passing.
OPEN = {
    "sign_in", "sign_out", "set_language", "set_theme", "demo_sign_in", "healthz", "readyz",
    "metrics", "second_factor", "second_factor_enrol",
}  # fmt: skip


@pytest.fixture
def half_way(world: World) -> Client:
    """Dora's browser after the password."""
    client = Client(raise_request_exception=False)
    client.force_login(world.people["dora"])
    return client


@pytest.mark.parametrize("route", every_route(), ids=str)
def test_an_admin_half_way_is_sent_to_the_second_factor(
    world: World, half_way: Client, route: Route
) -> None:
    path = world.path(route, "a")
    before = fingerprint()
    for method in ("GET", "HEAD", *UNSAFE):
        answer = half_way.generic(method, path)
        if answers_problems(path):
            assert answer.status_code == 403
        elif route.name not in OPEN:
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, ASKED)
    if route.name not in OPEN:
        assert differences(before, fingerprint()) == []


def test_what_is_open_half_way_is_known() -> None:
    found = {
        route.name
        for route in every_route()
        if route.policy and (route.policy.audience == "public" or route.policy.before_second_factor)
    }
    assert found == OPEN
