"""Changing what is covered: nothing is overwritten unseen, everything is kept and can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from freightins.calc.choices import Wanted
from freightins.models import Choice, ChoiceChange, ChoiceSet
from freightins.selectors.choices import choice_set_of, choices_of
from freightins.selectors.products import products_named
from stores.models import Shop, User
from stores.services.audit import audit_record


@dataclass(frozen=True)
class Clash:
    """A choice somebody else changed meanwhile: as it is now."""

    wanted: Wanted
    present: Choice


@dataclass
class Outcome:
    """What came of a change: the set it became (None when nothing changed), and what did not."""

    choice_set: ChoiceSet | None = None
    changed: list[ChoiceChange] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    impossible: list[Wanted] = field(default_factory=list)


@transaction.atomic
def choices_change(
    *,
    actor: User | str,
    shop: Shop,
    wanted: Sequence[Wanted],
    source: str,
    reason: str = "",
    now: datetime | None = None,
) -> Outcome:
    """Change choices whose version is still the one that was seen; the others come back.

    Choices that are as wanted already stay untouched. A virtual or unknown product cannot be
    covered. One audit row per change.
    """
    now = now or timezone.now()
    name = actor if isinstance(actor, str) else actor.get_username()
    outcome = Outcome(impossible=_impossible(shop, wanted))
    refused = {(one.level, one.key) for one in outcome.impossible}
    for one in wanted:
        if (one.level, one.key) not in refused:
            _change(shop, one, name, now, outcome)
    if outcome.changed:
        outcome.choice_set = ChoiceSet.objects.create(
            shop=shop, source=source, reason=reason, made_by=name, made_at=now
        )
        for change in outcome.changed:
            change.choice_set = outcome.choice_set
        ChoiceChange.objects.bulk_create(outcome.changed)
        for change in outcome.changed:
            _audit(actor, shop, change, reason)
    return outcome


def _impossible(shop: Shop, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Wanted covers of products that are virtual or not the shop's."""
    asked = [one for one in wanted if one.level == Choice.Level.PRODUCT and one.is_covered]
    known = products_named(shop=shop, keys=[one.key for one in asked]) if asked else {}
    return [one for one in asked if one.key not in known or known[one.key].is_virtual]


def _change(shop: Shop, one: Wanted, name: str, now: datetime, outcome: Outcome) -> None:
    """Change one choice by comparing its version and setting it in one statement."""
    rows = Choice.objects.for_shop(shop).filter(level=one.level, key=one.key)
    before = rows.select_for_update().first()
    if before is None and one.version == 0:
        before = _begun(shop, one, name, now)
    if before is None or before.version != one.version:
        present = before or rows.first()
        if present is not None:
            outcome.clashes.append(Clash(one, present))
        return
    if before.is_covered == one.is_covered:
        return
    rows.update(
        is_covered=one.is_covered, version=before.version + 1, changed_at=now, changed_by=name
    )
    outcome.changed.append(
        ChoiceChange(
            shop=shop,
            level=one.level,
            key=one.key,
            was=before.is_covered,
            became=one.is_covered,
            version=before.version + 1,
            at=now,
        )
    )


def _begun(shop: Shop, one: Wanted, name: str, now: datetime) -> Choice | None:
    """The choice as if it had been there, empty; None when somebody began it just now."""
    try:
        with transaction.atomic():
            return Choice.objects.create(
                shop=shop,
                level=one.level,
                key=one.key,
                is_covered=None,
                version=0,
                changed_at=now,
                changed_by=name,
            )
    except IntegrityError:
        return None


def _audit(actor: User | str, shop: Shop, change: ChoiceChange, reason: str) -> None:
    audit_record(
        actor=actor,
        action="choice.change",
        object_type="choice",
        object_id=f"{change.level}:{change.key}"[:96],
        shop=shop,
        before={"is_covered": change.was, "version": change.version - 1},
        after={"is_covered": change.became, "version": change.version},
        reason=reason,
    )


@transaction.atomic
def choices_undo(*, actor: User | str, shop: Shop, key: int, reason: str = "") -> Outcome | None:
    """Take back a set of changes; what was changed again since stays and comes back as a clash.

    None when the shop has no such set or it was taken back already.
    """
    Shop.objects.locked([shop.pk])
    made = choice_set_of(shop=shop, key=key)
    if made is None or made.undone_at is not None:
        return None
    wanted = [
        Wanted(change.level, change.key, change.was, change.version)
        for change in made.changes.order_by("pk")
    ]
    outcome = choices_change(
        actor=actor, shop=shop, wanted=wanted, source=ChoiceSet.Source.UNDO, reason=reason
    )
    if outcome.choice_set is not None:
        made.undone_at = outcome.choice_set.made_at
        made.save(update_fields=["undone_at"])
    return outcome


def wanted_now(
    *, shop: Shop, level: str, keys: Sequence[str], is_covered: bool | None
) -> list[Wanted]:
    """Wishes for several choices as they stand now, for callers who saw none of them."""
    present = choices_of(shop=shop)
    return [
        Wanted(level, key, is_covered, row.version if (row := present.get((level, key))) else 0)
        for key in keys
    ]
