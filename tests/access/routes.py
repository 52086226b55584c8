"""Every address of the product, found by walking the URL resolver."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from stores.access import Audience, Policy, policy_of


@dataclass(frozen=True)
class Route:
    """One pattern of the resolver: its qualified name, its text and the view behind it."""

    name: str
    text: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def policy(self) -> Policy | None:
        """What the view says about who may enter."""
        return policy_of(self.view)

    @property
    def audience(self) -> Audience | None:
        """Whom the view is for."""
        return self.policy.audience if self.policy else None

    def __str__(self) -> str:
        return self.name or self.text


def every_route() -> list[Route]:
    """All of them, in the order of the resolver."""
    return list(_below(get_resolver(), "", "", ()))


def _below(
    resolver: URLResolver, spaces: str, text: str, parameters: tuple[str, ...]
) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        here = text + str(entry.pattern)
        names = parameters + tuple(entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            yield Route(spaces + (entry.name or ""), here, names, entry.callback)
        else:
            inner = f"{spaces}{entry.namespace}:" if entry.namespace else spaces
            yield from _below(entry, inner, here, names)


def routes_for(*audiences: Audience) -> list[Route]:
    """The routes of some audiences."""
    return [route for route in every_route() if route.audience in audiences]
