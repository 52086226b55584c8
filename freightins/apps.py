"""Freight insurance: the top layer of the house, which may read every app below it."""

from django.apps import AppConfig


class FreightinsConfig(AppConfig):
    """What cover costs a shop, which orders have it, and what comes of it."""

    name = "freightins"
    verbose_name = "Freight insurance"
    default_auto_field = "django.db.models.BigAutoField"
