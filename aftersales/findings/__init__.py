"""The cuts findings are looked for in, one file each, found by this folder."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from aftersales.calc.cuts import Cut
from shopguard.lib.registry import collect


@cache
def cuts() -> Mapping[str, Cut]:
    """Every declared cut by name. Raises TypeError for a file that declares none."""
    return MappingProxyType({cut.name: cut for cut in collect(__name__, "CUT", Cut)})
