"""Saved views of the table of products."""

from django.db import transaction

from freightins.models import ChoiceView
from stores.models import Shop, User
from stores.services.audit import audit_record

MOST_VIEWS = 20


@transaction.atomic
def view_save(*, shop: Shop, user: User, name: str, query: str) -> bool:
    """Keep a query under a name of this person, or drop the name where the query is empty.

    False when nothing changed: a name there is not, or too many views.
    """
    mine = ChoiceView.objects.for_shop(shop).filter(user=user)
    if not query:
        changed = bool(mine.filter(name=name).delete()[0])
    elif not mine.filter(name=name).exists() and mine.count() >= MOST_VIEWS:
        return False
    else:
        ChoiceView.objects.update_or_create(
            shop=shop, user=user, name=name, defaults={"query": query}
        )
        changed = True
    if changed:
        audit_record(
            actor=user,
            action="choice_view.save",
            object_type="choice_view",
            object_id=name,
            shop=shop,
            after={"query": query},
        )
    return changed
