"""The page of one case: where it stands, how it came there, and what belongs to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from aftersales.calc.case_states import BUYER_STATES
from aftersales.calc.guarantee import Terms
from aftersales.case_words import (
    CONDITION_WORDS,
    VERDICT_WORDS,
    event_word,
    state_word,
)
from aftersales.cover_slot import CoverTold, cover_told
from aftersales.models import AfterSaleCase, CaseEvent
from aftersales.selectors.case_events import events_of
from aftersales.selectors.case_filters import cases_chosen, chosen_from
from aftersales.selectors.case_goods import (
    About,
    cases_about,
    guarantee_of,
)
from aftersales.selectors.earlier_cases import cases_earlier
from aftersales.selectors.guarantee_line import GuaranteeLine, guarantee_line
from aftersales.selectors.replies import Reply, replies_for
from aftersales.selectors.workbench import (
    CaseLine,
    Choice,
    case_line,
    conditions,
    open_steps,
    shop_hours,
    tone_of,
)
from stores.models import Order, Shop

LOOKED_AHEAD = 500  # cases in order among which the next one is looked for
ORDER_WORDS = {"placed": _("下单"), "shipped": _("发货"), "signed": _("买家签收")}
REPLY_GROUPS = ("quick", "reply", "note", "delay", "freight")


@dataclass(frozen=True)
class Moment:
    """A point of the timeline; ``gap`` is how long the step before it took, and whose time."""

    at: datetime
    title: str
    icon: str
    detail: str = ""
    actor: str = ""
    gap: timedelta | None = None
    is_buyers: bool = False


@dataclass(frozen=True)
class Earlier:
    """Cases of the last 180 days beside this one: how many, and the newest of them."""

    count: int
    lines: list[CaseLine]


@dataclass(frozen=True)
class CasePage:
    """Everything the page of a case shows."""

    line: CaseLine
    terms: Terms
    reasons: list[str]
    steps: list[Choice]
    moments: list[Moment]
    notes: list[CaseEvent]
    of_sku: Earlier
    of_buyer: Earlier
    replies: list[Reply]
    reply: Reply | None
    conditions: list[Choice]
    hours: float
    tone: str
    now: datetime
    next_case: int | None
    cover: CoverTold | None
    guarantee: GuaranteeLine | None

    @property
    def about(self) -> About:
        """The case with its goods."""
        return self.line.about

    @property
    def case(self) -> AfterSaleCase:
        """The case itself."""
        return self.line.case


def case_found(*, shop: Shop, pk: int) -> AfterSaleCase | None:
    """The case of that key in this shop."""
    return AfterSaleCase.objects.for_shop(shop).filter(pk=pk).first()


def case_page(*, shop: Shop, pk: int, template: str, now: datetime) -> CasePage | None:
    """The page of a case; None where the shop has no such case. ``template`` is a reply's key."""
    case = case_found(shop=shop, pk=pk)
    if case is None:
        return None
    guarantee = guarantee_of(shop=shop)
    earlier = cases_earlier(shop=shop, case=case, now=now)
    told = cases_about(shop=shop, cases=[case, *earlier.cases], guarantee=guarantee)
    about, lines = told[0], [case_line(one, now) for one in told[1:]]
    events = events_of(shop=shop, case_ref=case.external_id)
    replies, cover = _replies(shop, about)
    return CasePage(
        line=case_line(about, now),
        terms=about.terms,
        reasons=[str(VERDICT_WORDS[code]) for code in about.verdict.reasons],
        steps=open_steps(case),
        moments=moments_of(about, events, now),
        notes=[event for event in events if event.name == "note"],
        of_sku=Earlier(earlier.sku_count, lines[: len(earlier.of_sku)]),
        of_buyer=Earlier(earlier.buyer_count, lines[len(earlier.of_sku) :]),
        replies=replies,
        reply=next((one for one in replies if one.key == template), None),
        conditions=conditions(),
        hours=shop_hours(case, now),
        tone=tone_of(case, now),
        now=now,
        next_case=_next(shop, case, now),
        cover=cover,
        guarantee=guarantee_line(about),
    )


def replies_of_case(*, shop: Shop, case_ref: str) -> tuple[list[Reply], CoverTold | None] | None:
    """The replies the page of a case offers, filled in, and what is known of the cover of its
    order; None where the shop has no such case.
    """
    case = AfterSaleCase.objects.for_shop(shop).filter(external_id=case_ref).first()
    if case is None:
        return None
    [about] = cases_about(shop=shop, cases=[case])
    return _replies(shop, about)


def _replies(shop: Shop, about: About) -> tuple[list[Reply], CoverTold | None]:
    cover = cover_told(shop, about.case.order_ref)
    is_covered = cover is not None and cover.is_covered
    groups = REPLY_GROUPS
    return replies_for(shop=shop, about=about, groups=groups, is_covered=is_covered), cover


def _next(shop: Shop, case: AfterSaleCase, now: datetime) -> int | None:
    """The case to go on with: the one after this in the order of the workbench while this waits
    for the shop, so that one can be passed over; else, and at the end, the most urgent.
    """
    rows = cases_chosen(shop=shop, chosen=chosen_from({}), now=now)
    keys = list(rows.values_list("pk", flat=True)[:LOOKED_AHEAD])
    is_ours = case.outcome == "open" and case.state not in (*BUYER_STATES, "platform")
    at = keys.index(case.pk) + 1 if is_ours and case.pk in keys else 0
    return next((key for key in keys[at:] + keys[:at] if key != case.pk), None)


def moments_of(about: About, events: list[CaseEvent], now: datetime) -> list[Moment]:
    """The timeline: the order's way, the application, every event, and now while it is open."""
    case, order = about.case, about.order
    found = []
    if order is not None:
        found = [
            Moment(at, event_title, icon)
            for at, event_title, icon in _order_moments(order)
            if at is not None
        ]
    found.append(Moment(case.applied_at, event_word("apply"), "file-text", case.reason))
    state, since = "review", case.applied_at
    for event in events:
        moved = event.state_to != event.state_from
        gap = event.at - since if moved and event.at > since else None
        found.append(
            Moment(event.at, event_word(event.name), _icon(event), _detail(event), event.actor,
                   gap, state in BUYER_STATES)
        )  # fmt: skip
        if moved:
            state, since = event.state_to, event.at
    found.sort(key=lambda moment: moment.at)
    ended = [event for event in events if event.at == case.closed_at]
    if case.closed_at is not None and not ended:
        found.append(Moment(case.closed_at, state_word(case.state), "circle-check"))
    return found


def _order_moments(order: Order) -> list[tuple[datetime | None, str, str]]:
    return [
        (order.placed_at, str(ORDER_WORDS["placed"]), "shopping-bag"),
        (order.shipped_at, str(ORDER_WORDS["shipped"]), "truck"),
        (order.signed_at, str(ORDER_WORDS["signed"]), "package-check"),
    ]


def _detail(event: CaseEvent) -> str:
    if event.name == "condition":
        return str(CONDITION_WORDS.get(event.note, event.note))
    return event.note


def _icon(event: CaseEvent) -> str:
    return {
        "reply": "message-square", "contact": "phone", "chase": "bell-ring", "note": "pencil",
        "imported": "file-up", "undo": "undo-2", "sent": "truck", "receive": "package-check",
        "reject": "x", "refund": "wallet",
    }.get(event.name, "check")  # fmt: skip
