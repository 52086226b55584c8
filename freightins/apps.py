"""Freight insurance: the top layer of the house, which may read every app below it."""

from importlib import import_module

from django.apps import AppConfig


class FreightinsConfig(AppConfig):
    """What cover costs a shop, which orders have it, and what comes of it."""

    name = "freightins"
    verbose_name = "Freight insurance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register this app's import kind with ``stores``, hang its panel and to-do lines into the
        overview, and tell ``aftersales`` which orders are covered and what cover costs."""
        import_module("stores.kinds").register_folder("freightins.kinds")
        import_module("stores.panels").register_folder("freightins.panels")
        import_module("stores.duties").register_folder("freightins.duties")
        import_module("freightins.cover_slot").fill()
        import_module("freightins.money_slot").fill()
