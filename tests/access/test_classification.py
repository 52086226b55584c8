"""Every address says whom it is for, and every model whose rows it holds."""

import ast
from pathlib import Path
from typing import TypeGuard

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from stores.access import FORM, READ, WRITE, Audience
from tests.access.routes import Route, every_route
from tests.access.world import way_to_shop

ROUTES = every_route()
MODELS = apps.get_models()
# Pages without a sign-in are few, and one more is a decision: it is made here.
PUBLIC = {
    "sign_in", "set_language", "set_theme", "demo_sign_in", "healthz", "readyz", "metrics",
}  # fmt: skip
# What ops may not enter; one more or less is a decision: it is made here.
FOR_OWNERS = {
    "settings", "settings_images", "settings_image", "settings_image_drop", "settings_people",
    "conduct", "conduct_case", "appeal_send", "appeal_papers", "appeal_paper",
    "service:exam_record", "service:own_ask", "service:own_exam", "service:own_withdraw",
    "service:platform_take",
    "aftersales:services_set", "aftersales:rule_add", "aftersales:rule_drop",
    "freightins:open", "freightins:close", "freightins:enter_fee", "freightins:costs",
    "freightins:invoice_ask", "freightins:invoice_move",
    "api:shop_settings", "api:shop_members", "api:standing", "api:appeals", "api:appeal",
    "api:appeal_paper_send", "api:appeal_paper", "api:case_services_switch",
    "api:assistant_rules", "api:assistant_rule", "api:cover_open", "api:cover_close",
    "api:fee_entry", "api:costs_entry", "api:invoice_ask", "api:invoice_step",
    "api:assessment_exam", "api:service_mode_exam", "api:service_mode_own",
    "api:service_mode_platform", "api:service_mode_withdraw", "api:shop_image", "api:shop_images",
}  # fmt: skip
# Django's own tables cannot say it themselves.
GLOBAL_MODELS = {
    "admin.LogEntry": "of Django's admin, which writes nothing here; stays empty",
    "auth.Permission": "of Django; nobody is given one, roles are memberships",
    "auth.Group": "of Django; stays empty",
    "contenttypes.ContentType": "of Django; names of models",
    "sessions.Session": "of a person, found only by its secret key",
    "otp_totp.TOTPDevice": "of a person; the secret of their app",
    "otp_static.StaticDevice": "of a person; holds their backup codes",
    "otp_static.StaticToken": "of a person; a backup code as a keyed hash",
}
# Modules that answer requests ask selectors; a query of their own could forget the shop.
ANSWERING = (
    "views.py",
    "views/*.py",
    "urls.py",
    "api.py",
    "api/*.py",
    "desk/*.py",
    "nav.py",
    "home.py",
)


def label(model: type[Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_address_says_who_may_enter(route: Route) -> None:
    assert route.policy is not None, f"put a policy of stores.access on the view of {route.text}"
    assert route.policy.methods <= READ | FORM | WRITE | {"PUT", "PATCH", "DELETE"}
    assert route.policy.methods


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_address_has_a_name(route: Route) -> None:
    assert route.name.rpartition(":")[2], f"name the pattern {route.text}"


def test_names_of_addresses_are_unique() -> None:
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names))


def test_public_addresses_are_the_known_ones() -> None:
    found = {route.name for route in ROUTES if route.audience is Audience.PUBLIC}
    assert found == PUBLIC


def test_addresses_of_owners_alone_are_the_known_ones() -> None:
    closed = {
        route.name
        for route in ROUTES
        if route.policy and route.audience is Audience.SHOP and "ops" not in route.policy.roles
    }
    assert closed == FOR_OWNERS


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_public_address_says_why(route: Route) -> None:
    assert route.policy is not None
    is_public = route.policy.audience is Audience.PUBLIC
    assert bool(route.policy.reason) == is_public


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_an_address_with_a_shop_is_a_page_of_that_shop(route: Route) -> None:
    assert ("shop" in route.parameters) == (route.audience is Audience.SHOP)
    if route.audience is Audience.SHOP:
        assert route.policy is not None
        assert route.policy.roles


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_model_says_whose_its_rows_are(model: type[Model]) -> None:
    tenancy = getattr(model, "tenancy", None)
    if label(model) in GLOBAL_MODELS:
        assert tenancy is None
        return
    assert tenancy is not None, f"give {label(model)} a `tenancy`"
    kind, _, reason = tenancy.partition(": ")
    assert kind in ("shop", "global")
    assert bool(reason) == (kind == "global"), "a global model says why it is global"


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_record_of_a_shop_leads_to_its_shop(model: type[Model]) -> None:
    if getattr(model, "tenancy", "") == "shop":
        assert way_to_shop(model)


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_a_record_with_a_required_shop_is_not_global(model: type[Model]) -> None:
    names = {field.name: field for field in model._meta.concrete_fields}
    if "shop" in names and not names["shop"].null:
        assert getattr(model, "tenancy", "") == "shop"


def answering_modules() -> list[Path]:
    root = Path(settings.BASE_DIR)
    packages = ("shopguard", "stores", "aftersales", "servicescore", "freightins")
    return sorted(
        file for name in packages for part in ANSWERING for file in (root / name).glob(part)
    )


@pytest.mark.parametrize("module", answering_modules(), ids=lambda path: "/".join(path.parts[-2:]))
def test_what_answers_requests_makes_no_query_of_its_own(module: Path) -> None:
    queries = ("objects", "_default_manager", "_base_manager", "raw", "get_object_or_404")
    nodes = [node for node in ast.walk(ast.parse(module.read_text())) if is_attribute(node)]
    empty = {node.value for node in nodes if node.attr == "none"}
    assert [f"line {n.lineno}" for n in nodes if n.attr in queries and n not in empty] == []


def is_attribute(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute)
