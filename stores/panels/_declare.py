"""What a panel of the overview says of itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from stores.selectors.visit import Visit

EVERYBODY = frozenset({"owner", "ops", "admin"})
# The rows of the overview from top to bottom. The hero holds score, to-do list and cause.
SLOTS = ("hero", "thirds", "wide")


@dataclass(frozen=True)
class Panel:
    """A panel of the overview, drawn for people of ``roles``.

    ``read`` gives what the template finds as ``panel``; None where the panel has nothing to say
    of this shop and is left out. ``slot`` is one of :data:`SLOTS`; inside a slot the lowest
    ``order`` stands first. ``is_for_new`` panels are drawn before there is any order, too.
    """

    name: str
    title: Promise
    slot: str
    order: int
    template: str
    read: Callable[[Visit], Any]
    roles: frozenset[str] = EVERYBODY
    is_for_new: bool = False
