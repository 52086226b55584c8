"""Choices as they stand, and as they stood at an instant."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from freightins.calc.choices import Key
from freightins.models import Choice, ChoiceChange, ChoiceSet
from stores.models import Shop


def choices_of(*, shop: Shop) -> dict[Key, Choice]:
    """Every choice a shop ever made, by level and key."""
    return {(row.level, row.key): row for row in Choice.objects.for_shop(shop)}


def choices_now(*, shop: Shop) -> dict[Key, bool]:
    """What is chosen now, by level and key."""
    rows = Choice.objects.for_shop(shop).values_list("level", "key", "is_covered")
    return {(level, key): on for level, key, on in rows if on is not None}


def choice_histories(shop_ids: Iterable[int]) -> dict[int, list[ChoiceChange]]:
    """Every change of the choices of some shops in the order they took effect."""
    found: defaultdict[int, list[ChoiceChange]] = defaultdict(list)
    for change in ChoiceChange.objects.filter(shop__in=shop_ids).order_by("at", "pk"):
        found[change.shop_id].append(change)
    return found


def choices_at(*, shop: Shop, when: datetime) -> dict[Key, bool]:
    """What was chosen at an instant."""
    held: dict[Key, bool] = {}
    for change in ChoiceChange.objects.for_shop(shop).filter(at__lte=when).order_by("at", "pk"):
        if change.became is None:
            held.pop((change.level, change.key), None)
        else:
            held[change.level, change.key] = change.became
    return held


def choice_set_of(*, shop: Shop, key: int) -> ChoiceSet | None:
    """A set of changes of the shop."""
    return ChoiceSet.objects.for_shop(shop).filter(pk=key).first()


def changes_newest(*, shop: Shop, count: int) -> list[ChoiceChange]:
    """The newest changes of a shop with what they belonged to."""
    rows = ChoiceChange.objects.for_shop(shop).select_related("choice_set")
    return list(rows.order_by("-at", "-pk")[:count])
