"""The weighted service score of a shop."""

from importlib import import_module

from django.apps import AppConfig


class ServicescoreConfig(AppConfig):
    """Metrics, daily statistics, ranks and score revisions."""

    name = "servicescore"
    verbose_name = "Service score"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what this app adds to ``stores``: kinds, notices, panels, duties and their
        worth; and to ``aftersales`` which reasons are quality."""
        import_module("stores.kinds").register_folder("servicescore.kinds")
        import_module("stores.notices").register_folder("servicescore.notices")
        import_module("stores.panels").register_folder("servicescore.panels")
        import_module("stores.duties").register_folder("servicescore.duties")
        import_module("servicescore.duty_slot").fill()
        import_module("servicescore.quality_slot").fill()
