"""包裹. No metric of the score reads parcels, so they touch no day."""

from stores.calc.cells import Code, Id, Instant, Label, Weight
from stores.kinds._declare import Column, Kind, Rule, Target, earlier
from stores.models import Parcel

KIND = Kind(
    name="parcels",
    label_zh="包裹",
    label_en="Parcels",
    identity=(Column("tracking_no", Id()),),
    record=Target(
        model=Parcel,
        keys={"external_id": "tracking_no"},
        columns=(
            Column("order_id", Id(), field="order_ref", required=True),
            Column("courier", Label(64)),
            Column("weight_kg", Weight(), field="weight_grams"),
            Column("shipped_at", Instant()),
            Column("status", Code(tuple(Parcel.Status.values))),
            Column("last_event_at", Instant()),
            Column("signed_at", Instant()),
        ),
        rules=(
            Rule(
                "signed_before_shipped", "signed_at", "warning", earlier("signed_at", "shipped_at")
            ),
        ),
    ),
)
