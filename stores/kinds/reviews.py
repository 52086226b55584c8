"""评价."""

from stores.calc.cells import FreeText, Id, Instant, Whole
from stores.kinds._declare import Column, Kind, Target
from stores.models import Review

KIND = Kind(
    name="reviews",
    label_zh="评价",
    label_en="Reviews",
    identity=(Column("review_id", Id()),),
    record=Target(
        model=Review,
        keys={"external_id": "review_id"},
        columns=(
            Column("order_id", Id(), field="order_ref", required=True),
            Column("product_id", Id(), field="product_ref"),
            Column("rating", Whole(1, 5), required=True),
            Column("text", FreeText()),
            Column("created_at", Instant(), required=True),
            Column("replied_at", Instant()),
        ),
        order_days=("signed_at",),
    ),
)
