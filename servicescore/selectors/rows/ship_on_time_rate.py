"""Orders due, and whether they were shipped by their deadline."""

from django.utils.translation import gettext_lazy as _

from servicescore.selectors.rows._due_orders import due_rows

ROWS = due_rows("ship_on_time_rate", "r.shipped_at", _("发货"))
