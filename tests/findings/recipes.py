"""Lines of a shop from a few groups of alike lines, as golden cases say them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from aftersales.calc.lines import NUMBERS, TEXTS, UNKNOWN, lines_by_shop
from aftersales.calc.search import Search, search
from aftersales.findings import cuts
from aftersales.rules import finding_rules_on
from shopguard.lib.days import SHANGHAI

MONDAY = datetime(2024, 1, 1, tzinfo=SHANGHAI)
RULES = finding_rules_on(date(2024, 3, 1))
QUALITY = "质量问题"


def lines_of(groups: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A frame of one shop: each group is ``n`` lines of which the first ``k`` come back.

    ``hour``, ``weekday`` (1 Monday) and ``after`` (days from placing to applying) tell times, every
    other name is a column. Unless it is told, a line was placed at ten on a Monday.
    """
    return pd.DataFrame(
        [line for group in groups for line in _lines(group)], columns=["shop", *NUMBERS, *TEXTS]
    ).astype(dict.fromkeys(TEXTS, "category"))


def _lines(group: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = dict(group)
    n, k = given.pop("n"), given.pop("k", 0)
    placed = MONDAY + timedelta(days=given.pop("weekday", 1) - 1, hours=given.pop("hour", 10))
    applied = placed + timedelta(days=given.pop("after", 2))
    cost, reason = given.pop("refunded", UNKNOWN), given.pop("reason", "")
    plain = dict.fromkeys(NUMBERS, UNKNOWN) | dict.fromkeys(TEXTS, "")
    plain |= {"shop": 1, "promotion": 0, "placed": int(placed.timestamp()), "is_quality": 0}
    back = {"applied": int(applied.timestamp()), "refunded": cost, "reason": reason}
    if reason == QUALITY:
        back |= {"is_quality": 1, "quality_refunded": cost}
    return [plain | given | (back if number < k else {}) for number in range(n)]


def found_in(groups: Sequence[Mapping[str, Any]]) -> Search:
    """What is found among the lines of the groups."""
    [(_, lines)] = lines_by_shop(lines_of(groups))
    return search(lines, RULES, cuts())


def cut_text(cut: Sequence[tuple[str, str]]) -> str:
    """As the export writes it."""
    return "&".join(f"{name}={value}" for name, value in cut)
