"""Which products are covered: the most specific choice that was made decides."""

from collections.abc import Mapping
from dataclasses import dataclass

SHOP, CATEGORY, PRODUCT, NOBODY = "shop", "category", "product", ""

Key = tuple[str, str]


@dataclass(frozen=True)
class Decision:
    """Whether something is covered, and at which level that was chosen."""

    is_covered: bool
    level: str


@dataclass(frozen=True)
class Wanted:
    """A choice somebody wants: covered, not covered, or (None) as the level above says.

    ``version`` is that of the choice he saw, 0 where nothing had ever been chosen.
    """

    level: str
    key: str
    is_covered: bool | None
    version: int


def decided(choices: Mapping[Key, bool], product: str, category: str) -> Decision:
    """What holds for a product of a category.

    ``choices`` maps (level, key) to what was chosen; the shop's key is empty. A product goes
    before its category, a category before the shop. Where nobody chose anything there is no cover.
    """
    ladder = ((PRODUCT, product), (CATEGORY, category), (SHOP, ""))
    for level, key in ladder:
        if (level == SHOP or key) and (level, key) in choices:
            return Decision(choices[level, key], level)
    return Decision(is_covered=False, level=NOBODY)
