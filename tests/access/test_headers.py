"""Every answer carries the security headers, and no page carries a script or style of its own."""

from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from shopguard.lib.api.problems import API_PREFIX
from shopguard.lib.middleware import EMPTY_STYLE
from tests.access.routes import Route, every_route
from tests.access.world import World

pytestmark = pytest.mark.django_db

EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'", EMPTY_STYLE},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
}
# Of a file somebody brought: nothing in it runs or loads.
OF_A_PAPER = {"default-src": {"'none'"}, "sandbox": set[str]()}
DATA_SCRIPTS = ("application/json", "speculationrules")


class InlineParts(HTMLParser):
    """Collects what a strict policy would refuse: inline scripts, styles and handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        given = dict(attrs)
        is_data = given.get("type") in DATA_SCRIPTS
        if tag == "style" or (tag == "script" and "src" not in given and not is_data):
            self.found.append(tag)
        self.found += [
            f"{tag} {name}"
            for name, value in attrs
            if name == "style" or name.startswith("on") or "javascript:" in (value or "").lower()
        ]


def policy_of_answer(response: HttpResponse) -> dict[str, set[str]]:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: set(values) for name, *values in parts}


def assert_guarded(response: HttpResponse) -> None:
    is_paper = response.get("Content-Disposition", "").startswith("attachment; filename=")
    policy = policy_of_answer(response)
    assert policy == POLICY or (is_paper and policy == OF_A_PAPER)
    assert {name: response.headers.get(name) for name in EXACT} == EXACT
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cache-Control"] == keeping(response)
    assert response["X-Request-ID"]
    assert "Cookie" in response.get("Vary", "") or response.status_code in (301, 400, 500)
    if response.get("Content-Type", "").startswith("text/html"):
        assert inline_parts(response) == []


def keeping(response: HttpResponse) -> str:
    """Nobody keeps a page; what carries a mark of its version may be kept and asked again."""
    return "private, no-cache" if "ETag" in response.headers else "private, no-store"


def inline_parts(response: HttpResponse) -> list[str]:
    parser = InlineParts()
    parser.feed(response.text)
    return parser.found


@pytest.mark.parametrize("route", every_route(), ids=str)
def test_every_address_is_guarded(world: World, route: Route) -> None:
    for who in ("anonymous", "dora"):
        for method in ("GET", "POST"):
            assert_guarded(world.client(who).generic(method, world.path(route, "a")))


def test_a_page_that_does_not_exist_is_guarded(world: World) -> None:
    assert_guarded(world.client("alice").get("/no/such/page"))


def test_a_redirect_to_the_slash_is_guarded(world: World) -> None:
    assert_guarded(world.client("alice").get("/account/password"))


def test_a_form_without_its_token_is_refused_guarded(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/sign-in/", {"username": "alice"})
    assert response.status_code == 403
    assert_guarded(response)


def test_a_wrong_host_is_refused_guarded(client: Client) -> None:
    response = client.get("/sign-in/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.text
    assert_guarded(response)


def test_a_breakdown_is_guarded_and_tells_nothing(client: Client, settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.access.door_urls"
    client.raise_request_exception = False
    response = client.get("/forgotten/")
    assert response.status_code == 500
    assert_guarded(response)
    for secret in ("Traceback", "door_urls", "forgotten", str(settings.BASE_DIR)):
        assert secret not in response.text


def test_the_address_of_the_api_answers_problems_guarded(world: World) -> None:
    for who in ("anonymous", "alice"):
        response = world.client(who).get(f"{API_PREFIX}no/such/thing")
        assert response["Content-Type"] == "application/problem+json"
        assert_guarded(response)


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
def test_strange_methods_are_refused(world: World, method: str) -> None:
    for who in ("anonymous", "alice"):
        assert world.client(who).generic(method, "/").status_code in (302, 403, 405)
