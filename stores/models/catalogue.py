"""What a shop sells."""

from django.db import models

from stores.models.shops import Fact


class Category(models.Model):
    """类目, created as given by the first file that names it."""

    tenancy = "global: categories are shared by all shops"

    code = models.CharField(max_length=64, unique=True)
    parent = models.CharField(max_length=64, default="", blank=True)
    guarantee_days = models.PositiveSmallIntegerField(null=True, blank=True)
    unsealed_exempt = models.BooleanField(default=False)
    return_prone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code


class Product(Fact):
    """商品. A placeholder stands for a product that an order named before its own file came."""

    title = models.CharField(max_length=300, default="", blank=True)
    category = models.CharField(max_length=64, default="", blank=True)
    price = models.BigIntegerField(null=True, blank=True)
    net_weight_grams = models.IntegerField(null=True, blank=True)
    is_virtual = models.BooleanField(default=False)
    is_made_to_order = models.BooleanField(default=False)
    on_shelf = models.BooleanField(default=True)
    guarantee_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_placeholder = models.BooleanField(default=False)
