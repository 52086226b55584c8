"""Telling a person on the next page what was just done, with a way back where there is one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from shopguard.lib.refusals import sentence_of


def toast(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Say ``text`` on the next page; a POST to the address ``undo``, if any, takes it back."""
    messages.success(request, text, extra_tags=undo)


def toast_error(request: HttpRequest, text: str) -> None:
    """Say what went wrong; it stays until it is closed."""
    messages.error(request, text)


@contextmanager
def refusals_toasted(request: HttpRequest, *refusals: type[Exception]) -> Iterator[None]:
    """Say on the next page why a service refused; the rest of the block is left out."""
    try:
        yield
    except refusals as refusal:
        toast_error(request, sentence_of(refusal))
