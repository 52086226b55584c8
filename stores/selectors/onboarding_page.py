"""The page of an application: its steps, its story, and what may be done now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shopguard.lib.words import INDUSTRIES
from stores.calc.onboarding import EDIT, MOVES, OPEN, SUBMIT, WITHDRAW, Step
from stores.models import Application, ApplicationEvent, ApplicationPaper
from stores.selectors.onboarding import papers_of, steps_of
from stores.selectors.onboarding_words import (
    COMPANY_TYPES,
    KINDS,
    MODES,
    MOVE_WORDS,
    PAPER_WORDS,
    REASON_WORDS,
    SCOPES,
    SHOP_TYPES,
    STATES,
    STEP_WORDS,
    missing_words,
)


@dataclass(frozen=True)
class StepLine:
    """A step in words. ``is_now`` is the first that is not done."""

    name: str
    title: str
    missing: str
    is_done: bool
    is_now: bool


@dataclass(frozen=True)
class ApplicationLine:
    """An application as lists show it."""

    row: Application
    tone: str
    state: str
    steps: Sequence[Step] = ()

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.steps)


@dataclass(frozen=True)
class PaperLine:
    """A paper in words."""

    row: ApplicationPaper
    kind: str
    form: str


@dataclass(frozen=True)
class EventLine:
    """What happened, in words."""

    row: ApplicationEvent
    what: str


@dataclass(frozen=True)
class ApplicationPage:
    """All of the page. ``facts`` is what was filled in, as (word, value)."""

    line: ApplicationLine
    steps: list[StepLine]
    papers: list[PaperLine]
    events: list[EventLine]
    facts: list[tuple[Any, str]]
    reason: str
    missing_money: int | None
    may: frozenset[str]

    @property
    def can_edit(self) -> bool:
        """Whether the applicant may change it."""
        return EDIT in self.may

    @property
    def can_submit(self) -> bool:
        """Whether it can be sent in."""
        return SUBMIT in self.may

    @property
    def can_withdraw(self) -> bool:
        """Whether it can be taken back."""
        return WITHDRAW in self.may

    @property
    def can_open(self) -> bool:
        """Whether the shop can be opened now."""
        return OPEN in self.may and self.missing_money == 0


def application_lines(rows: Iterable[Application]) -> list[ApplicationLine]:
    """Several applications for a list, without their steps."""
    return [_line(row) for row in rows]


def application_ways(rows: Sequence[Application]) -> list[ApplicationLine]:
    """Several applications for a list, with how far each has come."""
    found = steps_of(rows)
    return [_line(row, found[row.pk]) for row in rows]


def _line(application: Application, steps: Sequence[Step] = ()) -> ApplicationLine:
    tone, state = STATES[application.state]
    return ApplicationLine(application, tone, str(state), steps)


def application_page(application: Application) -> ApplicationPage:
    """Everything the page shows."""
    due = application.deposit_due
    found = steps_of([application])[application.pk]
    events = ApplicationEvent.objects.filter(application=application).order_by("-at", "-pk")
    return ApplicationPage(
        line=_line(application, found),
        steps=_step_lines(found),
        papers=[
            PaperLine(row, str(PAPER_WORDS[row.kind]), row.media.partition("/")[2].upper())
            for row in papers_of(application=application)
        ],
        events=[EventLine(row, str(MOVE_WORDS.get(row.move, row.move))) for row in events],
        facts=_facts(application),
        reason=str(REASON_WORDS.get(application.reason, "")),
        missing_money=None if due is None else max(0, due - application.deposit_paid),
        may=frozenset(MOVES[application.state]),
    )


def step_lines(application: Application) -> list[StepLine]:
    """Every step in words."""
    return _step_lines(steps_of([application])[application.pk])


def _step_lines(found: Sequence[Step]) -> list[StepLine]:
    first = next((step.name for step in found if not step.is_done), "")
    return [
        StepLine(
            step.name, str(STEP_WORDS[step.name]), missing_words(step.missing), step.is_done,
            step.name == first,
        )
        for step in found
    ]  # fmt: skip


FACTS: tuple[tuple[str, Any], ...] = (
    ("kind", KINDS), ("company_name", None), ("company_type", COMPANY_TYPES), ("licence_no", None),
    ("scope", SCOPES), ("brand_name", None), ("brand_intro", None), ("brand_story", None),
    ("shop_name", None), ("shop_type", SHOP_TYPES), ("industry", INDUSTRIES),
    ("main_category", None), ("shop_address", None), ("contact_phone", None),
    ("service_mode", MODES),
)  # fmt: skip


def _facts(application: Application) -> list[tuple[str, str]]:
    """What was filled in, by field; empty ones are left out."""
    found = []
    for name, words in FACTS:
        value = getattr(application, name)
        if value:
            found.append((name, str(words.get(value, value)) if words else value))
    return found
