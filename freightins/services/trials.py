"""Begins and ends trials of cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex

from django.db import transaction
from django.utils import timezone

from freightins.calc.choices import PRODUCT, Wanted
from freightins.calc.trials import Drawn, drawn
from freightins.models import ChoiceSet, EnrolmentEvent, Trial, TrialProduct
from freightins.rules import worth_rules_on
from freightins.selectors.enrolments import cover_at
from freightins.selectors.trials import (
    candidates_of,
    products_switched,
    products_tried,
    trial_of,
    trials_of,
)
from freightins.services.choices import choices_change, wanted_now
from shopguard.lib.days import shanghai_day
from stores.models import Shop, User
from stores.services.audit import audit_record

NAME_LENGTH = 60


@dataclass
class TrialRefusedError(Exception):
    """A trial that cannot begin; ``reason`` says why."""

    reason: str


@transaction.atomic
def trial_begin(
    *,
    actor: User | str,
    shop: Shop,
    name: str,
    products: Sequence[str],
    weeks: int,
    seed: str = "",
    now: datetime | None = None,
) -> Trial:
    """Draw the products into two halves by pairs and switch them; the first whole day is tomorrow.

    Raises TrialRefusedError: cover is not active, too few products, a product in another trial,
    weeks out of range, or a choice somebody is changing.
    """
    now = now or timezone.now()
    Shop.objects.locked([shop.pk])
    rules = worth_rules_on(shanghai_day(now))
    if cover_at(shop=shop, now=now).state != EnrolmentEvent.State.ACTIVE:
        raise TrialRefusedError("not_active")
    if not rules.trial_weeks <= weeks <= rules.most_trial_weeks:
        raise TrialRefusedError("weeks")
    if set(products) & products_tried(shop=shop, trials=trials_of(shop=shop), now=now):
        raise TrialRefusedError("tried")
    seed = seed or token_hex(8)
    wanted = set(products)
    possible = [one for one, _ in candidates_of(shop=shop, now=now) if one.product in wanted]
    halves = drawn(possible, seed)
    if len(halves) < 2 * rules.least_pairs:
        raise TrialRefusedError("too_few")
    trial = _kept(
        actor, shop, name, halves, now,
        kind=Trial.Kind.DRAWN, seed=seed, weeks=weeks, started_on=shanghai_day(now) + timedelta(1),
    )  # fmt: skip
    _switch(actor, shop, trial, halves, now)
    return trial


@transaction.atomic
def trial_look(
    *,
    actor: User | str,
    shop: Shop,
    name: str,
    day: date,
    weeks: int,
    now: datetime | None = None,
) -> Trial:
    """Look at a day on which products were switched, against those that were not.

    Raises TrialRefusedError: the day is not over, weeks out of range, too few products on a side.
    """
    now = now or timezone.now()
    rules = worth_rules_on(shanghai_day(now))
    if day >= shanghai_day(now):
        raise TrialRefusedError("day")
    if not rules.trial_weeks <= weeks <= rules.most_trial_weeks:
        raise TrialRefusedError("weeks")
    found = products_switched(shop=shop, day=day, weeks=weeks, now=now)
    if min(len(found.switched), len(found.others)) < rules.least_pairs:
        raise TrialRefusedError("few_switched")
    halves = [Drawn(key, 0, TrialProduct.Arm.ON) for key in found.switched]
    halves += [Drawn(key, 0, TrialProduct.Arm.OFF) for key in found.others]
    return _kept(
        actor, shop, name, halves, now,
        kind=Trial.Kind.LOOKED, became=found.became, weeks=weeks, started_on=day + timedelta(1),
    )  # fmt: skip


@transaction.atomic
def trial_end(
    *, actor: User | str, shop: Shop, key: int, now: datetime | None = None
) -> Trial | None:
    """End a trial; what is chosen stays as it is. None when the shop has no such trial, or it has
    ended already.
    """
    now = now or timezone.now()
    Shop.objects.locked([shop.pk])
    trial = trial_of(shop=shop, key=key)
    if trial is None or trial.ended_at is not None:
        return None
    trial.ended_at, trial.ended_by = now, _name(actor)
    trial.save(update_fields=["ended_at", "ended_by"])
    audit_record(
        actor=actor, action="trial.end", object_type="trial", object_id=str(trial.pk), shop=shop
    )
    return trial


def _kept(
    actor: User | str, shop: Shop, name: str, halves: Sequence[Drawn], now: datetime, **told: object
) -> Trial:
    trial = Trial.objects.create(
        shop=shop, name=name[:NAME_LENGTH], made_by=_name(actor), made_at=now, **told
    )
    TrialProduct.objects.bulk_create(
        TrialProduct(
            shop=shop,
            trial=trial,
            product_ref=one.product,
            arm=one.arm,
            pair=one.pair if trial.kind == Trial.Kind.DRAWN else None,
        )
        for one in halves
    )
    audit_record(
        actor=actor,
        action="trial.begin",
        object_type="trial",
        object_id=str(trial.pk),
        shop=shop,
        after={
            "kind": trial.kind,
            "seed": trial.seed,
            "weeks": trial.weeks,
            "started_on": trial.started_on.isoformat(),
            "on": [one.product for one in halves if one.arm == TrialProduct.Arm.ON],
            "off": [one.product for one in halves if one.arm == TrialProduct.Arm.OFF],
        },
        reason=trial.name,
    )
    return trial


def _switch(
    actor: User | str, shop: Shop, trial: Trial, halves: Sequence[Drawn], now: datetime
) -> None:
    wanted: list[Wanted] = []
    for arm, is_covered in ((TrialProduct.Arm.ON, True), (TrialProduct.Arm.OFF, False)):
        keys = [one.product for one in halves if one.arm == arm]
        wanted += wanted_now(shop=shop, level=PRODUCT, keys=keys, is_covered=is_covered)
    outcome = choices_change(
        actor=actor, shop=shop, wanted=wanted, source=ChoiceSet.Source.TRIAL,
        reason=trial.name, now=now,
    )  # fmt: skip
    if outcome.clashes or outcome.impossible:
        raise TrialRefusedError("clash")


def _name(actor: User | str) -> str:
    return actor if isinstance(actor, str) else actor.get_username()
