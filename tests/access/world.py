"""Two tenants of the same shape with a mark in every field, and what may change where.

Alice owns the two shops of tenant A and Bob works in them; Charlie owns the two shops of tenant B.
Every model that belongs to a shop has rows in all four, filled by looking at its fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aftersales.models import (
    AfterSaleCase,
    AssistantRule,
    CaseView,
    FindingRow,
    FindingSet,
    Fix,
    ReplyTemplate,
    ReturnLoyalty,
    ReturnSumsRow,
    SampleCheck,
)
from freightins.models import ChoiceSet, InvoiceRequest, Trial
from servicescore.models import AgentShift, DailyRow, LiveSession, ModeSwitch, QualitySample
from servicescore.rules import score_book
from servicescore.services.scores import scores_compute
from stores.models import (
    ApiToken,
    Appeal,
    AppealPaper,
    Application,
    ApplicationPaper,
    Complaint,
    DelayReport,
    ImportBatch,
    ImportUpload,
    Membership,
    Order,
    OrderLine,
    Parcel,
    PenaltyView,
    Review,
    Role,
    Run,
    Shard,
    Shop,
    ShopImage,
    State,
    Step,
    User,
    Violation,
)
from tests.access.routes import Route
from tests.conftest import DAY_ZERO
from tests.factories import START, fill, make_member, make_user

MARK_A, MARK_B, MARK_NOBODY = "QZ7A", "QZ7B", "QZ7N"
MARKS = {"a": MARK_A, "b": MARK_B}
EVERYBODY = ("anonymous", "alice", "bob", "charlie", "dora")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
DAYS = 20
# Parameters that stand for a record of the tenant's first shop.
RECORDS: dict[str, type[models.Model]] = {
    "paper": AppealPaper,
    "shift": AgentShift, "live": LiveSession, "switch": ModeSwitch, "sample": QualitySample,
    "case": AfterSaleCase, "view": CaseView, "rule": AssistantRule, "review": Review,
    "case_view": CaseView,
    "complaint": Complaint, "report": DelayReport, "violation": Violation, "appeal": Appeal,
    "fix": Fix, "image": ShopImage, "invoice": InvoiceRequest, "trial": Trial,
}  # fmt: skip
# All of those.
RECORD_NAMES = frozenset(RECORDS) | {"upload", "batch", "choice_set"}
# Filled on purpose rather than by looking at their fields: people, and what makes a score.
OWN_TABLES = (
    Membership, DailyRow, apps.get_model("servicescore", "ScoreRevision"), ReturnLoyalty,
    ReturnSumsRow,
)  # fmt: skip


@dataclass
class World:
    """The people with their open sessions and browsers, and the shops by tenant."""

    shops: dict[str, list[Shop]]
    people: dict[str, User]
    run: Run
    sessions: dict[str, str]
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """A browser of that person; of nobody for ``anonymous``."""
        if who not in self.clients:
            client = Client(raise_request_exception=False)
            if who != "anonymous":
                client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
            self.clients[who] = client
        return self.clients[who]

    def path(self, route: Route, tenant: str, *, shop_of: str = "") -> str:
        """The address of a route with the ids of a tenant, in the shop of another where told."""
        given = self.parameters(route, tenant)
        given |= {"shop": self.shops[shop_of or tenant][0].external_id}
        missing = set(route.parameters) - given.keys()
        assert not missing, f"{route}: say in tests/access/world.py what {missing} stands for"
        return reverse(route.name, kwargs={name: given[name] for name in route.parameters})

    def parameters(self, route: Route, tenant: str) -> dict[str, Any]:
        """What the parameters of addresses stand for in a tenant."""
        given: dict[str, Any] = {"shop": self.shops[tenant][0].external_id, "app_label": "stores"}
        given |= {"run": self.run.pk, "day": DAY_ZERO}
        given |= {"metric": "dispute_rate", "kind": "csv", "version": 0, "rank": 1}
        if "shard" in route.parameters:
            given["shard"] = Shard.objects.get(step__run=self.run).pk
        if "upload" in route.parameters:
            given["upload"] = ImportUpload.objects.filter(shop=self.shops[tenant][0])[0].pk
        if "batch" in route.parameters:
            given["batch"] = ImportBatch.objects.filter(shop=self.shops[tenant][0])[0].pk
        for name, model in RECORDS.items():
            if name in route.parameters:
                given[name] = model._default_manager.filter(shop=self.shops[tenant][0])[0].pk
        given |= self.own_rows(route, {"a": "alice", "b": "charlie"}[tenant])
        if "choice_set" in route.parameters:
            given["choice_set"] = ChoiceSet.objects.filter(shop=self.shops[tenant][0])[0].pk
        if "penalty_view" in route.parameters:
            given["penalty_view"] = fill(PenaltyView, MARK_NOBODY, user=self.people["dora"]).pk
        if "object_id" in route.parameters:
            given["object_id"] = self.row_of(route, tenant).pk
        return given

    def own_rows(self, route: Route, owner: str) -> dict[str, Any]:
        """What stands for records of a person rather than of a shop."""
        mine = {
            "token": ApiToken.objects.filter(user=self.people[owner]),
            "application": Application.objects.filter(applicant=self.people[owner]),
            "person": User.objects.filter(pk=self.people[owner].pk),
            "sheet": ApplicationPaper.objects.filter(application__applicant=self.people[owner]),
        }
        return {
            name: rows.order_by("pk")[0].pk
            for name, rows in mine.items()
            if name in route.parameters
        }

    def row_of(self, route: Route, tenant: str) -> models.Model:
        """A row of the tenant, of the model an admin page shows; any row where nobody owns one."""
        name = route.name.removeprefix("admin:").rpartition("_")[0]
        model = next(
            model
            for model in apps.get_models()
            if f"{model._meta.app_label}_{model._meta.model_name}" == name
        )
        way = way_to_shop(model)
        rows = model._default_manager.all()
        keys = [shop.pk for shop in self.shops[tenant]]
        row = (rows.filter(**{f"{way}__in": keys}) if way else rows).first()
        return row or fill(model, MARK_NOBODY)


def build_world(marks: dict[str, str] = MARKS) -> World:
    """Create everybody and everything, with a mark per tenant in every text. Needs a database."""
    shops = {key: [a_shop(mark, number) for number in (1, 2)] for key, mark in marks.items()}
    people = {name: make_user(name) for name in ("alice", "bob", "charlie")}
    people["dora"] = make_user("dora", is_staff=True)
    for shop in shops["a"]:
        make_member(people["alice"], shop, Role.OWNER)
        make_member(people["bob"], shop, Role.OPS)
    for shop in shops["b"]:
        make_member(people["charlie"], shop, Role.OWNER)
    newest = score_book().sets[-1]
    run = Run.objects.create(
        day=DAY_ZERO, rule_set=newest.id, rule_hash=newest.hash, trigger=Run.Trigger.NIGHTLY,
        state=State.DONE, finished_at=START,
    )  # fmt: skip
    step = Step.objects.create(run=run, position=1, name="daily", state=State.DONE)
    Shard.objects.create(step=step, key="shops-1", state=State.DONE)
    owners = {"a": people["alice"], "b": people["charlie"]}
    for key, mark in marks.items():
        fill(ApiToken, mark, user=owners[key], revoked_at=None)
        applied = fill(Application, mark, applicant=owners[key], shop=None, invitation=None)
        fill(ApplicationPaper, mark, application=applied, media="application/pdf")
        for shop in shops[key]:
            fill_shop(shop, mark, owners[key], run)
        scores_compute(run_id=run.pk, industry=shops[key][0].industry)
    return World(shops, people, run, {who: session_of(user) for who, user in people.items()})


def session_of(user: User) -> str:
    """The key of a session just opened, so that later fingerprints show only what requests do."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def a_shop(mark: str, number: int) -> Shop:
    """A shop with the mark in every text; the shops of a tenant are one industry."""
    return fill(
        Shop, mark, external_id=f"{mark}-shop-{number}", industry=f"{mark}-industry", hours=""
    )


