"""After-sales cases."""

from importlib import import_module

from django.apps import AppConfig


class AftersalesConfig(AppConfig):
    """Cases and, later, guarantee and diagnostics."""

    name = "aftersales"
    verbose_name = "After-sales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register this app's import kinds, to-do lines and panels with ``stores``."""
        import_module("stores.kinds").register_folder("aftersales.kinds")
        import_module("stores.duties").register_folder("aftersales.duties")
        import_module("stores.panels").register_folder("aftersales.panels")
