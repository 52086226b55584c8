"""The frame of the penalty log: views with their counts, choices of filters, the last receipt."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from stores.calc.clauses import codes_ever
from stores.models import PenaltyView, Run, User, Violation
from stores.rules import conduct_book
from stores.selectors.case_words import APPEALS, KINDS, STATES, clause_word
from stores.selectors.penalty_filters import (
    TEXTS,
    VIEWS,
    PenaltyFilters,
    penalty_filters,
    violations_found,
)

BLOCKS_SHOWN = 4
# What of an address a saved view keeps.
KEPT = ("view", *TEXTS, "since", "until")


@dataclass(frozen=True)
class SavedView:
    """A selection somebody kept under a name."""

    key: int
    label: str
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class ReadyView:
    """A tab over the log."""

    key: str
    label: str
    count: int
    is_chosen: bool

    @property
    def query(self) -> str:
        """Its address."""
        return urlencode({"view": self.key})


def counted_views(filters: PenaltyFilters, *, today: date) -> list[ReadyView]:
    """The views that stand ready, with how many violations each holds."""
    found = []
    for key, label, _query in VIEWS:
        of_view = penalty_filters(QueryDict(urlencode({"view": key})), today=today)
        count = violations_found(of_view).count()
        found.append(ReadyView(key, str(label), count, key == filters.view))
    return found


def saved_views(user: User, asked: QueryDict) -> list[SavedView]:
    """What an admin kept, by name."""
    kept = kept_query(asked)
    rows = views_of(user=user).order_by("name")
    return [
        SavedView(row.pk, row.name, row.query, bool(kept) and row.query == kept) for row in rows
    ]


def views_of(*, user: User) -> QuerySet[PenaltyView]:
    """The views an admin kept."""
    return PenaltyView.objects.filter(user=user)


def kept_query(asked: QueryDict) -> str:
    """The part of an address that a saved view keeps."""
    return urlencode([(name, asked.get(name, "")) for name in KEPT if asked.get(name)])


def clause_codes() -> tuple[str, ...]:
    """Every clause of any version."""
    return codes_ever(conduct_book())


def choices() -> dict[str, list[tuple[str, str]]]:
    """What the selects of the filter bar offer."""
    return {
        "clause": [(code, clause_word(code)) for code in clause_codes()],
        "kind": [(kind, str(word)) for kind, word in KINDS.items() if kind],
        "state": [(state, str(word)) for state, (_kind, _icon, word) in STATES.items()],
        "appeal": [(state, str(word)) for state, word in APPEALS.items()],
    }


def newest_receipt() -> Run | None:
    """The newest run that noted the head of the log."""
    return Run.objects.exclude(log_head="").order_by("-pk").first()


def pending_count() -> int:
    """Cases of all shops that wait to be executed."""
    return Violation.objects.filter(state=Violation.State.PENDING).count()
