"""How the shops table is narrowed, ordered and grouped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from servicescore.models import ScoreState
from servicescore.selectors.headline import NEAR, Gate, crossed, margin_text
from servicescore.selectors.scores import ShopRow
from shopguard.lib import formats
from shopguard.lib.changes import Change
from stores.models import Shop

ALL = "all"
VIEWS = (ALL, "punished", "dropped", "near", "below", "unscored", "late")
SORTS = ("total", "change", "orders", "name")
GROUPS = ("punished", "below", "above", "unscored", "none")


@dataclass(frozen=True)
class Filters:
    """What the table is narrowed to; empty means everything."""

    view: str = ALL
    query: str = ""
    industry: str = ""
    stars: str = ""
    state: str = ""
    sort: str = "total"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside the saved view narrows the table."""
        return bool(self.query or self.industry or self.stars or self.state)

    def query_of_page(self, page: int) -> str:
        """The query string of another page of the same table."""
        asked = {
            "view": self.view, "q": self.query, "industry": self.industry, "stars": self.stars,
            "state": self.state, "sort": self.sort, "page": page,
        }  # fmt: skip
        return urlencode({key: value for key, value in asked.items() if value})


@dataclass(frozen=True)
class Listed:
    """One shop with its newest score, if any; ``gate`` is the one the table watches."""

    shop: Shop
    score: ShopRow | None
    gate: Gate
    newest: date
    punished: str = ""
    change: Change | None = None
    weakest: str = ""
    weakest_score: float | None = None

    @property
    def total(self) -> float | None:
        """The newest total, if there is one."""
        return self.score.total if self.score else None

    @property
    def is_late(self) -> bool:
        """Whether the newest score is older than it should be by now."""
        return self.score is not None and self.score.date < self.newest

    @property
    def has_fallen(self) -> bool:
        """Whether the shop fell below the gate in the newest night."""
        if self.score is None or self.total is None or self.is_late:
            return False
        fell = crossed(self.score.previous_total, self.total, [self.gate]) is not None
        return fell and self.total < self.gate.value

    @property
    def margin(self) -> str:
        """The distance of the total to the gate."""
        return "" if self.total is None else margin_text(self.total, self.gate.value)

    @property
    def stars(self) -> str:
        """The stars as they stand in an address: ``4.5``; empty without any."""
        return "" if self.score is None or self.score.stars is None else f"{self.score.stars:g}"

    @property
    def reason(self) -> str:
        """Why there is no total."""
        return state_word(self.score.state) if self.score else _("还没有数据")

    @property
    def spark_label(self) -> str:
        """What the sparkline shows, for those who do not see it."""
        return _("%(shop)s近 30 天的服务分，现在 %(score)s") % {
            "shop": self.shop.name,
            "score": formats.score(self.total),
        }

    @property
    def group(self) -> str:
        """The stretch of the table the shop belongs to, one of :data:`GROUPS`."""
        if self.punished:
            return "punished"
        if self.score is None:
            return "none"
        if self.total is None:
            return "unscored"
        return "below" if self.total < self.gate.value else "above"


@dataclass(frozen=True)
class Choice:
    """One value of a filter, its word, how many shops it has, and whether it is chosen."""

    key: str
    label: str
    is_chosen: bool
    count: int = 0


def state_word(state: str) -> str:
    """The state of a score in words."""
    words = {
        ScoreState.SCORED: _("已计分"),
        ScoreState.TOO_FEW_ORDERS: _("订单不足"),
        ScoreState.TOO_FEW_DIMENSIONS: _("维度不足"),
        ScoreState.INDUSTRY_NOT_SCORED: _("行业不评分"),
    }
    return words[ScoreState(state)]


def in_view(row: Listed, view: str) -> bool:
    """Whether a shop belongs to one of the saved views."""
    total, gate = row.total, row.gate.value
    if view == "near":
        return total is not None and 0 <= total - gate < NEAR
    if view == "below":
        return total is not None and total < gate
    return {
        "punished": bool(row.punished),
        "dropped": row.has_fallen,
        "unscored": total is None,
        "late": row.is_late,
    }.get(view, True)


def matching(rows: Sequence[Listed], filters: Filters) -> list[Listed]:
    """The shops that pass the filters, in the order asked for."""
    found = [row for row in rows if in_view(row, filters.view) and _passes(row, filters)]
    if filters.sort == "name":
        return sorted(found, key=lambda row: (GROUPS.index(row.group), row.shop.name))
    order = {"change": _movement, "orders": _fewer_orders}.get(filters.sort, _total)
    scored = sorted((row for row in found if row.total is not None), key=order)
    others = sorted(
        (row for row in found if row.total is None),
        key=lambda row: (GROUPS.index(row.group), row.shop.name),
    )
    return sorted(scored + others, key=lambda row: not row.punished)


def _passes(row: Listed, filters: Filters) -> bool:
    text, shop = filters.query.casefold(), row.shop
    return (
        (text in shop.name.casefold() or text in shop.external_id.casefold())
        and filters.industry in ("", shop.industry)
        and filters.stars in ("", row.stars)
        and filters.state in ("", row.score.state if row.score else "")
    )


def _total(row: Listed) -> float:
    return row.total or 0.0


def _movement(row: Listed) -> float:
    before = row.score.previous_total if row.score else None
    return 0.0 if before is None else _total(row) - before


def _fewer_orders(row: Listed) -> float:
    return -(row.score.signed_orders if row.score else 0)


def view_choices(rows: Sequence[Listed], chosen: str, gate: Gate) -> list[Choice]:
    """The saved views with how many shops each holds."""
    limit = formats.score(gate.value)
    words = {
        ALL: _("全部"),
        "punished": _("处罚中"),
        "dropped": _("昨夜跌破 %(gate)s") % {"gate": limit},
        "near": _("刚过 %(gate)s") % {"gate": limit},
        "below": _("低于 %(gate)s") % {"gate": limit},
        "unscored": _("没有总分"),
        "late": _("数据晚到"),
    }
    return [
        Choice(view, words[view], view == chosen, sum(in_view(row, view) for row in rows))
        for view in VIEWS
    ]


def star_choices(stars: Sequence[float], chosen: str) -> list[Choice]:
    """The stars a shop can have."""
    keys = [f"{value:g}" for value in stars]
    return [
        Choice(key, formats.stars(value), key == chosen)
        for key, value in zip(keys, stars, strict=True)
    ]


def state_choices(chosen: str) -> list[Choice]:
    """The states of a score."""
    return [Choice(state, state_word(state), state == chosen) for state in ScoreState.values]


def sort_choices(chosen: str) -> list[Choice]:
    """The orders of the table."""
    words = {
        "total": _("总分低的在前"),
        "change": _("跌得多的在前"),
        "orders": _("签收多的在前"),
        "name": _("按店名"),
    }
    return [Choice(sort, words[sort], sort == chosen) for sort in SORTS]
