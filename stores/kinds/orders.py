"""订单: one row per order line. What belongs to the order is read from its first row."""

from datetime import UTC, datetime

from stores.calc.cells import Code, Day, Flag, Hashed, Id, Instant, Label, Money, Whole, known
from stores.calc.deadlines import ship_deadlines
from stores.kinds._declare import Change, Column, Columns, Kind, Mask, Rule, Target, earlier
from stores.models import Order, OrderLine, Product, Shop
from stores.rules import shipping_book, shipping_hash

# A placeholder knows nothing, so every file about the product is newer.
NOTHING_KNOWN = datetime(2000, 1, 1, tzinfo=UTC)


def _signed_before_paid(row: Columns) -> Mask:
    early: Mask = earlier("signed_at", "paid_at")(row) & (row["is_cod"] != 1)
    return early


def _shipped_before_paid(row: Columns) -> Mask:
    early: Mask = earlier("shipped_at", "paid_at")(row) & (row["is_cod"] != 1)
    return early


def derive_ship_by(row: Columns) -> Columns:
    """The ship deadline of merged order columns under the shipping rules."""
    return {"ship_by": ship_deadlines(shipping_book(), row)}


def _create_placeholders(change: Change) -> None:
    """A product an order names before its own file has come is created, to be completed."""
    if change.target.model is not OrderLine:
        return
    refs = change.after["product_ref"]
    named = change.touched & known(refs)
    wanted = set(zip(change.shops[named].tolist(), refs[named].tolist(), strict=True))
    if not wanted:
        return
    rows = Product.objects.filter(
        shop__in={shop for shop, _ in wanted}, external_id__in={ref for _, ref in wanted}
    )
    missing = sorted(wanted - set(rows.values_list("shop_id", "external_id")))
    Product.objects.bulk_create(
        [
            Product(shop_id=shop, external_id=ref, as_of=NOTHING_KNOWN, is_placeholder=True)
            for shop, ref in missing
        ]
    )


def _remember_rules(change: Change) -> None:
    """A shop's first orders fix which rules its deadlines are worked out with."""
    if change.target.model is Order:
        shops = set(change.shops[change.touched].tolist())
        Shop.objects.filter(pk__in=shops, derived_with="").update(derived_with=shipping_hash())


_ORDER = Target(
    model=Order,
    keys={"external_id": "order_id"},
    columns=(
        Column("placed_at", Instant(), required=True),
        Column("paid_at", Instant()),
        Column("is_cod", Flag(), default=0),
        Column("trade_mode", Code(("domestic", "bonded", "direct")), default="domestic"),
        Column("channel", Code(("normal", "live")), default="normal"),
        Column("presale_mode", Code(("none", "fixed", "relative")), default="none"),
        Column("presale_ship_by", Day(), may_be_future=True),
        Column("presale_days", Whole(0, 3650)),
        Column("promised_ship_at", Instant(), may_be_future=True),
        Column("shipped_at", Instant()),
        Column("collected_at", Instant()),
        Column("signed_at", Instant()),
        Column("finished_at", Instant()),
        Column("cancelled_at", Instant()),
        Column("logistics_mode", Code(("express", "none")), default="express"),
        Column("is_promotion", Flag(), default=0),
        Column("is_fraud_risk", Flag(), default=0),
        Column("province", Label(32)),
        Column("order_paid", Money()),
        Column("freight", Money()),
        Column("buyer", Hashed(), field="buyer_ref", personal=True),
    ),
    rules=(
        Rule("signed_before_paid", "signed_at", "error", _signed_before_paid),
        Rule("shipped_before_paid", "shipped_at", "warning", _shipped_before_paid),
        Rule("signed_before_shipped", "signed_at", "warning", earlier("signed_at", "shipped_at")),
    ),
    own_days=("signed_at", "ship_by"),
    derive=derive_ship_by,
    derived=("ship_by",),
)

_LINE = Target(
    model=OrderLine,
    keys={"order_ref": "order_id", "line_no": "line_no"},
    columns=(
        Column("product_id", Id(), field="product_ref"),
        Column("sku", Id()),
        Column("spec", Label(200)),
        Column("quantity", Whole()),
        Column("line_paid", Money()),
    ),
)

KIND = Kind(
    name="orders",
    label_zh="订单",
    label_en="Orders",
    identity=(Column("order_id", Id()), Column("line_no", Whole())),
    record=_LINE,
    head=_ORDER,
    counted="line_no",
    follow_ups=(_create_placeholders, _remember_rules),
)
