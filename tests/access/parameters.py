"""Which query and form parameters a page looks at, found by watching it look.

A filter or field that somebody adds is thus asked for with the other tenant's ids without a line
here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.http import QueryDict

LOOKS = ("__getitem__", "__contains__", "getlist")


@contextmanager
def names_looked_at() -> Iterator[set[str]]:
    """The names that are looked up in ``request.GET`` and ``request.POST`` meanwhile."""
    names: set[str] = set()

    def watched(look: Callable[..., Any]) -> Callable[..., Any]:
        def watching(query: QueryDict, name: str, *rest: Any) -> Any:
            names.add(name)
            return look(query, name, *rest)

        return watching

    patches = [patch.object(QueryDict, look, watched(getattr(QueryDict, look))) for look in LOOKS]
    for one in patches:
        one.start()
    try:
        yield names
    finally:
        for one in patches:
            one.stop()
