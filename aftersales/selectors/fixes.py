"""The pages of fixes: what was done, what came of it, and today's sample."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from math import ceil

from django.db.models import OuterRef, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.calc.return_sums import REST, RETURNS
from aftersales.fix_words import ACTION_WORDS, SAMPLING, VERDICT_TONES, VERDICT_WORDS
from aftersales.models import Fix, FixEffect, SampleCheck
from aftersales.rules import diagnostic_rules_on
from aftersales.selectors.daily_returns import product_titles
from aftersales.selectors.findings_page import Rate, search_newest
from aftersales.selectors.return_basis import basis_of, sums_newest
from shopguard.lib import formats
from shopguard.lib.exports import Column
from stores.models import Order, OrderLine, Shop
from stores.selectors.waiting import orders_to_ship

MOST_SUGGESTED = 12
MOST_SAMPLED = 40
TOO_FEW = "too_few"


@dataclass(frozen=True)
class EffectLine:
    """One horizon of a fix as it is shown."""

    row: FixEffect

    @property
    def before(self) -> Rate:
        """The rate before."""
        return Rate(self.row.k_before, self.row.n_before)

    @property
    def after(self) -> Rate:
        """The rate after."""
        return Rate(self.row.k_after, self.row.n_after)

    @property
    def others(self) -> str:
        """How the goods without the fix changed, for comparison."""
        before = Rate(self.row.others_k_before, self.row.others_n_before).value
        after = Rate(self.row.others_k_after, self.row.others_n_after).value
        return f"{formats.percent(before)} → {formats.percent(after)}"

    @property
    def change(self) -> str:
        """The change in percentage points with its interval."""
        row = self.row
        if row.change is None or row.low is None or row.high is None:
            return formats.UNKNOWN
        ends = f"{formats.signed(100 * row.low, 1)} ~ {formats.signed(100 * row.high, 1)}"
        return _("%(n)s 个百分点（%(ends)s）") % {
            "n": formats.signed(100 * row.change, 1), "ends": ends,
        }  # fmt: skip

    @property
    def word(self) -> str:
        """The verdict."""
        return str(VERDICT_WORDS.get(self.row.verdict, self.row.verdict))

    @property
    def tone(self) -> str:
        """Its badge."""
        return VERDICT_TONES.get(self.row.verdict, "none")


@dataclass(frozen=True)
class FixLine:
    """A fix with its products by name and its effects by horizon."""

    fix: Fix
    titles: list[str]
    effects: list[EffectLine]

    @property
    def action(self) -> str:
        """What was done."""
        return str(ACTION_WORDS.get(self.fix.action, self.fix.action))

    @property
    def goods(self) -> str:
        """Its products in one line."""
        return _("、").join(self.titles)

    @property
    def newest(self) -> EffectLine | None:
        """The longest horizon that can say something."""
        told = [one for one in self.effects if one.row.verdict != TOO_FEW]
        return told[-1] if told else None


@dataclass(frozen=True)
class Suggestion:
    """A product to choose in the form."""

    ref: str
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class FixesPage:
    """Every fix, newest first, and the form for another."""

    lines: list[FixLine]
    suggestions: list[Suggestion]
    more_products: str
    cause: str
    today: date
    horizons: tuple[int, ...]
    counted_days: int

    @property
    def improved(self) -> int:
        """How many fixes made it better."""
        return sum(
            line.newest is not None and line.newest.row.verdict == "improved" for line in self.lines
        )

    @property
    def judged(self) -> int:
        """How many have an effect at all."""
        return sum(line.newest is not None for line in self.lines)

    @property
    def actions(self) -> list[tuple[str, str]]:
        """The choices of the form."""
        return [(key, str(word)) for key, word in ACTION_WORDS.items()]


def fixes_page(*, shop: Shop, asked: QueryDict, today: date) -> FixesPage:
    """Fixes with their effects; ``finding`` (a rank) or ``product`` fills the form in."""
    rules = diagnostic_rules_on(today).effect
    chosen, cause = _prefilled(shop, asked, today)
    worst = _goods_returned(shop)
    fixes = _fixes_kept(shop)
    titles = product_titles(shop=shop, refs=[*worst, *_goods_of(fixes)])
    return FixesPage(
        lines=[_line(fix, titles) for fix in fixes],
        suggestions=[Suggestion(ref, titles.get(ref) or ref, ref in chosen) for ref in worst],
        more_products=",".join(ref for ref in chosen if ref not in worst),
        cause=cause,
        today=today,
        horizons=rules.horizons,
        counted_days=rules.counted_days,
    )


def _prefilled(shop: Shop, asked: QueryDict, today: date) -> tuple[list[str], str]:
    """The products and the cause a link brings along."""
    product = asked.get("product", "").replace("\x00", "")
    rank = asked.get("finding", "")
    if not rank:
        return ([product] if product else []), ""
    search = search_newest(shop=shop, today=today)
    found = [one for one in search.findings if str(one.row.rank) == rank] if search else []
    if not found:
        return [], ""
    refs = [value for name, value in found[0].row.cut if name == "product"]
    skus = [value for name, value in found[0].row.cut if name == "sku"]
    if skus:
        lines = OrderLine.objects.for_shop(shop).filter(sku__in=skus)
        refs += lines.order_by("product_ref").values_list("product_ref", flat=True)[:1]
    return [ref for ref in refs if ref], found[0].sentence


def _goods_returned(shop: Shop) -> list[str]:
    """The products that came back most often in the newest night's window."""
    sums = sums_newest(shop=shop, basis=basis_of(QueryDict()), cut="product")
    back = [row[0] for row in sums.values if row[0] != REST and row[1 + RETURNS]] if sums else []
    return back[:MOST_SUGGESTED]


