"""Parcels as carriers report them."""

from django.db import models

from stores.models.shops import Fact


class Parcel(Fact):
    """包裹, identified by shop and tracking number (``external_id``)."""

    class Status(models.TextChoices):
        """Where the parcel is."""

        IN_TRANSIT = "in_transit", "运输中"
        OUT_FOR_DELIVERY = "out_for_delivery", "派送中"
        CUSTOMS = "customs", "清关中"
        SIGNED = "signed", "已签收"
        LOST = "lost", "丢失"
        RETURNED = "returned", "已退回"

    order_ref = models.CharField(max_length=96)
    courier = models.CharField(max_length=64, default="", blank=True)
    weight_grams = models.IntegerField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default="", blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["shop", "order_ref"], name="parcel_shop_order"),
            models.Index(fields=["shop", "status", "last_event_at"], name="parcel_shop_status"),
        ]
