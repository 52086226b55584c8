"""Shops, people, imported facts, the import engine, the run ledger and the audit log."""

from importlib import import_module

from django.apps import AppConfig


class StoresConfig(AppConfig):
    """The lowest app: every other app builds on its records."""

    name = "stores"
    verbose_name = "Stores"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what this app has of what other apps add to: kinds, notices, panels, duties."""
        import_module("stores.kinds").register_folder("stores.kinds")
        import_module("stores.notices").register_folder("stores.notices")
        import_module("stores.panels").register_folder("stores.panels")
        import_module("stores.duties").register_folder("stores.duties")
