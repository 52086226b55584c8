"""The project as an app: commands, template tags and the Celery application live here."""

from importlib import import_module

from django.apps import AppConfig


class ShopguardConfig(AppConfig):
    """Loads Celery once Django is ready.

    ``shopguard/__init__.py`` stays empty, so that importing a pure module of ``shopguard.lib``
    never drags Celery or Django in.
    """

    name = "shopguard"
    verbose_name = "ShopGuard"

    def ready(self) -> None:
        """Make our Celery application the current one for every ``shared_task``."""
        import_module("shopguard.celery")