def fix_lines(*, shop: Shop) -> list[FixLine]:
    """Every fix that was not withdrawn, newest first, in three queries."""
    fixes = _fixes_kept(shop)
    titles = product_titles(shop=shop, refs=_goods_of(fixes))
    return [_line(fix, titles) for fix in fixes]


@dataclass(frozen=True)
class FixStanding:
    """How many fixes there are, and what came of those that say something."""

    fixes: int
    improved: int
    unchanged: int
    worse: int

    @property
    def judged(self) -> int:
        """Those that say something."""
        return self.improved + self.unchanged + self.worse


def fix_standing(*, shop: Shop) -> FixStanding:
    """What came of the fixes, by the longest horizon that says something. One query."""
    told = FixEffect.objects.for_shop(shop).filter(fix=OuterRef("pk")).exclude(verdict=TOO_FEW)
    newest = Subquery(told.order_by("-horizon").values("verdict")[:1])
    fixes = Fix.objects.for_shop(shop).filter(withdrawn_at__isnull=True).annotate(verdict=newest)
    counts = Counter(fixes.values_list("verdict", flat=True))
    verdicts = (counts[verdict] for verdict in ("improved", "unchanged", "worse"))
    return FixStanding(counts.total(), *verdicts)


def _fixes_kept(shop: Shop) -> list[Fix]:
    fixes = Fix.objects.for_shop(shop).filter(withdrawn_at__isnull=True)
    return list(fixes.prefetch_related("effects").order_by("-started_on", "-pk"))


def _goods_of(fixes: Sequence[Fix]) -> list[str]:
    return sorted({ref for fix in fixes for ref in fix.products})


def effects_newest(*, shop: Shop, most: int) -> list[tuple[FixLine, EffectLine]]:
    """The newest fixes that can say something, each with what it says, their products unnamed. One
    query.
    """
    told = FixEffect.objects.for_shop(shop).filter(fix__withdrawn_at__isnull=True)
    newest = (
        told.exclude(verdict=TOO_FEW)
        .select_related("fix")
        .order_by("-fix__started_on", "-fix__pk", "-horizon")
        .distinct("fix__started_on", "fix__pk")
    )
    effects = [EffectLine(row) for row in newest[:most]]
    return [(FixLine(one.row.fix, [], [one]), one) for one in effects]


def _line(fix: Fix, titles: dict[str, str]) -> FixLine:
    effects = sorted(fix.effects.all(), key=lambda row: row.horizon)
    named = [titles.get(ref) or ref for ref in fix.products]
    return FixLine(fix, named, [EffectLine(row) for row in effects])


