"""Text of strangers stays text: markup in any field of any record is shown, never obeyed."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.http import HttpResponse
from pytest_django import DjangoDbBlocker

from stores.access import Audience
from tests.access.routes import Route, routes_for
from tests.access.world import World, build_world

pytestmark = pytest.mark.django_db

# Opens an element, closes either kind of quoted attribute, and fits the shortest text fields.
MARKS = {"a": "<x7>\"'", "b": "<y7>\"'"}
TEMPLATE_SIGNS, WORKED_OUT = "{{7919*7907}}", "62615533"
READERS = (("alice", "a"), ("bob", "a"), ("charlie", "b"), ("dora", "a"))


@pytest.fixture(scope="module")
def hostile(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A world in which every text is markup."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world(MARKS)
        transaction.set_rollback(True)


@pytest.fixture
def world(hostile: World, db: None) -> World:
    hostile.clients.clear()
    return hostile


class Obeyed(HTMLParser):
    """Collects marks that became elements or attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        names = [tag, *(name for name, _ in attrs)]
        self.found += [name for name in names if "x7" in name or "y7" in name]

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees."""
        self.text += data


def read(response: HttpResponse) -> Obeyed:
    parser = Obeyed()
    parser.feed(response.text)
    return parser


def assert_plain(response: HttpResponse, where: str) -> None:
    """A page escapes the mark; anything else is no page for any browser."""
    if not response.get("Content-Type", "").startswith("text/html"):
        assert response["X-Content-Type-Options"] == "nosniff"
        return
    assert read(response).found == [], where
    for mark in MARKS.values():
        assert mark[:4] not in response.text, where


@pytest.mark.parametrize(
    "route",
    routes_for(Audience.SHOP, Audience.SIGNED_IN, Audience.ADMIN),
    ids=str,
)
def test_markup_in_the_records_is_shown_as_text(world: World, route: Route) -> None:
    for who, tenant in READERS:
        response = world.client(who).get(world.path(route, tenant), follow=True)
        assert response.status_code < 500
        assert_plain(response, f"{who} {route}")


@pytest.mark.parametrize("route", routes_for(Audience.SHOP), ids=str)
def test_pages_of_a_shop_do_show_it(world: World, route: Route) -> None:
    response = world.client("alice").get(world.path(route, "a"), follow=True)
    if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
        assert "<x7>" in read(response).text


@pytest.mark.parametrize("payload", [*MARKS.values(), TEMPLATE_SIGNS, "</script><x7>", "\u2028"])
def test_markup_in_the_address_is_text_too(world: World, payload: str) -> None:
    for who in ("anonymous", "alice"):
        for path in ("/", "/sign-in/", "/nowhere/"):
            response = world.client(who).get(path, {"q": payload, "next": payload, "page": payload})
            assert response.status_code < 500
            assert_plain(response, f"{who} {path} {payload}")
            assert WORKED_OUT not in read(response).text
