"""Saved views of the penalty log, each admin's own."""

from stores.models import PenaltyView, User

MOST_VIEWS = 20


class TooManyViewsError(Exception):
    """An admin keeps at most :data:`MOST_VIEWS` views."""


def penalty_view_save(*, user: User, name: str, query: str) -> PenaltyView:
    """Keep a selection under a name; the same name again replaces it. Raises TooManyViewsError."""
    if PenaltyView.objects.filter(user=user).exclude(name=name).count() >= MOST_VIEWS:
        raise TooManyViewsError
    view, _ = PenaltyView.objects.update_or_create(user=user, name=name, defaults={"query": query})
    return view


def penalty_view_drop(*, user: User, view: int) -> int:
    """Forget a view of one's own; returns how many there were, none or one."""
    return PenaltyView.objects.filter(user=user, pk=view).delete()[0]
