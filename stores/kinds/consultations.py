"""咨询. An empty first reply means that nobody ever replied."""

from stores.calc.cells import Code, FreeText, Id, Instant, Label, Whole
from stores.kinds._declare import Column, Kind, Target
from stores.models import Consultation

KIND = Kind(
    name="consultations",
    label_zh="咨询",
    label_en="Consultations",
    identity=(Column("consultation_id", Id()),),
    record=Target(
        model=Consultation,
        keys={"external_id": "consultation_id"},
        columns=(
            Column("agent", Label(64)),
            Column("started_at", Instant(), required=True),
            Column("started_by", Code(("buyer", "shop")), required=True),
            Column("queue_seconds", Whole()),
            Column("first_reply_seconds", Whole()),
            Column("longest_gap_seconds", Whole()),
            Column("rating", Whole(1, 5)),
            Column("ended_at", Instant()),
            Column("order_id", Id(), field="order_ref"),
            Column("product_id", Id(), field="product_ref"),
            Column("topic", Label(64)),
            Column("text", FreeText()),
            Column("last_message_by", Code(("buyer", "shop"))),
        ),
        own_days=("started_at",),
    ),
)
