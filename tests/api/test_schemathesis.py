"""Made-up requests for every operation, good and bad, as every role: no answer surprises.

schemathesis reads the description the API gives of itself and holds every answer against it:
status, content type, shape, and that good requests are taken and bad ones are refused.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.errors import Unsatisfiable
from pytest_django import Settings
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from shopguard.wsgi import application
from stores.models import ImportBatch, KeptAnswer, Shop, User
from stores.services.tokens import token_create
from tests.api.records import furnish, score
from tests.conftest import DAY_ZERO
from tests.pages.returns import FIX, sums_build

EXAMPLES = 12
# What these take hangs on more than a schema can say: a file that is a picture, a tax number with
# its check digit, the state an application or a case is in, the kinds a role hears of, rows that
# exist, texts that hold more than spaces.
# Their own tests say what is taken and what is refused; here they may refuse what looks right.
PARTICULAR = {
    "GET /api/v1/shops/{shop}/search/",
    "POST /api/v1/delay-reports/decision/",
    "POST /api/v1/invitations/",
    "POST /api/v1/me/email/",
    "POST /api/v1/me/email/proof/",
    "POST /api/v1/penalties/",
    "POST /api/v1/penalties/{violation}/weigh/",
    "POST /api/v1/people/",
    "POST /api/v1/people/{person}/right/",
    "POST /api/v1/penalty-views/",
    "POST /api/v1/runs/{run}/retry/",
    "POST /api/v1/shards/{shard}/retry/",
    "POST /api/v1/shops/{shop}/assessment/exams/record/",
    "POST /api/v1/shops/{shop}/images/",
    "POST /api/v1/shops/{shop}/live-sessions/",
    "POST /api/v1/shops/{shop}/samples/draw/",
    "POST /api/v1/shops/{shop}/samples/{sample}/mark/",
    "POST /api/v1/shops/{shop}/service-mode/own/",
    "POST /api/v1/shops/{shop}/service-mode/own/{switch}/exam/",
    "POST /api/v1/shops/{shop}/service-mode/own/{switch}/withdraw/",
    "POST /api/v1/shops/{shop}/service-mode/platform/",
    "POST /api/v1/shops/{shop}/shifts/",
    "PUT /api/v1/me/webhook/",
    "PATCH /api/v1/onboarding/{application}/",
    "PATCH /api/v1/shops/{shop}/settings/",
    "POST /api/v1/appeals/{appeal}/decision/",
    "POST /api/v1/applications/{application}/decision/",
    "POST /api/v1/applications/{application}/deposit/",
    "POST /api/v1/onboarding/",
    "POST /api/v1/onboarding/{application}/open/",
    "POST /api/v1/onboarding/{application}/papers/",
    "POST /api/v1/onboarding/{application}/submit/",
    "POST /api/v1/onboarding/{application}/withdraw/",
    "POST /api/v1/penalties/decide/",
    "POST /api/v1/penalties/{violation}/undo/",
    "POST /api/v1/shops/{shop}/settings/members/",
    "PATCH /api/v1/me/channels/",
    "POST /api/v1/imports/",
    "POST /api/v1/shops/{shop}/aftersales/notes/",
    "POST /api/v1/shops/{shop}/appeals/{appeal}/papers/",
    "POST /api/v1/shops/{shop}/fixes/",
    "POST /api/v1/shops/{shop}/insurance/invoices/ask/",
    "POST /api/v1/shops/{shop}/insurance/invoices/step/",
    "POST /api/v1/shops/{shop}/insurance/signals/mark/",
    "POST /api/v1/shops/{shop}/insurance/statement/mark/",
    "POST /api/v1/shops/{shop}/insurance/trials/",
}


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A real request ends by closing a connection inside a transaction, which is the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("who", ["alice", "bob", "dora"])
def test_every_operation_keeps_to_its_description(
    request: pytest.FixtureRequest, settings: Settings, shop: Shop, who: str
) -> None:
    settings.API_RATE = "1000000/min"
    user: User = request.getfixturevalue(who)
    _token, secret = token_create(user=user, name="made up", days=1, can_write=True)
    headers = {"Authorization": f"Bearer {secret}"}
    api = schemathesis.openapi.from_wsgi("/api/schema", application, headers=headers)
    api.config.generation.update(allow_x00=False)  # no text of ours may hold one
    furnish(shop)
    sums_build(shop, DAY_ZERO)
    run = score(shop)
    batch = ImportBatch.objects.filter(shop=shop).select_related("upload")[0]
    known = {
        "shop": shop.external_id, "run": run.pk, "batch": batch.pk, "upload": batch.upload.pk,
        "day": str(run.day), "fix": FIX,
    }  # fmt: skip
    surprises = [
        surprise
        for found in api.get_all_operations()
        for mode in GenerationMode
        for surprise in asking(found.ok(), mode, known, headers)
    ]
    assert not surprises, "\n\n".join(surprises)


def says_something(body: Any) -> bool:
    """Whether no text of a body is spaces alone: no schema here forbids it, and nobody may."""
    if isinstance(body, dict):
        return all(says_something(value) for value in body.values())
    if isinstance(body, list):
        return all(says_something(value) for value in body)
    return not isinstance(body, str) or not body or bool(body.strip())


def asking(
    operation: Any, mode: GenerationMode, known: dict[str, Any], headers: dict[str, str]
) -> Iterator[str]:
    """Ask some times, for things that exist; tells what was surprising."""
    names = [parameter.name for parameter in operation.path_parameters]
    there = {name: known[name] for name in names if name in known}
    spared = [positive_data_acceptance] if operation.label in PARTICULAR else []
    strategy = operation.as_strategy(generation_mode=mode, path_parameters=there or None)

    @given(case=strategy)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: Case) -> None:
        if case.query:
            case.query.pop("cursor", None)  # nobody can make one up
        assume(mode is GenerationMode.NEGATIVE or says_something(case.body))
        KeptAnswer.objects.all().delete()  # a key made up twice is for another request each time
        case.call_and_validate(headers=headers, excluded_checks=spared)

    try:
        asked()
    except Unsatisfiable:  # nothing about this operation can be got wrong
        assert mode is GenerationMode.NEGATIVE
    except (FailureGroup, Failure) as surprise:
        yield f"{operation.label} ({mode.value}): {surprise!r} {surprise}"
