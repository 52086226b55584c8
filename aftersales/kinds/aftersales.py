"""售后. Reason texts are kept as imported; what counts as a quality reason is rule data."""

from aftersales.models import AfterSaleCase
from stores.calc.cells import Code, FreeText, Id, Instant, Money, Weight, Whole
from stores.kinds._declare import Column, Kind, Rule, Target, earlier

KINDS = ("refund_unshipped", "refund_shipped", "return_refund", "exchange", "freight_only")
OUTCOMES = ("open", "completed", "closed", "rejected", "cancelled")

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
        ),
        rules=(
            Rule("closed_before_applied", "closed_at", "error", earlier("closed_at", "applied_at")),
        ),
        own_days=("closed_at",),
        order_days=("signed_at",),
    ),
)
