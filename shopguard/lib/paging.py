"""One page of a list, with the links to the pages beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import QueryDict

Row = TypeVar("Row")

PAGE = "page"
LONGEST_NUMBER = 6


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page; ``first`` and ``last`` are places in the whole list, from 1."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int
    first: int
    previous_query: str
    next_query: str

    @property
    def last(self) -> int:
        """The place of the last row; 0 on an empty page."""
        return self.first + len(self.rows) - 1 if self.rows else 0


def page_of(
    rows: QuerySet[Any, Row] | Sequence[Row],
    asked: QueryDict,
    *,
    size: int,
    total: int | None = None,
) -> Page[Row]:
    """The page ``asked`` names (``page=N``; the nearest there is), in two queries; in one where
    the caller knows the ``total``; in none of rows that are there already.
    """
    if total is None:
        total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    pages = max(1, -(-total // size))
    number = min(max(1, asked_number(asked)), pages)
    start = (number - 1) * size
    return Page(
        rows=list(rows[start : start + size]),
        number=number,
        pages=pages,
        total=total,
        first=start + 1 if total else 0,
        previous_query=query_with(asked, number - 1) if number > 1 else "",
        next_query=query_with(asked, number + 1) if number < pages else "",
    )


def asked_number(asked: QueryDict) -> int:
    """The number of the page asked for; 1 for anything that is none."""
    text = asked.get(PAGE, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else 1


def query_with(asked: QueryDict, number: int) -> str:
    """The query of another page with the same filters, empty ones left out."""
    query = asked.copy()
    for name in [name for name in query if not query[name]]:
        del query[name]
    query[PAGE] = str(number)
    return query.urlencode()
