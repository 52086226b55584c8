"""Every address of the product. Each view says who may enter: see ``stores.access``."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