def fill_shop(shop: Shop, mark: str, user: User, run: Run) -> None:
    """Two rows of every model of the shop, and days that make a score."""
    for model in shop_models():
        if model is not Shop and model not in OWN_TABLES:
            for _ in range(2):
                fill(model, mark, shop=shop, user=user, granted_by=user, run=run, consumed_by=run)
    give_finding(shop, mark)
    give_waiting(shop, mark)
    ShopImage.objects.filter(shop=shop).update(media="image/png")
    for named in Appeal.objects.filter(shop=shop).values_list("violation_ref", flat=True):
        fill(Violation, mark, shop=shop, external_id=named)
    give_sums(shop, mark)
    counted = {
        f.name: 40 if f.name.endswith("_den") else 20
        for f in DailyRow._meta.concrete_fields
        if f.name.endswith(("_num", "_den"))
    }
    for back in range(1, DAYS + 1):
        day = DAY_ZERO - timedelta(days=back)
        fill(DailyRow, mark, shop=shop, day=day, signed_orders=60, **counted)


def give_finding(shop: Shop, mark: str) -> None:
    """Make the newest search of the shop one with a finding pages can show."""
    found = FindingSet.objects.filter(shop=shop).order_by("-date")[0]
    FindingRow.objects.filter(shop=shop).delete()
    FindingSet.objects.filter(pk=found.pk).update(rows=100, returns=26, quality=4)
    lines = list(OrderLine.objects.filter(shop=shop).values_list("pk", flat=True))
    fill(
        FindingRow, mark, shop=shop, found=found, rank=1, outcome="return", lines=lines,
        cut=[["product", f"{mark}-product"]], n_inside=40, k_inside=20, n_outside=60, k_outside=6,
        bars=[[f"{mark}-product", 40, 20], [f"{mark}-other", 60, 6]], reasons=[[f"{mark}-why", 20]],
    )  # fmt: skip


