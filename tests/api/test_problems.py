"""Whatever goes wrong is told as problem details: what, where, and what to do."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from shopguard.lib.api.problems import PROBLEMS
from stores.models import Shop, User
from tests.api.conftest import Program
from tests.conftest import SignedIn

JSON = "application/json"
PREFERENCES = "/api/v1/me/preferences/"


def assert_problem(response: object, status: int) -> dict[str, object]:
    assert response.status_code == status, response.content  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/problem+json"  # type: ignore[index]
    body: dict[str, object] = response.json()  # type: ignore[attr-defined]
    assert body["status"] == status
    assert body["type"] == f"/api/docs/#problem-{PROBLEMS[status].code}"
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == response.wsgi_request.path  # type: ignore[attr-defined]
    assert body["request_id"] == response["X-Request-ID"]  # type: ignore[index]
    return body


def test_nobody_is_401(client: Client, shop: Shop) -> None:
    for path in ("/api/v1/shops/plum/", "/api/v1/shops/none/", "/api/v1/audit/", "/api/x"):
        assert assert_problem(client.get(path), 401)


def test_a_foreign_and_an_unknown_shop_are_the_same_404(
    program: Program, alice: User, other_shop: Shop
) -> None:
    client = program(alice)
    foreign, unknown = (
        assert_problem(client.get(f"/api/v1/shops/{key}/orders/"), 404) for key in ("birch", "none")
    )
    same = {"type", "title", "status", "detail"}
    assert {key: foreign[key] for key in same} == {key: unknown[key] for key in same}


def test_what_admins_see_is_404_for_others(program: Program, alice: User, dora: User) -> None:
    for path in ("/api/v1/runs/", "/api/v1/runs/1/", "/api/v1/audit/"):
        assert_problem(program(alice).get(path), 404)
    assert program(dora).get("/api/v1/audit/").status_code == 200


def test_an_unknown_address_is_404(program: Program, alice: User) -> None:
    assert_problem(program(alice).get("/api/v1/nothing/"), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_method_nobody_offers_is_405_and_names_those_offered(
    program: Program, alice: User, method: str
) -> None:
    response = getattr(program(alice), method)("/api/v1/shops/plum/reviews/")
    assert_problem(response, 405)
    assert response["Allow"] == "GET, HEAD"


def test_another_format_is_406(program: Program, alice: User) -> None:
    client = program(alice)
    assert_problem(client.get("/api/v1/me/", headers={"Accept": "application/xml"}), 406)
    assert client.get("/api/v1/me/", headers={"Accept": "*/*"}).status_code == 200


def test_another_content_type_is_415(program: Program, alice: User) -> None:
    assert_problem(program(alice).patch(PREFERENCES, "theme=dark", content_type="text/plain"), 415)


@pytest.mark.parametrize(
    "body",
    ["{", "[1", '{"theme": NaN}', "[" * 200_000, b"\xff\xfe", '"\\ud800"', "null", "[]", "7"],
)
def test_a_body_that_is_no_object_is_400(program: Program, alice: User, body: str | bytes) -> None:
    assert_problem(program(alice).patch(PREFERENCES, body, content_type=JSON), 400)


def test_a_body_without_end_is_413(program: Program, alice: User) -> None:
    body = '{"theme": "' + "x" * 1_100_000 + '"}'
    assert_problem(program(alice).patch(PREFERENCES, body, content_type=JSON), 413)


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"theme": "pink"}, "theme"),
        ({"theme": None}, "theme"),
        ({"theme": ["dark"]}, "theme"),
        ({"theme": "\ud800"}, "theme"),
        ({"theme": "\x00"}, "theme"),
        ({"color": "dark"}, "color"),
        ({"is_staff": True, "theme": "dark"}, "is_staff"),
    ],
)
def test_a_field_at_fault_is_named(
    program: Program, alice: User, sent: dict[str, object], named: str
) -> None:
    body = assert_problem(program(alice).patch(PREFERENCES, sent, content_type=JSON), 400)
    (error,) = body["errors"]  # type: ignore[misc]
    assert (error["in"], error["name"]) == ("body", named)
    assert error["detail"]
    alice.refresh_from_db()
    assert (alice.theme, alice.is_staff) == ("", False)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("colour=red", "colour"),
        ("rating=five", "rating"),
        ("rating=" + "9" * 5000, "rating"),
        ("created_from=yesterday", "created_from"),
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=x", "page_size"),
        ("page_size=%EF%BC%91", "page_size"),
        ("ordering=text", "ordering"),
        ("ordering=--rating", "ordering"),
        ("cursor=forged", "cursor"),
        ("rating=1&rating=2", "rating"),
        ("order_id=a%00b", "order_id"),
    ],
)
def test_a_query_parameter_at_fault_is_named(
    program: Program, alice: User, query: str, named: str
) -> None:
    body = assert_problem(program(alice).get(f"/api/v1/shops/plum/reviews/?{query}"), 400)
    (error,) = body["errors"]  # type: ignore[misc]
    assert (error["in"], error["name"]) == ("query", named)


@pytest.mark.parametrize(
    "path", ["/api/v1/me/", "/api/v1/shops/plum/", "/api/v1/shops/plum/metrics/"]
)
def test_a_parameter_where_there_are_none_is_named_too(
    program: Program, alice: User, path: str
) -> None:
    assert_problem(program(alice).get(path + "?verbose=1"), 400)


def test_too_many_requests_are_429_with_the_time_to_wait(
    program: Program, alice: User, bob: User, settings: Settings
) -> None:
    settings.API_RATE = "2/min"
    client = program(alice)
    assert [client.get("/api/v1/me/").status_code for _ in range(3)] == [200, 200, 429]
    refusal = client.get("/api/v1/me/")
    assert_problem(refusal, 429)
    assert 0 < int(refusal["Retry-After"]) <= 60
    assert program(bob).get("/api/v1/me/").status_code == 200


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Exception]:
    """What every request for a person's entries runs into."""
    error = RuntimeError("secret detail")

    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr("stores.api.me.entries_of", fail)
    return error  # type: ignore[return-value]


def test_an_error_of_ours_is_500_and_tells_nothing(
    signed_in: SignedIn, alice: User, broken: Exception
) -> None:
    client = signed_in(alice)
    client.raise_request_exception = False
    response = client.get("/api/v1/me/")
    assert_problem(response, 500)
    assert "secret" not in response.text


def test_a_database_that_is_away_is_503(
    signed_in: SignedIn, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("stores.api.me.entries_of", away)
    client = signed_in(alice)
    client.raise_request_exception = False
    response = client.get("/api/v1/me/")
    assert_problem(response, 503)
    assert response["Retry-After"]


def test_problems_speak_the_language_of_the_person(program: Program, alice: User) -> None:
    client = program(alice)
    client.patch(PREFERENCES, {"language": "en"}, content_type=JSON)
    assert client.get("/api/v1/nothing/")["Content-Language"] == "en"
