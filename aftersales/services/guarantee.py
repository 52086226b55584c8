"""What a shop chooses about its guarantee."""

from django.db import transaction

from aftersales.models import GuaranteeTerm, ShopChoice
from aftersales.selectors.case_goods import GUARANTEE
from stores.models import Shop, User
from stores.services.audit import audit_record


class ChoiceConflictError(Exception):
    """Somebody changed the choice meanwhile."""


def choice_set(
    *, actor: User, shop: Shop, name: str, version: int, value: dict[str, bool | int]
) -> ShopChoice:
    """Write a choice of the shop at the version it was decided on. Raises ChoiceConflictError."""
    with transaction.atomic():
        Shop.objects.locked([shop.pk])
        choice = ShopChoice.objects.for_shop(shop).filter(name=name).first()
        choice = choice or ShopChoice(shop=shop, name=name)
        if choice.version != version:
            raise ChoiceConflictError
        before, choice.value = choice.value, dict(value)
        choice.version += 1
        choice.save()
        audit_record(
            actor=actor, action=f"{name}.choose", object_type="choice", object_id=name, shop=shop,
            before=before, after=choice.value,
        )  # fmt: skip
    return choice


def guarantee_switch(*, actor: User, shop: Shop, version: int, working_days: bool) -> ShopChoice:
    """Count working days only, or calendar days again."""
    value: dict[str, bool | int] = {"exclude_non_working_days": working_days}
    return choice_set(actor=actor, shop=shop, name=GUARANTEE, version=version, value=value)


def guarantee_term_set(
    *, actor: User, shop: Shop, category: str, days: int | None, unsealed_exempt: bool
) -> None:
    """Give a category its days in this shop; ``days`` None takes the term away."""
    with transaction.atomic():
        Shop.objects.locked([shop.pk])
        rows = GuaranteeTerm.objects.for_shop(shop).filter(category=category)
        before = dict(rows.values("days", "unsealed_exempt").first() or {}) or None
        if days is None:
            rows.delete()
        else:
            GuaranteeTerm.objects.update_or_create(
                shop=shop, category=category,
                defaults={"days": days, "unsealed_exempt": unsealed_exempt},
            )  # fmt: skip
        after = None if days is None else {"days": days, "unsealed_exempt": unsealed_exempt}
        audit_record(
            actor=actor, action="guarantee.term", object_type="category", object_id=category,
            shop=shop, before=before, after=after,
        )  # fmt: skip
