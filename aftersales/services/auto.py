"""After-sales services: switching them on, their rules, and what they decide by themselves."""

import logging
from datetime import datetime

from django.db import transaction

from aftersales.calc.assistant import FAST_REFUND, decide
from aftersales.calc.case_states import IllegalStepError
from aftersales.case_words import FAST_REFUND_WORD
from aftersales.models import AfterSaleCase, AssistantRule
from aftersales.selectors.case_goods import SERVICES
from aftersales.selectors.services import (
    cases_known,
    services_of,
    shops_with_services,
    waiting_for_review,
)
from aftersales.services.cases import CaseConflictError, Given, case_step
from aftersales.services.guarantee import choice_set
from stores.models import Shop, User
from stores.services.audit import audit_record

logger = logging.getLogger(__name__)
ACTOR = "auto"


def services_switch(
    *, actor: User, shop: Shop, version: int, fast_refund: bool, fast_most: int, assistant: bool
) -> None:
    """Switch services on or off. Raises ChoiceConflictError at another version."""
    value: dict[str, bool | int] = {
        "fast_refund": fast_refund, "fast_most": fast_most, "assistant": assistant,
    }  # fmt: skip
    choice_set(actor=actor, shop=shop, name=SERVICES, version=version, value=value)


def assistant_rule_add(
    *, actor: User, shop: Shop, name: str, kinds: list[str], most: int, most_cases: int
) -> AssistantRule:
    """Add a rule of the assistant; ``most`` is fen."""
    with transaction.atomic():
        rule = AssistantRule.objects.create(
            shop=shop, name=name, kinds=kinds, most=most, most_cases=most_cases
        )
        audit_record(
            actor=actor, action="assistant.rule_add", object_type="assistant_rule",
            object_id=str(rule.pk), shop=shop,
            after={"name": name, "kinds": kinds, "most": most, "most_cases": most_cases},
        )  # fmt: skip
    return rule


def assistant_rule_drop(*, actor: User, shop: Shop, pk: int) -> None:
    """Take a rule away; nothing happens where there is none."""
    with transaction.atomic():
        rule = AssistantRule.objects.for_shop(shop).filter(pk=pk).first()
        if rule is None:
            return
        rule.delete()
        audit_record(
            actor=actor, action="assistant.rule_drop", object_type="assistant_rule",
            object_id=str(pk), shop=shop, before={"name": rule.name},
        )  # fmt: skip


def cases_auto(*, shop: Shop, now: datetime) -> int:
    """Decide what the services decide; returns how many cases. Each says which rule fired."""
    services, _, _ = services_of(shop=shop)
    if not services.is_on or not waiting_for_review(shop=shop):
        return 0
    done = 0
    for one in cases_known(shop=shop, services=services, now=now, is_open=True):
        fired = decide(services, one.asked)
        if fired is None:
            continue
        word = str(FAST_REFUND_WORD) if fired.rule == FAST_REFUND else fired.rule
        try:
            case_step(
                actor=ACTOR, shop=shop, case_ref=one.ref, version=one.version, name=fired.step,
                given=Given(note=word),
            )  # fmt: skip
        except (IllegalStepError, CaseConflictError, AfterSaleCase.DoesNotExist):
            continue
        done += 1
    return done


def services_work(*, now: datetime) -> int:
    """The same for every shop; one that fails is logged and the others go on."""
    done = 0
    for shop in shops_with_services():
        try:
            done += cases_auto(shop=shop, now=now)
        except Exception:
            logger.exception("services of shop %s failed", shop.pk)
    return done
