"""Addresses of the rows of a list: all of one list differ only in the key at one place."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse

# A number no other part of an address has; rows are addressed by their integer key.
PLACE = 7_305_118_296_450_137
LISTS_KEPT = 4096


def row_address(name: str, within: str, key: int | str) -> str:
    """The address ``name`` of the row ``key`` (an integer, written out or not) of the shop
    ``within``. Raises NoReverseMatch for a name that is none, as ``reverse`` does.
    """
    before, after = _around_key(name, within, get_urlconf(), get_script_prefix())
    return f"{before}{key}{after}"


@lru_cache(LISTS_KEPT)
def _around_key(name: str, within: str, urlconf: str | None, prefix: str) -> tuple[str, str]:
    """What stands before and after the key; ``prefix`` is part of what ``reverse`` gives."""
    before, _, after = reverse(name, urlconf, args=(within, PLACE)).rpartition(str(PLACE))
    return before, after