@dataclass(frozen=True)
class FixPage:
    """One fix with its effects, and where it is one of sampling, today's list and the results."""

    line: FixLine
    sample: list[Order]
    due: int
    checks: list[SampleCheck]
    counted_days: int

    @property
    def is_sampling(self) -> bool:
        """Whether orders are to be opened."""
        return self.line.fix.action == SAMPLING

    @property
    def good(self) -> Rate:
        """Of all orders opened those with something wrong."""
        return Rate(sum(not check.is_good for check in self.checks), len(self.checks))


def fix_page(*, shop: Shop, pk: int, today: date) -> FixPage | None:
    """One fix; None where there is none."""
    fix = Fix.objects.for_shop(shop).filter(pk=pk).prefetch_related("effects").first()
    if fix is None:
        return None
    titles = product_titles(shop=shop, refs=fix.products)
    sample: list[Order] = []
    due = 0
    if fix.action == SAMPLING and fix.withdrawn_at is None:
        sample, due = sample_of_day(shop=shop, fix=fix, day=today)
    checks = SampleCheck.objects.for_shop(shop).filter(fix=fix).order_by("-sampled_on", "-pk")
    counted = diagnostic_rules_on(today).effect.counted_days
    return FixPage(_line(fix, titles), sample, due, list(checks[:200]), counted)


def sample_of_day(*, shop: Shop, fix: Fix, day: date) -> tuple[list[Order], int]:
    """The orders to open on a day, and of how many: those waiting to be shipped with a product of
    the fix, drawn by a hash of day and order, so that the list stays the same all day and nobody
    chooses. Orders checked already are left out of the list.
    """
    lines = OrderLine.objects.for_shop(shop).filter(product_ref__in=fix.products)
    waiting = orders_to_ship(shop=shop).filter(external_id__in=lines.values("order_ref"))
    refs = list(waiting.values_list("external_id", flat=True))
    least, _most = diagnostic_rules_on(day).sampling
    drawn = sorted(refs, key=lambda ref: _lot(fix.pk, day, ref))[: ceil(least * len(refs))]
    checked = SampleCheck.objects.for_shop(shop).filter(fix=fix, sampled_on=day)
    done = set(checked.values_list("order_ref", flat=True))
    shown = [ref for ref in drawn if ref not in done][:MOST_SAMPLED]
    orders = Order.objects.for_shop(shop).filter(external_id__in=shown)
    return sorted(orders, key=lambda order: shown.index(order.external_id)), len(refs)


def _lot(fix: int, day: date, ref: str) -> str:
    return sha256(f"{fix}/{day.isoformat()}/{ref}".encode()).hexdigest()


def effect_columns() -> list[Column[tuple[FixLine, EffectLine | None]]]:
    """Fixes and their effects as a file."""
    return [
        Column(_("整改"), lambda row: row[0].action),
        Column(_("商品编号"), lambda row: _("、").join(row[0].fix.products)),
        Column(_("开始日期"), lambda row: row[0].fix.started_on),
        Column(_("针对"), lambda row: row[0].fix.cause),
        Column(_("天数"), lambda row: row[1].row.horizon if row[1] else None),
        Column(_("之前件数（支付日）"), lambda row: row[1].row.n_before if row[1] else None),
        Column(_("之前退货"), lambda row: row[1].row.k_before if row[1] else None),
        Column(_("之后件数（支付日）"), lambda row: row[1].row.n_after if row[1] else None),
        Column(_("之后退货"), lambda row: row[1].row.k_after if row[1] else None),
        Column(_("与对照的差"), lambda row: row[1].row.change if row[1] else None),
        Column(_("区间下限"), lambda row: row[1].row.low if row[1] else None),
        Column(_("区间上限"), lambda row: row[1].row.high if row[1] else None),
        Column(_("判断"), lambda row: row[1].word if row[1] else ""),
        Column(_("已定论"), lambda row: row[1].row.is_final if row[1] else None),
    ]


def effect_rows(lines: Sequence[FixLine]) -> list[tuple[FixLine, EffectLine | None]]:
    """A row per fix and horizon; a fix not measured yet has one of its own."""
    rows: list[tuple[FixLine, EffectLine | None]] = []
    for line in lines:
        rows += [(line, one) for one in line.effects] or [(line, None)]
    return rows
