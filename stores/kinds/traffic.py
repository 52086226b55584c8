"""流量 by product and day. No metric of the score reads it, so it touches no day."""

from stores.calc.cells import Day, Id, Whole
from stores.kinds._declare import Column, Kind, Target
from stores.models import Traffic

KIND = Kind(
    name="traffic",
    label_zh="流量",
    label_en="Traffic",
    identity=(Column("product_id", Id()), Column("day", Day())),
    record=Target(
        model=Traffic,
        keys={"product_ref": "product_id", "day": "day"},
        columns=(Column("impressions", Whole()), Column("visitors", Whole())),
    ),
)
