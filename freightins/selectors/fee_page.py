"""The page of the fee: what it is made of, what it was, where it is heading, and the 100 orders."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from freightins.calc.quotes import CATEGORY, ENTERED
from freightins.calc.steps import Part
from freightins.models import EnteredFee, FeeOutlook, QuoteRevision
from freightins.rules import compiled_fee_rules, fee_book
from freightins.selectors.enrolments import cover_at, quote_newest
from freightins.selectors.fees import (
    WEEKS_SHOWN,
    Step,
    charged,
    parts_of,
    steps_between,
)
from freightins.selectors.home_words import basis_word
from freightins.selectors.outlooks import outlook_at
from shopguard.lib.exports import Column
from shopguard.lib.formats import number, percent, yuan
from shopguard.lib.rulesets import RuleSet
from stores.models import Shop

FEN = 100


@dataclass(frozen=True)
class PartLine:
    """A part of the fee in the bar."""

    part: Part
    label: str
    is_loading: bool


@dataclass(frozen=True)
class StepLine:
    """A factor in last week's fee, in this week's, and what it did."""

    label: str
    before: str
    after: str
    fen: float


@dataclass(frozen=True)
class FeePage:
    """What the page shows. ``quote`` is what is charged, or the newest estimate when nothing
    binds yet.
    """

    quote: QuoteRevision | None
    is_charged: bool
    is_open: bool
    before: QuoteRevision | None
    parts: list[PartLine]
    steps: list[StepLine]
    outlook: FeeOutlook | None
    threshold: int
    history: list[QuoteRevision]
    rules: RuleSet | None
    assumptions: int
    entered: EnteredFee | None
    sentence: str
    now: datetime

    @property
    def change(self) -> int | None:
        """Fen more (or less) than the week before."""
        if self.quote is None or self.before is None:
            return None
        return self.quote.fee - self.before.fee


def fee_page(*, shop: Shop, now: datetime) -> FeePage:
    """Everything about the fee of a shop."""
    history = charged(shop=shop, now=now, count=WEEKS_SHOWN)
    newest = quote_newest(shop=shop, now=now)
    current = history[0] if history else newest
    before = history[1] if len(history) > 1 else None
    outlook = outlook_at(shop=shop, now=now)
    rules = fee_book().by_id(current.rule_set) if current else None
    return FeePage(
        quote=current,
        is_charged=bool(history),
        is_open=cover_at(shop=shop, now=now).enrolment is not None,
        before=before,
        parts=_parts(current) if current else [],
        steps=_steps(before, current) if before and current else [],
        outlook=outlook,
        threshold=compiled_fee_rules(current.rule_set).threshold if current else 0,
        history=history,
        rules=rules,
        assumptions=len(rules.assumptions()) if rules else 0,
        entered=_entered(shop),
        sentence=_sentence(current, before),
        now=now,
    )


def _entered(shop: Shop) -> EnteredFee | None:
    newest = EnteredFee.objects.for_shop(shop).order_by("-seen_on", "-pk").first()
    return newest if newest and newest.fee is not None else None


def _parts(quote: QuoteRevision) -> list[PartLine]:
    labels = {
        "returns": _("预期退货赔付"),
        "reputation": _("信誉"),
        "promotion": _("促销"),
        "risk_loading": _("风险附加"),
        "fee_loading": _("运营附加"),
    }
    return [
        PartLine(part, labels[part.name], part.name.endswith("loading"))
        for part in parts_of(quote)
        if part.fen
    ]


def _steps(before: QuoteRevision, after: QuoteRevision) -> list[StepLine]:
    return [
        StepLine(*_factor(step, before, after), fen=step.fen)
        for step in steps_between(before, after)
    ]


def _factor(step: Step, before: QuoteRevision, after: QuoteRevision) -> tuple[str, str, str]:
    """The name of a factor and its value in both quotes."""
    labels = {
        "returns": (_("本店退货率"), _own),
        "credibility": (_("单量，可信度 Z"), _weight),
        "reputation": (_("信誉与违规"), lambda quote: f"×{number(quote.reputation_factor, 3)}"),
        "promotion": (_("促销占比"), lambda quote: f"×{number(quote.promotion_factor, 3)}"),
        "payout": (_("预期赔付"), lambda quote: yuan(round(quote.expected_payout))),
    }
    label, told = labels[step.name]
    return label, told(before), told(after)


def _own(quote: QuoteRevision) -> str:
    counts = f"{number(quote.window_returns)} / {number(quote.window_orders)}"
    return counts if quote.return_rate is None else f"{counts} = {percent(quote.return_rate, 2)}"


def _weight(quote: QuoteRevision) -> str:
    if quote.basis == CATEGORY:
        return _("按类目")
    return number(quote.window_orders / (quote.window_orders + quote.credibility), 3)


def _sentence(quote: QuoteRevision | None, before: QuoteRevision | None) -> str:
    if quote is None:
        return _("还没有报价，今晚第一次计算")
    told = {"fee": yuan(quote.fee)}
    if quote.basis == ENTERED:
        return _("每单 %(fee)s，按录入的平台报价") % told
    if not quote.is_binding:
        return _("预计每单 %(fee)s") % told
    if before is None or before.fee == quote.fee:
        return _("本期每单 %(fee)s") % told
    told["change"] = yuan(abs(quote.fee - before.fee))
    if quote.fee > before.fee:
        return _("本期每单 %(fee)s，贵了 %(change)s") % told
    return _("本期每单 %(fee)s，便宜了 %(change)s") % told


def fees_listed(*, shop: Shop, now: datetime) -> list[QuoteRevision]:
    """The fees charged within the last year, the newest first."""
    return charged(shop=shop, now=now, count=60)


def fee_columns() -> list[Column[QuoteRevision]]:
    """The fees as columns of a file: money in yuan, rates as fractions."""
    return [
        Column(_("生效"), _day("valid_from")),
        Column(_("到"), _day("valid_to")),
        Column(_("依据"), lambda quote: basis_word(quote.basis)),
        Column(_("窗口订单"), lambda quote: quote.window_orders),
        Column(_("窗口退货"), lambda quote: quote.window_returns),
        Column(_("混合退货率 R"), lambda quote: quote.blended_rate),
        Column(_("风险率"), lambda quote: quote.risk_rate),
        Column(_("预期赔付，元"), lambda quote: quote.expected_payout / FEN),
        Column(_("每单保费，元"), lambda quote: quote.fee / FEN),
    ]


def _day(name: str) -> Callable[[QuoteRevision], date | None]:
    def value(quote: QuoteRevision) -> date | None:
        found: date | None = getattr(quote, name)
        return found

    return value
