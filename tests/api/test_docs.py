"""The API describes itself completely: for programs, and for people on a page."""

import json
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from shopguard.api_docs import described
from shopguard.lib.api.problems import PROBLEMS
from stores.models import User
from tests.access.routes import every_route
from tests.api.conftest import Program
from tests.conftest import SignedIn

SCHEMA, DOCS = "/api/schema", "/api/docs/"


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """What the API says about itself."""
    return described()


def each_operation(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_generator_has_nothing_to_warn_of(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate")
    assert "arning" not in capsys.readouterr().err


def test_the_description_is_valid_openapi(description: dict[str, Any]) -> None:
    validate_schema(description)


def test_every_address_of_the_api_is_described(description: dict[str, Any]) -> None:
    shown = {path.replace("{", "<").replace("}", ">") for path in description["paths"]}
    for route in every_route():
        if route.text.startswith("api/v1/"):
            text = "/" + route.text.replace("str:", "").replace("int:", "").replace("day:", "")
            assert text in shown


def test_every_operation_is_told_completely(description: dict[str, Any]) -> None:
    for name, operation in each_operation(description):
        assert operation["summary"], name
        assert operation["description"], name
        assert {"400", "401", "406", "429", "500", "503"} <= operation["responses"].keys(), name
        for parameter in operation["parameters"]:
            assert parameter.get("description"), f"{name} {parameter['name']}"


def test_every_field_is_explained(description: dict[str, Any]) -> None:
    silent = [
        f"{name}.{key}"
        for name, shape in description["components"]["schemas"].items()
        for key, field in shape.get("properties", {}).items()
        if not field.get("description")
    ]
    assert not silent


def test_every_answer_has_an_example_of_its_own_shape(description: dict[str, Any]) -> None:
    shapes = {"components": description["components"]}
    for name, operation in each_operation(description):
        parts = [operation["responses"].get("200", {}), operation.get("requestBody", {})]
        for part in parts:
            for content in part.get("content", {}).values():
                plain = json.loads(json.dumps({**shapes, **content["schema"]}, default=str))
                errors = list(Draft202012Validator(plain).iter_errors(content["example"]))
                assert not errors, f"{name}: {errors[0].message}"


def test_money_ends_in_fen_and_ids_are_text(description: dict[str, Any]) -> None:
    for name, shape in description["components"]["schemas"].items():
        for key, field in shape.get("properties", {}).items():
            if key == "id" or key.endswith("_id"):
                assert field["type"] == "string", f"{name}.{key}"
            assert "yuan" not in key
            assert not key.endswith(("price", "paid", "freight", "cost", "refunded")), key


def test_it_is_read_as_json_and_as_yaml(program: Program, alice: User) -> None:
    client = program(alice)
    as_json = client.get(SCHEMA)
    as_yaml = client.get(SCHEMA, headers={"Accept": "application/vnd.oai.openapi"})
    assert json.loads(as_json.content) == yaml.safe_load(as_yaml.content)


def test_it_speaks_the_language_of_the_person(program: Program, alice: User) -> None:
    client = program(alice)
    chinese = client.get(SCHEMA).json()["paths"]["/api/v1/shops/"]["get"]["summary"]
    alice.language = "en"
    alice.save()
    english = client.get(SCHEMA).json()["paths"]["/api/v1/shops/"]["get"]["summary"]
    assert (chinese, english) == ("店铺", "Shop")


def test_nobody_reads_it_unasked(client: Client) -> None:
    assert client.get(SCHEMA).status_code == 401
    answer = client.get(DOCS)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("sign_in"))


def test_the_page_shows_every_operation(
    signed_in: SignedIn, alice: User, description: dict[str, Any]
) -> None:
    page = signed_in(alice).get(DOCS).text
    for name, operation in each_operation(description):
        assert f'id="{operation["operationId"]}"' in page, name
        for parameter in operation["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page, name


def test_every_problem_leads_to_its_place_on_the_page(signed_in: SignedIn, alice: User) -> None:
    page = signed_in(alice).get(DOCS).text
    for kind in PROBLEMS.values():
        assert f'id="problem-{kind.code}"' in page


def test_the_page_loads_nothing_from_elsewhere(signed_in: SignedIn, alice: User) -> None:
    page = signed_in(alice).get(DOCS).text
    for mark in ('src="http', 'href="http', "<style", "onclick", "cdn"):
        assert mark not in page
