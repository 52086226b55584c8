"""售后. Reason texts are kept as imported; what counts as a quality reason is rule data."""

import numpy as np

from aftersales.calc.case_clocks import due_dates, states_of
from aftersales.calc.case_states import STATES
from aftersales.models import AfterSaleCase
from aftersales.rules import clock_book
from stores.calc.cells import MISSING, Code, FreeText, Id, Instant, Money, Weight, Whole
from stores.kinds._declare import Column, Columns, Kind, Rule, Target, earlier

KINDS = ("refund_unshipped", "refund_shipped", "return_refund", "exchange", "freight_only")
OUTCOMES = ("open", "completed", "closed", "rejected", "cancelled")


def derive_state(row: Columns) -> Columns:
    """State, its begin where it is known, and deadline of merged case columns.

    ``told_state`` is what the file or the last step said, ``state`` what stood before.
    """
    state = states_of(row | {"state": row["told_state"]})
    since = np.where(state == row["state"], row["state_since"], MISSING)
    due, estimated = due_dates(clock_book(), row | {"state": state, "state_since": since})
    return {"state": state, "state_since": since, "due_at": due, "due_is_estimated": estimated}


KIND = Kind(
    name="aftersales",
    label_zh="售后",
    label_en="After-sales",
    identity=(Column("case_id", Id()),),
    record=Target(
        model=AfterSaleCase,
        keys={"external_id": "case_id"},
        columns=(
            Column("order_id", Id(), field="order_ref", required=True),
            Column("line_no", Whole()),
            Column("kind", Code(KINDS), required=True),
            Column("reason", FreeText(200)),
            Column("latest_reason", FreeText(200)),
            Column("applied_at", Instant(), required=True),
            Column("closed_at", Instant()),
            Column("outcome", Code(OUTCOMES), default="open"),
            Column("waiting_buyer_seconds", Whole()),
            Column("requested", Money()),
            Column("refunded", Money()),
            Column("return_method", Code(("pickup", "locker", "self"))),
            Column("return_weight_kg", Weight(), field="return_weight_grams"),
            Column("return_tracking_no", Id()),
            Column("carrier_cost", Money()),
            Column("merchant_received_at", Instant()),
            Column("deadline_at", Instant(), may_be_future=True),
            Column("first_reply_at", Instant()),
            Column("state", Code(STATES), field="told_state"),
        ),
        rules=(
            Rule("closed_before_applied", "closed_at", "error", earlier("closed_at", "applied_at")),
        ),
        own_days=("closed_at",),
        order_days=("signed_at",),
        derive=derive_state,
        derived=("state", "state_since", "due_at", "due_is_estimated"),
    ),
)
