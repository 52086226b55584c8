"""The states of a case and the steps between them.

The table below is the whole machine. A step that is not in it is refused with the reason; nothing
else in the product decides which step may follow which state.
"""

from dataclasses import dataclass

REVIEW, BUYER_SENDS, RECEIPT = "review", "buyer_sends", "receipt"
REFUND_DUE, SHIP_BACK, BUYER_CONFIRMS = "refund_due", "ship_back", "buyer_confirms"
PLATFORM = "platform"
COMPLETED, REJECTED, CLOSED, CANCELLED = "completed", "rejected", "closed", "cancelled"

OPEN_STATES = (REVIEW, BUYER_SENDS, RECEIPT, REFUND_DUE, SHIP_BACK, BUYER_CONFIRMS, PLATFORM)
# The time in these is the buyer's and leaves the shop's clock.
BUYER_STATES = frozenset({BUYER_SENDS, BUYER_CONFIRMS})
# Each ended state is the outcome of the same name.
ENDED_STATES = (COMPLETED, CLOSED, REJECTED, CANCELLED)
STATES = OPEN_STATES + ENDED_STATES

REFUND_KINDS = frozenset({"refund_unshipped", "refund_shipped", "freight_only"})
RETURN, EXCHANGE = frozenset({"return_refund"}), frozenset({"exchange"})
SENT_KINDS = RETURN | EXCHANGE
EVERY_KIND = REFUND_KINDS | SENT_KINDS


@dataclass(frozen=True)
class Step:
    """A step by somebody (``shop``, ``buyer``, ``platform``) from a state to a state.

    ``needs``: ``reason`` (written), ``contact`` (one with the buyer on record), ``once``.
    """

    name: str
    by: str
    before: str
    after: str
    kinds: frozenset[str] = EVERY_KIND
    needs: frozenset[str] = frozenset()


WITH_REASON = frozenset({"reason", "contact"})

STEPS: tuple[Step, ...] = (
    Step("approve", "shop", REVIEW, BUYER_SENDS, SENT_KINDS),
    Step("approve", "shop", REVIEW, REFUND_DUE, REFUND_KINDS),
    Step("refund", "shop", REVIEW, COMPLETED, REFUND_KINDS),
    Step("sent", "buyer", BUYER_SENDS, RECEIPT, SENT_KINDS),
    Step("receive", "shop", RECEIPT, REFUND_DUE, RETURN),
    Step("receive", "shop", RECEIPT, SHIP_BACK, EXCHANGE),
    Step("refund", "shop", RECEIPT, COMPLETED, RETURN),
    Step("extend", "shop", RECEIPT, RECEIPT, SENT_KINDS, frozenset({"once"})),
    Step("refund", "shop", REFUND_DUE, COMPLETED),
    Step("ship_back", "shop", SHIP_BACK, BUYER_CONFIRMS, EXCHANGE),
    Step("confirm", "buyer", BUYER_CONFIRMS, COMPLETED, EXCHANGE),
    Step("reject", "shop", REVIEW, REJECTED, needs=WITH_REASON),
    Step("reject", "shop", RECEIPT, REJECTED, SENT_KINDS, WITH_REASON),
    Step("expire", "platform", BUYER_SENDS, CLOSED, SENT_KINDS),
    Step("rule_return", "platform", PLATFORM, BUYER_SENDS, SENT_KINDS),
    Step("rule_refund", "platform", PLATFORM, REFUND_DUE),
    Step("rule_close", "platform", PLATFORM, CLOSED),
    *(Step("involve", "platform", state, PLATFORM) for state in OPEN_STATES if state != PLATFORM),
    Step("involve", "platform", REJECTED, PLATFORM),
    *(Step("cancel", "buyer", state, CANCELLED) for state in OPEN_STATES),
)
STEP_NAMES = tuple(dict.fromkeys(step.name for step in STEPS))


class IllegalStepError(Exception):
    """A step that may not be taken.

    ``why`` is ``state`` (not from here), ``kind`` (not for this kind of case), ``unknown``,
    ``reason``, ``contact`` or ``once`` (what the step needs and does not have).
    """

    def __init__(self, why: str, name: str, state: str, kind: str) -> None:
        super().__init__(f"{name} of a {kind} case in {state}: {why}")
        self.why, self.name, self.state, self.kind = why, name, state, kind


def step_from(
    state: str, kind: str, name: str, *, reason: str = "", has_contact: bool = False,
    is_extended: bool = False,
) -> Step:  # fmt: skip
    """The step of that name from a state. Raises IllegalStepError, saying why there is none."""
    named = [step for step in STEPS if step.name == name]
    if not named:
        raise IllegalStepError("unknown", name, state, kind)
    here = [step for step in named if step.before == state]
    if not here:
        raise IllegalStepError("state", name, state, kind)
    found = next((step for step in here if kind in step.kinds), None)
    if found is None:
        raise IllegalStepError("kind", name, state, kind)
    lacking = {"reason": not reason.strip(), "contact": not has_contact, "once": is_extended}
    for need in sorted(found.needs, reverse=True):
        if lacking[need]:
            raise IllegalStepError(need, name, state, kind)
    return found


def steps_from(state: str, kind: str, *, is_extended: bool = False) -> tuple[Step, ...]:
    """The steps that can follow a state of a kind of case, in the order of the table."""
    return tuple(
        step
        for step in STEPS
        if step.before == state
        and kind in step.kinds
        and not (is_extended and "once" in step.needs)
    )


def next_step(state: str, kind: str) -> str:
    """What the shop does next in the ordinary course; nothing where others are to act."""
    own = [step.name for step in steps_from(state, kind) if step.by == "shop"]
    for name in ("refund", "receive", "ship_back", "approve"):
        if name in own and not (state == RECEIPT and name == "refund"):
            return name
    return ""
