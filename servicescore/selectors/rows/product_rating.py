"""Reviews of signed orders."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servicescore.selectors.rows._declare import RowSource, excluded

METRIC = "product_rating"
OUT = f"({excluded('review', METRIC)} OR {excluded('order', METRIC, 'o.external_id')})"

ROWS = RowSource(
    metric=METRIC,
    record="review",
    source="""stores_order o JOIN stores_review r
        ON o.shop_id = %(shop)s AND r.order_ref = o.external_id""",
    anchor="o.signed_at",
    order="o.external_id",
    began="r.created_at",
    ended="o.signed_at",
    began_label=pgettext_lazy("column", "评价"),
    ended_label=_("签收"),
    num="r.rating::bigint",
    why="'counted'",
    detail="r.text",
    out=OUT,
    excluded_only=OUT,
)
