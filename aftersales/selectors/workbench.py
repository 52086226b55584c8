"""The workbench: queues with their counts, the figures above them, a page of cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from aftersales.calc.case_clocks import clock_rules, shop_seconds
from aftersales.calc.case_states import BUYER_STATES, next_step, steps_from
from aftersales.case_words import (
    CONDITION_WORDS,
    KIND_WORDS,
    STANDING_WORDS,
    STEP_WORDS,
    kind_word,
    state_word,
)
from aftersales.models import AfterSaleCase, CaseView
from aftersales.rules import clock_book
from aftersales.selectors.case_filters import (
    KIND_ORDER,
    QUEUES,
    SORT_WORDS,
    URGENT_WITHIN,
    Chosen,
    cases_chosen,
    chosen_from,
    is_chosen,
)
from aftersales.selectors.case_goods import About, cases_about
from aftersales.selectors.queue_counts import Answers, queues_and_answers
from shopguard.lib import formats
from shopguard.lib.days import shanghai_day
from shopguard.lib.paging import Page, page_of
from stores.models import Shop, User

PAGE_ROWS = 25


@dataclass(frozen=True)
class Choice:
    """One value of a filter or a tab: its word, count, query, and whether it is chosen."""

    key: str
    label: str
    count: int | None = None
    query: str = ""
    is_chosen: bool = False
    tone: str = ""


@dataclass(frozen=True)
class CaseLine:
    """A case as a row: its goods, what is next, how urgent it is."""

    about: About
    kind: str
    state: str
    standing: str
    next_name: str
    next_label: str
    tone: str
    reply_tone: str
    reply_seconds: int | None
    now: datetime

    @property
    def case(self) -> AfterSaleCase:
        """The case itself."""
        return self.about.case

    @property
    def since(self) -> str:
        """How long it has been in its state; where nobody knows, since it was applied for."""
        if self.case.state_since:
            return formats.time_ago(self.case.state_since, self.now)
        return _("%(ago)s申请") % {"ago": formats.time_ago(self.case.applied_at, self.now)}

    @property
    def reply(self) -> str:
        """How long the first reply took; empty without one."""
        if self.reply_seconds is None:
            return ""
        return formats.span(timedelta(seconds=self.reply_seconds))

    @property
    def standing_state(self) -> str:
        """The state badge of the verdict."""
        if self.about.verdict.qualifies is None:
            return "watch"
        return "good" if self.about.verdict.qualifies else "watch"


@dataclass(frozen=True)
class Workbench:
    """Everything the page of cases shows."""

    chosen: Chosen
    queues: list[Choice]
    kinds: list[Choice]
    sorts: list[Choice]
    views: list[Choice]
    page: Page[AfterSaleCase]
    lines: list[CaseLine]
    answers: Answers
    closed_yesterday: int
    open: int
    urgent: int
    today: int
    now: datetime


def workbench(*, shop: Shop, user: User, asked: QueryDict, now: datetime) -> Workbench:
    """The page ``asked`` names, in a number of queries that does not grow with the shop."""
    chosen = chosen_from(asked)
    narrowed = is_chosen(shop=shop, chosen=chosen, now=now) if chosen.is_narrowed else None
    counts, answers = queues_and_answers(shop=shop, now=now, days=1, chosen=narrowed)
    rows = cases_chosen(shop=shop, chosen=chosen, now=now)
    total = counts["chosen" if chosen.is_narrowed else chosen.queue]
    page = page_of(rows, asked, size=PAGE_ROWS, total=total)
    return Workbench(
        chosen=chosen,
        queues=[
            Choice(key, str(word), counts[key], chosen.query(queue=key), key == chosen.queue,
                   "urgent" if key in ("today", "chased") and counts[key] else "")
            for key, word in QUEUES.items()
        ],
        kinds=[Choice(k, str(KIND_WORDS[k]), is_chosen=k == chosen.kind) for k in KIND_ORDER],
        sorts=[Choice(k, str(w), is_chosen=k == chosen.sort) for k, w in SORT_WORDS.items()],
        views=_views(shop, user, chosen),
        page=page,
        lines=[case_line(about, now) for about in cases_about(shop=shop, cases=page.rows)],
        answers=answers,
        closed_yesterday=counts["yesterday"],
        open=counts["open"],
        urgent=counts["urgent"],
        today=counts["today"],
        now=now,
    )  # fmt: skip


def case_views(*, shop: Shop, user: User) -> QuerySet[CaseView]:
    """The views a person saved in a shop, by name."""
    return CaseView.objects.for_shop(shop).filter(user=user).order_by("name")


def _views(shop: Shop, user: User, chosen: Chosen) -> list[Choice]:
    saved = case_views(shop=shop, user=user)
    here = chosen.query()
    return [
        Choice(str(view.pk), view.name, query=view.query, is_chosen=view.query == here)
        for view in saved
    ]


def case_line(about: About, now: datetime) -> CaseLine:
    """A case as a row of the workbench."""
    case = about.case
    name = next_step(case.state, case.kind) if case.outcome == "open" else ""
    seconds = None
    if case.first_reply_at is not None:
        seconds = int((case.first_reply_at - case.applied_at).total_seconds())
    return CaseLine(
        about=about,
        kind=kind_word(case.kind),
        state=state_word(case.state),
        standing=str(STANDING_WORDS[about.verdict.standing]),
        next_name=name,
        next_label=str(STEP_WORDS[name]) if name else "",
        tone=tone_of(case, now),
        reply_tone=_reply_tone(case, seconds, now),
        reply_seconds=seconds,
        now=now,
    )


def tone_of(case: AfterSaleCase, now: datetime) -> str:
    """Red where it is due within six hours, amber later on the day; the buyer's time has none."""
    if case.due_at is None or case.outcome != "open" or case.state in BUYER_STATES:
        return ""
    if case.due_at - now <= URGENT_WITHIN:
        return "urgent"
    return "watch" if shanghai_day(case.due_at) == shanghai_day(now) else ""


