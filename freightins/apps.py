"""Freight insurance: the top layer of the house, which may read every app below it."""

from django.apps import AppConfig


class FreightinsConfig(AppConfig):
    """Holds the place of the capability in the import contracts until its models arrive."""

    name = "freightins"
    verbose_name = "Freight insurance"
    default_auto_field = "django.db.models.BigAutoField"
