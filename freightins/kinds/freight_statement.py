"""运费宝对账单: what was taken from the shop for cover, and what was paid out on claims."""

from freightins.kinds._settling import statement_settle
from freightins.models import StatementLine
from stores.calc.cells import Code, Day, Id, Instant, Label, Money
from stores.kinds._declare import Change, Column, Kind, Target

ENTRIES = tuple(StatementLine.Entry.values)


def _settle(change: Change) -> None:
    """Claims take what was paid, and the orders of the shop are compared again."""
    for shop in sorted(set(change.shops[change.touched].tolist())):
        statement_settle(shop_id=shop, now=change.now)


KIND = Kind(
    name="freight_statement",
    label_zh="运费宝对账单",
    label_en="Freight statement",
    identity=(
        Column("line_id", Id()),
        Column("settled_on", Day()),
        Column("entry", Code(ENTRIES), may_be_empty=True),
    ),
    record=Target(
        model=StatementLine,
        keys={"line_ref": "line_id", "settled_on": "settled_on", "entry": "entry"},
        columns=(
            Column("order_id", Id(), field="order_ref", required=True),
            Column("amount", Money(negative=True), required=True),
            Column("settled_at", Instant()),
            Column("effective_at", Instant()),
            Column("placed_at", Instant()),
            Column("shipped_at", Instant()),
            Column("account", Label(64)),
        ),
    ),
    follow_ups=(_settle,),
)
