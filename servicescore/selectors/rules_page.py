"""Everything the page of rule sets shows: this shop under each of them, and who gains and loses."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from servicescore.charts import Line, line_figure
from servicescore.rules import compiled_score_rules, score_book
from servicescore.selectors import metric_words
from servicescore.selectors.industry import stored_contents
from servicescore.selectors.rule_columns import (
    Contents,
    Reason,
    days_shown,
    reasons_told,
    rule_sets,
)
from servicescore.selectors.rule_words import title
from servicescore.selectors.score_frame import FramedPage, frame_asked
from servicescore.selectors.score_page import STAFF_ROLES, Need, total_need
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.trend import MONTH
from shopguard.lib import formats
from stores.models import Shop, User
from stores.selectors.people import shops_of

# The table of shops is for looking at, not for paging: those who gain and lose most.
MOST_SHOPS = 50
# Where a title goes on to say when or by whom.
ADDED = re.compile("[（(,，]")


@dataclass(frozen=True)
class DimensionCell:
    """One dimension of a rule set: its name, its score and its weight."""

    label: str
    score: float | None
    weight: float


@dataclass(frozen=True)
class RuleColumn:
    """This shop under one rule set; ``change`` is against the one that applies."""

    id: str
    title: str
    is_applied: bool
    is_preview: bool
    total: float | None
    stars: float | None
    percentile: float | None
    change: float | None
    dimensions: tuple[DimensionCell, ...]
    reasons: tuple[Reason, ...]

    @property
    def short_title(self) -> str:
        """The title without what it adds in brackets or after a comma."""
        return ADDED.split(self.title)[0].strip()


@dataclass(frozen=True)
class ShopLine:
    """One shop under the rules that apply and under another set."""

    key: str
    name: str
    total: float | None
    other: float | None
    reasons: tuple[Reason, ...]

    @property
    def change(self) -> float | None:
        """What it would gain."""
        if self.total is None or self.other is None:
            return None
        return self.other - self.total


@dataclass(frozen=True)
class History:
    """The totals of some weeks under each rule set, as a figure and as a table."""

    figure: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[date, tuple[str, ...]], ...]


@dataclass(frozen=True)
class RulesPage(FramedPage):
    """The page. ``lines`` are for staff only: their shops of the same industry."""

    sentence: SafeString
    columns: list[RuleColumn]
    history: History | None
    other: str
    lines: list[ShopLine]
    is_staff: bool
    need: Need | None

    @property
    def others(self) -> list[RuleColumn]:
        """The rule sets that do not apply."""
        return [column for column in self.columns if not column.is_applied]

    @property
    def gaining(self) -> int:
        """How many of the shops would gain visibly."""
        return sum(1 for line in self.lines if formats.rounded(line.change or 0.0, 2) > 0)

    @property
    def losing(self) -> int:
        """How many would lose visibly."""
        return sum(1 for line in self.lines if formats.rounded(line.change or 0.0, 2) < 0)


def rules_page(
    *, user: User, shop: Shop, role: str, now: datetime, asked: Mapping[str, str]
) -> RulesPage | None:
    """The page for a person of ``role``; None where there is no such score.

    ``asked`` may name a score date (``date``) and the rule set the shops are compared under
    (``other``).
    """
    frame = frame_asked(shop, role, now, asked)
    if frame is None:
        return None
    view, sets = frame.view, rule_sets()
    days = days_shown(view.date)
    found = stored_contents(days=days, rule_sets=sets, industry=shop.industry)
    others = [one for one in sets if one != view.rule_set.id]
    wanted = (asked.get("other", ""), shop.score_rules, others[0])
    other = next(one for one in wanted if one in others)
    columns = [_column(one, view, shop.pk, found) for one in sets]
    staff = role in STAFF_ROLES
    return RulesPage(
        frame=frame,
        sentence=_sentence(view, columns),
        columns=columns,
        history=_history(columns, shop.pk, days, found) if view.total is not None else None,
        other=other,
        lines=_lines(shops_of(user=user).filter(industry=shop.industry), view, other, found)
        if staff
        else [],
        is_staff=staff,
        need=total_need(view),
    )


def _column(
    rule_set: str, view: ScoreView, shop_id: int, found: Mapping[str, Contents]
) -> RuleColumn:
    rules, applied = compiled_score_rules(rule_set), view.rule_set.id
    content = found[rule_set][view.date].get(shop_id)
    now = found[applied][view.date].get(shop_id)
    if content is None or now is None:
        raise LookupError(f"shop {shop_id} is not of the industry that was computed")
    totals = now["total"], content["total"]
    described = score_book().by_id(rule_set)
    return RuleColumn(
        id=rule_set,
        title=title(described),
        is_applied=rule_set == applied,
        is_preview=described.visible_to == "preview",
        total=content["total"],
        stars=content["stars"],
        percentile=content["percentile"],
        change=None if None in totals else content["total"] - now["total"],
        dimensions=tuple(
            DimensionCell(
                metric_words.short_label(metric_words.dimension(part.id)),
                content["dimensions"][part.id]["score"],
                part.weight,
            )
            for part in rules.dimensions
        ),
        reasons=tuple(reasons_told(now, content, applied, rule_set)),
    )


def _sentence(view: ScoreView, columns: Sequence[RuleColumn]) -> SafeString:
    if view.total is None:
        return format_html("{}", _("有了总分才能比较规则"))
    told = _("；").join(
        _("%(title)s %(total)s") % {"title": column.title, "total": formats.score(column.total)}
        for column in columns
        if not column.is_applied
    )
    return format_html(
        _("现行规则 {total}；换成{told}"), total=formats.score(view.total), told=told
    )


def _history(
    columns: Sequence[RuleColumn],
    shop_id: int,
    days: Sequence[date],
    found: Mapping[str, Contents],
) -> History:
    series = {
        column.id: [(found[column.id][day].get(shop_id) or {}).get("total") for day in days]
        for column in columns
    }
    lines = [
        Line(column.title, series[column.id], f"{formats.score(column.total)} {column.short_title}")
        for column in columns
    ]
    figure = line_figure(days, lines, month_format=MONTH[formats.is_english()], value_format=".2f")
    rows = zip(days, zip(*series.values(), strict=True), strict=True)
    return History(
        figure=figure,
        columns=tuple(column.title for column in columns),
        rows=tuple(
            (day, tuple(formats.score(total) for total in totals))
            for day, totals in reversed(list(rows))
        ),
    )


def _lines(
    shops: Collection[Shop], view: ScoreView, other: str, found: Mapping[str, Contents]
) -> list[ShopLine]:
    """The shops a person may enter, those that would change most first."""
    applied = view.rule_set.id
    now, then = found[applied][view.date], found[other][view.date]
    lines = [
        ShopLine(
            key=shop.external_id,
            name=shop.name,
            total=now[shop.pk]["total"],
            other=then[shop.pk]["total"],
            reasons=tuple(reasons_told(now[shop.pk], then[shop.pk], applied, other)),
        )
        for shop in shops
        if shop.pk in now and shop.pk in then
    ]
    known = [line for line in lines if line.change is not None]
    return sorted(known, key=lambda line: -abs(line.change or 0.0))[:MOST_SHOPS]
