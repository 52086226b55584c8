"""The clocks of a case: what the buyer's time was, and when a step is due.

All instants are epoch seconds here, so that a column of cases and a single one share the rules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from aftersales.calc.case_states import (
    BUYER_CONFIRMS,
    BUYER_SENDS,
    BUYER_STATES,
    CANCELLED,
    CLOSED,
    COMPLETED,
    EVERY_KIND,
    OPEN_STATES,
    PLATFORM,
    RECEIPT,
    REFUND_DUE,
    REJECTED,
    REVIEW,
    SENT_KINDS,
    SHIP_BACK,
    STATES,
)
from shopguard.lib.days import SECONDS_PER_HOUR, day_number
from shopguard.lib.rulesets import RuleBook, RuleSet
from stores.calc.cells import MISSING, Values, days_of, known

WITH_HOURS = (BUYER_SENDS, RECEIPT, REFUND_DUE, SHIP_BACK, BUYER_CONFIRMS)
OUTCOME_STATES = {
    "completed": COMPLETED, "closed": CLOSED, "rejected": REJECTED, "cancelled": CANCELLED,
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """An event as clocks see it: when, and the state from then on."""

    at: int
    state: str


def waited(before: int, state: str, since: int, until: int) -> int:
    """The buyer's seconds so far, with those of a stay in a state added; never fewer."""
    return before + (max(0, until - since) if state in BUYER_STATES else 0)


def waiting_seconds(marks: Iterable[Mark], until: int, *, carried: int = 0) -> int:
    """The buyer's seconds of a case from its events up to ``until``.

    ``carried`` is what a file said before the first of them; events after ``until`` do not count.
    """
    total, state, since = carried, "", until
    for mark in marks:
        total = waited(total, state, since, min(mark.at, until))
        state, since = mark.state, mark.at
    return waited(total, state, since, until)


def shop_seconds(applied: int, until: int, waiting: int) -> int:
    """The shop's own seconds of a case: all of them less the buyer's, never below 0."""
    return max(0, until - applied - max(0, waiting))


def hours_allowed(rules: RuleSet, state: str, kind: str) -> int:
    """Hours a state may last; 0 where nobody says."""
    if state == REVIEW:
        return int(rules[f"review.{kind}"])
    return int(rules[f"steps.{state}"]) if state in WITH_HOURS else 0


def due_after(rules: RuleSet, state: str, kind: str, since: int) -> int:
    """When a state entered at ``since`` is due; MISSING where nothing is."""
    hours = hours_allowed(rules, state, kind)
    return since + hours * SECONDS_PER_HOUR if hours else MISSING


def extended(rules: RuleSet, due: int) -> int:
    """The receipt deadline after its one extension."""
    return due + int(rules["extension.receipt"]) * SECONDS_PER_HOUR


def states_of(cases: dict[str, Values]) -> Values:
    """The state of each imported case.

    An outcome decides; then the state a file told or a step left, while it is an open one; then
    what the record shows: goods received, goods on their way, else the review of the shop.
    """
    told, outcome = cases["state"], cases["outcome"]
    ended = np.array([OUTCOME_STATES.get(code, "") for code in outcome.tolist()], dtype=object)
    received, sent = known(cases["merchant_received_at"]), cases["return_tracking_no"] != ""
    exchange, back = cases["kind"] == "exchange", np.isin(cases["kind"], sorted(SENT_KINDS))
    shown = np.select(
        [received & exchange, received, sent & back],
        [SHIP_BACK, REFUND_DUE, RECEIPT],
        REVIEW,
    )  # fmt: skip
    early = np.isin(told, [REVIEW, BUYER_SENDS])
    is_open = np.isin(told, OPEN_STATES) & ~(early & (received | sent) & (shown != REVIEW))
    state = np.where(ended != "", ended, np.where(is_open, told, shown))
    return state.astype(object)


def due_dates(book: RuleBook, cases: dict[str, Values]) -> tuple[Values, Values]:
    """When each imported case is due and whether that is estimated (0/1).

    The record's own deadline counts; else the policy of the day it was applied for, from when its
    state began where that is known. Ended cases are not due.
    """
    state, explicit = cases["state"], cases["deadline_at"]
    since = np.select(
        [state == REVIEW, np.isin(state, [REFUND_DUE, SHIP_BACK])],
        [cases["applied_at"], cases["merchant_received_at"]],
        cases["state_since"],
    )
    # Where nobody knows when a step began, the earliest it can have: rather too soon than too late.
    floor = cases["applied_at"] + np.maximum(cases["waiting_buyer_seconds"], 0)
    since = np.where(known(since), since, np.where(state == RECEIPT, floor, cases["applied_at"]))
    policy = np.full(len(state), MISSING, dtype=np.int64)
    day = days_of(cases["applied_at"])
    for rules in book.sets:
        here = _in_force(rules, day)
        policy[here] = since[here] + _allowed(rules, state[here], cases["kind"][here])
    is_open = np.isin(state, OPEN_STATES) & (state != PLATFORM)
    due = np.where(known(explicit), explicit, np.where(is_open, policy, MISSING))
    due = np.where(np.isin(state, OPEN_STATES), due, MISSING)
    return due, (known(due) & ~known(explicit)).astype(np.int64)


def _allowed(rules: RuleSet, state: Values, kind: Values) -> Values:
    hours = {
        (one, of): hours_allowed(rules, one, of) * SECONDS_PER_HOUR
        for one in STATES
        for of in EVERY_KIND
    }
    pairs = zip(state.tolist(), kind.tolist(), strict=True)
    return np.fromiter((hours[pair] for pair in pairs), np.int64, len(state))


def _in_force(rules: RuleSet, day: Values) -> Values:
    here = known(day) & (rules.visible_to != "preview")
    if rules.effective_on is not None:
        here &= day >= day_number(rules.effective_on)
    if rules.ends_on is not None:
        here &= day <= day_number(rules.ends_on)
    return here


def clock_rules(sets: Sequence[RuleSet], day: date) -> RuleSet:
    """The rules in force on a day; the first there are for an older one."""
    return next((rules for rules in sets if rules.in_force_on(day)), sets[0])
