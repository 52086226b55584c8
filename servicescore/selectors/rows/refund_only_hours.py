"""Closed refund-only cases."""

from servicescore.selectors.rows._closed_cases import closed_rows
from servicescore.selectors.rows._declare import seconds

ROWS = closed_rows(
    "refund_only_hours",
    "'refund_unshipped', 'refund_shipped'",
    f"{seconds('r.closed_at')} - {seconds('r.applied_at')}",
    "r.reason",
)