def _reply_tone(case: AfterSaleCase, seconds: int | None, now: datetime) -> str:
    if case.outcome != "open" and seconds is None:
        return ""
    rules = clock_rules(clock_book().sets, shanghai_day(case.applied_at))
    passed = seconds if seconds is not None else int((now - case.applied_at).total_seconds())
    if passed > rules["answer.limit"] * 60:
        return "urgent"
    return "watch" if passed > rules["answer.target"] * 60 else ""


def shop_hours(case: AfterSaleCase, now: datetime) -> float:
    """The shop's own hours of a case up to its end or now."""
    until = int((case.closed_at or now).timestamp())
    waiting = case.waiting_buyer_seconds or 0
    return shop_seconds(int(case.applied_at.timestamp()), until, waiting) / 3600


def lines_streamed(*, shop: Shop, chosen: Chosen, now: datetime) -> Iterator[CaseLine]:
    """Every case of a selection, a few hundred at a time, for a download."""
    batch: list[AfterSaleCase] = []
    for case in cases_chosen(shop=shop, chosen=chosen, now=now).iterator(chunk_size=500):
        batch.append(case)
        if len(batch) == 500:
            yield from (case_line(one, now) for one in cases_about(shop=shop, cases=batch))
            batch = []
    yield from (case_line(one, now) for one in cases_about(shop=shop, cases=batch))


def conditions() -> list[Choice]:
    """The conditions goods can be in."""
    return [Choice(key, str(word)) for key, word in CONDITION_WORDS.items()]


def open_steps(case: AfterSaleCase) -> list[Choice]:
    """The steps that can follow, each once; ``tone`` says by whom."""
    steps = steps_from(case.state, case.kind, is_extended=case.is_extended)
    return [Choice(step.name, str(STEP_WORDS[step.name]), tone=step.by) for step in steps]
