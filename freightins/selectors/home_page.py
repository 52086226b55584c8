"""The page of enrolment, and the pages on the way to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from freightins.calc.eligibility import Condition, failures
from freightins.models import Consent, Enrolment, EnrolmentEvent, FeeOutlook, QuoteRevision
from freightins.rules import agreements_on
from freightins.selectors.choices import changes_newest
from freightins.selectors.enrolments import (
    Cover,
    conditions_by,
    conditions_now,
    cover_at,
    disputes_by,
    quote_newest,
)
from freightins.selectors.fees import Fees, fees_at
from freightins.selectors.home_words import (
    ChangeLine,
    ConditionLine,
    change_lines,
    condition_lines,
    condition_name,
    home_sentence,
    product_word,
)
from freightins.selectors.outlooks import outlook_at
from freightins.selectors.product_page import rows_by, rows_of
from freightins.selectors.products import CoverRow, is_covered
from shopguard.lib.days import shanghai_day
from shopguard.lib.formats import is_english
from stores.models import Shop

CHANGES_SHOWN = 12
SIGN_CHARS = 8


@dataclass(frozen=True)
class Strip:
    """The figures above every page: fee and its change, next week's, products covered."""

    quote: QuoteRevision | None
    before: QuoteRevision | None
    outlook: FeeOutlook | None
    met: int
    conditions: int
    blocking: int
    state: str

    @property
    def change(self) -> int | None:
        """Fen more (or less) than the week before."""
        if self.quote is None or self.before is None:
            return None
        return self.quote.fee - self.before.fee


@dataclass(frozen=True)
class ConsentLine:
    """An agreement that was accepted: its title, its version and the first signs of its hash."""

    title: str
    version: str
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True)
class HomePage:
    """What the page shows."""

    sentence: str
    cover: Cover
    strip: Strip
    lines: list[ConditionLine]
    events: list[EnrolmentEvent]
    consents: list[ConsentLine]
    changes: list[ChangeLine]
    products: int
    covered: int
    product: str
    now: datetime


def strip_of(
    *, cover: Cover, fees: Fees, found: Sequence[Condition], outlook: FeeOutlook | None
) -> Strip:
    """The figures of a shop."""
    return Strip(
        quote=fees.current,
        before=fees.before,
        outlook=outlook,
        met=sum(one.is_met for one in found),
        conditions=len(found),
        blocking=len(failures(list(found))),
        state=cover.state,
    )


def home_page(*, shop: Shop, now: datetime) -> HomePage:
    """Everything about a shop's enrolment."""
    cover = cover_at(shop=shop, now=now)
    product = cover.enrolment.product if cover.enrolment else Enrolment.Product.SERVICE
    fees = fees_at(shop=shop, now=now)
    disputes = disputes_by(fees.newest, shop=shop, now=now)
    found = conditions_by(fees.newest, disputes, shop=shop, product=product, now=now)
    outlook = outlook_at(shop=shop, now=now)
    rows = rows_by(fees.newest, shop=shop, now=now)
    events = EnrolmentEvent.objects.for_shop(shop).filter(at__lte=now).order_by("-at", "-pk")
    return HomePage(
        sentence=home_sentence(cover, found),
        cover=cover,
        strip=strip_of(cover=cover, fees=fees, found=found, outlook=outlook),
        lines=condition_lines(found),
        events=list(events.select_related("enrolment")[:CHANGES_SHOWN]),
        consents=consent_lines(cover.enrolment) if cover.enrolment else [],
        changes=change_lines(shop=shop, changes=changes_newest(shop=shop, count=CHANGES_SHOWN)),
        products=len(rows),
        covered=sum(is_covered(row) for row in rows),
        product=product_word(product),
        now=now,
    )


def consent_lines(enrolment: Enrolment) -> list[ConsentLine]:
    """What was accepted when the cover was opened, in the language of the page."""
    tongue = "en" if is_english() else "zh"
    lines = []
    for consent in enrolment.consents.order_by("agreement"):
        rules = agreements_on(shanghai_day(consent.accepted_at))
        name, _sep, sign = consent.version.partition(":")
        lines.append(
            ConsentLine(
                title=rules[f"{consent.agreement}.title_{tongue}"],
                version=f"{name} {sign[:SIGN_CHARS]}",
                accepted_by=consent.accepted_by,
                accepted_at=consent.accepted_at,
            )
        )
    return lines


@dataclass(frozen=True)
class Section:
    """One part of an agreement."""

    title: str
    text: str


@dataclass(frozen=True)
class Agreement:
    """An agreement as it is read: title, parts, and the version that is accepted."""

    name: str
    title: str
    sections: list[Section]
    is_ticked: bool


@dataclass(frozen=True)
class OpeningPage:
    """The way to cover: what it costs, what to cover, what to accept, what is checked."""

    product: str
    product_label: str
    products: list[CoverRow]
    picked: frozenset[str]
    scope: str
    quote: QuoteRevision | None
    month_fee: float
    month_payout: float
    agreements: list[Agreement]
    version: str
    lines: list[ConditionLine]
    may_open: bool
    is_open: bool
    now: datetime


def opening_page(*, shop: Shop, product: str, given: QueryDict, now: datetime) -> OpeningPage:
    """The form of opening, with what was filled in so far."""
    found = conditions_now(shop=shop, product=product, now=now)
    rows = [row for row in rows_of(shop=shop, now=now) if not row.product.is_virtual]
    rules = agreements_on(shanghai_day(now))
    return OpeningPage(
        product=product,
        product_label=product_word(product),
        products=sorted(rows, key=lambda row: (-row.facts.orders, row.key)),
        picked=frozenset(given.getlist("products")),
        scope="products" if given.get("scope") == "products" else "shop",
        quote=quote_newest(shop=shop, now=now),
        month_fee=sum(row.month_fee for row in rows),
        month_payout=sum(row.month_payout for row in rows),
        agreements=agreements_read(given, now),
        version=f"{rules.id}:{rules.hash}",
        lines=condition_lines(found),
        may_open=not failures(found),
        is_open=cover_at(shop=shop, now=now).enrolment is not None,
        now=now,
    )


def agreements_read(given: QueryDict, now: datetime) -> list[Agreement]:
    """Both agreements in the language of the page."""
    rules = agreements_on(shanghai_day(now))
    tongue = "en" if is_english() else "zh"
    found = []
    for name in Consent.AGREEMENTS:
        parts = rules.group(f"{name}.sections")
        keys = dict.fromkeys(path.partition(".")[0] for path in parts)
        sections = [
            Section(parts[f"{key}.title_{tongue}"], parts[f"{key}.text_{tongue}"]) for key in keys
        ]
        title = rules[f"{name}.title_{tongue}"]
        found.append(Agreement(name, title, sections, bool(given.get(f"accept_{name}"))))
    return found


def refusal_words(reason: str, failed: Sequence[str]) -> str:
    """Why cover was not opened and what to do."""
    if reason == "not_eligible":
        names = "、".join(condition_name(name) for name in failed)
        return _("最后检查没有通过：%(names)s。") % {"names": names}
    words = {
        "already_open": _("已经开通了，不用再开。"),
        "not_accepted": _("请读完两份协议，并分别勾选「我已知晓」。协议有新版本时要重新勾选。"),
        "nothing_chosen": _("请至少选一件商品，或改为全店。"),
    }
    return words[reason]
