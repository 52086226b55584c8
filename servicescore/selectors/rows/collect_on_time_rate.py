"""Orders due, and whether the courier had them by their deadline."""

from django.utils.translation import gettext_lazy as _

from servicescore.selectors.rows._due_orders import due_rows

ROWS = due_rows("collect_on_time_rate", "r.collected_at", _("揽收"))
