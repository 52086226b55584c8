"""Saved views of the workbench."""

from aftersales.models import CaseView
from stores.models import Shop, User

MOST_VIEWS = 20


class TooManyViewsError(Exception):
    """A person keeps at most :data:`MOST_VIEWS` views of a shop."""


def case_view_save(*, shop: Shop, user: User, name: str, query: str) -> CaseView:
    """Keep a selection under a name; the same name again replaces it. Raises TooManyViewsError."""
    mine = CaseView.objects.for_shop(shop).filter(user=user)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise TooManyViewsError
    view, _ = CaseView.objects.update_or_create(
        shop=shop, user=user, name=name, defaults={"query": query}
    )
    return view


def case_view_drop(*, shop: Shop, user: User, view: int) -> None:
    """Forget a saved view of one's own; nothing happens where there is none."""
    CaseView.objects.for_shop(shop).filter(user=user, pk=view).delete()