def give_waiting(shop: Shop, mark: str) -> None:
    """An order to ship, one on the way for too long, one to ask a review of, and a line that came
    back in the sums.
    """
    now = timezone.now()
    to_ship = {"shipped_at": None, "cancelled_at": None, "logistics_mode": "express"}
    fill(Order, mark, shop=shop, **to_ship, ship_by=now + timedelta(hours=2), channel="normal")
    late = fill(Order, mark, shop=shop, signed_at=None, cancelled_at=None)
    ages = {"shipped_at": now - timedelta(days=9), "last_event_at": now - timedelta(days=8)}
    fill(Parcel, mark, shop=shop, order_ref=late.external_id, status="in_transit", **ages)
    fill(Order, mark, shop=shop, signed_at=now - timedelta(days=5))
    bought = START - timedelta(days=9)
    times = {"placed_at": bought, "paid_at": bought, "signed_at": bought + timedelta(days=3)}
    back = fill(Order, mark, shop=shop, **times)
    named = {"order_ref": back.external_id, "line_no": 1}
    fill(OrderLine, mark, shop=shop, **named)
    fill(
        AfterSaleCase, mark, shop=shop, **named, kind="return_refund", outcome="completed",
        applied_at=START - timedelta(days=1),
    )  # fmt: skip


def give_sums(shop: Shop, mark: str) -> None:
    """Sums by every date basis, the mark wherever a text of a file stands."""
    Fix.objects.filter(shop=shop).update(withdrawn_at=None)
    SampleCheck.objects.filter(shop=shop).update(fix=Fix.objects.filter(shop=shop)[0])
    ReplyTemplate.objects.filter(shop=shop).update(is_hidden=False)
    fill(ReturnLoyalty, mark, shop=shop)
    values = [
        [f"{mark}-value", 40, 20, 4, 4, 9900, 10, 10, 0.01],
        ["", 60, 6, 1, 1, 500, 0, 0, None],
    ]
    heat = {
        "products": [f"{mark}-product"], "totals": [26], "reasons": [f"{mark}-why"],
        "cells": [[0, 0, 20, 0.01]],
    }  # fmt: skip
    named = ("product", "sku", "spec", "category", "province", "courier")
    for basis in ("signed", "paid", "applied"):
        fill(
            ReturnSumsRow, mark, shop=shop, basis=basis, date=DAY_ZERO, heat=heat,
            days=[[1, 1, 0, 0, 900, 0, 0, [[0, 1]]]] * 90, around=[[2, 60, 1, 7200, 0]] * 90,
            cuts=dict.fromkeys(named, values), reasons=[[f"{mark}-why", 26]],
        )  # fmt: skip


def shop_models() -> list[type[models.Model]]:
    """Every model that says its rows belong to a shop."""
    return [model for model in apps.get_models() if getattr(model, "tenancy", "") == "shop"]


def way_to_shop(model: type[models.Model]) -> str:
    """How to filter the rows of a model by shop: ``shop``, ``batch__shop``, ``pk``; or nothing."""
    if model is Shop:
        return "pk"
    keys = [f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    if any(key.name == "shop" for key in keys):
        return "shop"
    for key in keys:
        if getattr(key.related_model, "tenancy", "") == "shop":
            return f"{key.name}__{way_to_shop(key.related_model)}"
    return ""


def fingerprint_of(shops: list[Shop]) -> dict[str, str]:
    """A hash of every row of some shops, by model: what nobody else may change; empty: no row."""
    return hashes(*rows_of_shops(tuple(shop.pk for shop in shops)))


@cache
def rows_of_shops(keys: tuple[int, ...]) -> tuple[list[str], list[Any]]:
    """The statements that hash every row of some shops, and the values in them."""
    parts: list[str] = []
    values: list[Any] = []
    for model in shop_models():
        rows = model._default_manager.filter(**{f"{way_to_shop(model)}__in": keys}).values("pk")
        chosen, given = rows.order_by().query.sql_with_params()
        where = f'WHERE "{model._meta.pk.column}" IN ({chosen})'
        parts.append(hashed(model._meta.label, model._meta.db_table, where))
        values += given
    return parts, values


def fingerprint() -> dict[str, str]:
    """A hash of every table there is, by table."""
    tables = connection.introspection.table_names()
    return hashes([hashed(table, table) for table in tables])


def hashed(label: str, table: str, where: str = "") -> str:
    """The statement that tells number and content of rows, in whatever order they lie."""
    content = "count(*) || ' ' || sum(hashtextextended(t::text, 0))"
    return f"SELECT '{label}', {content} FROM \"{table}\" t {where}"


def hashes(parts: list[str], values: Sequence[Any] = ()) -> dict[str, str]:
    """What the statements tell, by label."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values or None)
        return {label: told or "" for label, told in cursor.fetchall()}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The tables that changed."""
    return [table for table in before if before[table] != after.get(table)]
