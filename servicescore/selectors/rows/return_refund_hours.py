"""Closed return-refund cases with the time that was not spent waiting for the buyer."""

from servicescore.selectors.rows._closed_cases import closed_rows
from servicescore.selectors.rows._declare import seconds

ROWS = closed_rows(
    "return_refund_hours",
    "'return_refund'",
    f"""greatest(0, {seconds("r.closed_at")} - {seconds("r.applied_at")}
        - coalesce(r.waiting_buyer_seconds, 0))""",
    "r.reason",
)
