"""The weighted service score of a shop."""

from django.apps import AppConfig


class ServicescoreConfig(AppConfig):
    """Metrics, daily statistics, ranks and score revisions."""

    name = "servicescore"
    verbose_name = "Service score"
    default_auto_field = "django.db.models.BigAutoField"
