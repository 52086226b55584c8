"""Which records stand behind each metric: one file each, found by this folder."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from servicescore.selectors.rows._declare import RowSource
from shopguard.lib.registry import collect


@cache
def row_sources() -> Mapping[str, RowSource]:
    """The declared sources by metric. Raises TypeError for a file that declares none."""
    return MappingProxyType({one.metric: one for one in collect(__name__, "ROWS", RowSource)})
