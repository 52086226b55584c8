"""商品. A title turns a placeholder, made by an order that came first, into a full product."""

import numpy as np

from stores.calc.cells import Flag, Id, Label, Money, Weight, Whole, distinct
from stores.kinds._declare import Change, Column, Columns, Kind, Target
from stores.kinds.shops import create_categories
from stores.models import Product


def _categories(change: Change) -> None:
    create_categories(distinct(change.field_of_touched("category")))


def _placeholder(row: Columns) -> Columns:
    return {"is_placeholder": np.asarray(row["title"] == "", dtype=np.int64)}


KIND = Kind(
    name="products",
    label_zh="商品",
    label_en="Products",
    identity=(Column("product_id", Id()),),
    record=Target(
        model=Product,
        keys={"external_id": "product_id"},
        columns=(
            Column("title", Label(300), required=True),
            Column("category", Label(64)),
            Column("price", Money()),
            Column("net_weight_kg", Weight(), field="net_weight_grams"),
            Column("is_virtual", Flag(), default=0),
            Column("is_made_to_order", Flag(), default=0),
            Column("on_shelf", Flag(), default=1),
            Column("guarantee_days", Whole(0, 3650)),
        ),
        derive=_placeholder,
        derived=("is_placeholder",),
    ),
    follow_ups=(_categories,),
)
