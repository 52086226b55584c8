"""The shop, and the base every record of a shop stands on."""

from typing import Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model, covariant=True)


class ShopQuerySet(models.QuerySet["Shop"]):
    """Shops as a person may see them."""

    def locked(self, pks: list[int]) -> list[int]:
        """Lock shops in key order until the transaction ends; returns the keys locked.

        Every transaction that changes facts of a shop takes this lock first, so that a soft link
        and the touch of its day can never miss each other between two transactions. It is the
        weaker lock that foreign-key checks do not wait for.
        """
        rows = self.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
        return list(rows.values_list("pk", flat=True))


class Shop(models.Model):
    """店铺. Its external id is unique over the installation; the platform is an attribute."""

    tenancy = "shop"

    class ServiceMode(models.TextChoices):
        """Who answers the customers."""

        OWN = "own", "自营客服"
        PLATFORM = "platform", "平台客服"

    external_id = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    platform = models.CharField(max_length=32, default="xiaohongshu")
    shop_type = models.CharField(max_length=32, default="", blank=True)
    industry = models.CharField(max_length=64)
    main_category = models.CharField(max_length=64, default="", blank=True)
    opened_on = models.DateField(null=True, blank=True)
    base_settings_complete = models.BooleanField(default=False)
    service_mode = models.CharField(
        max_length=8, choices=ServiceMode.choices, default=ServiceMode.OWN
    )
    return_province = models.CharField(max_length=32, default="", blank=True)
    status = models.CharField(max_length=16, default="active")
    as_of = models.DateTimeField()
    # What owners fill in here. ``hours`` is read by :attr:`open_hours`; ``score_rules`` is the rule
    # set shown beside the one that applies.
    introduction = models.TextField(default="", blank=True)
    contact_phone = models.CharField(max_length=32, default="", blank=True)
    return_address = models.CharField(max_length=200, default="", blank=True)
    score_rules = models.CharField(max_length=40, default="", blank=True)
    hours = models.CharField(max_length=60, default="", blank=True)
    settings_version = models.PositiveIntegerField(default=0)
    # Hash of the shipping rules the derived deadlines of this shop's orders were worked out with.
    derived_with = models.CharField(max_length=16, default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ShopQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["industry"], name="shop_industry")]

    def __str__(self) -> str:
        return self.name

    @property
    def open_hours(self) -> list[tuple[int, int] | None]:
        """Opening and closing hour of each day from Monday on, None for a day off; empty where
        nobody said. Kept as ``9-21 9-21 - …``.
        """
        days = [day.partition("-") for day in self.hours.split()]
        return [(int(opens), int(closes)) if opens else None for opens, _dash, closes in days]


class ShopScopedQuerySet(models.QuerySet[M]):
    """Rows of a shop. Code that serves a page starts every query here."""

    def for_shop(self, shop: Shop) -> Self:
        """Only the rows of ``shop``."""
        return self.filter(shop=shop)


class ShopRecord(models.Model):
    """A row that belongs to one shop."""

    tenancy = "shop"

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+")

    objects = ShopScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class Fact(ShopRecord):
    """An imported record: unique by shop and external id, dated by the file it came from.

    ``as_of`` is the time of the newest file that spoke about the record; an older file only
    creates what is missing and fills what is unknown.
    """

    external_id = models.CharField(max_length=96)
    as_of = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["shop", "external_id"], name="%(class)s_identity")
        ]

    def __str__(self) -> str:
        return self.external_id
