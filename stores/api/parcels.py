"""包裹: what the couriers carry."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from shopguard.lib.api.bodies import RecordSerializer, text
from shopguard.lib.api.filters import exact, known, one_of, since, until
from stores.api.base import ShopRecordList
from stores.models import Parcel


class ParcelSerializer(RecordSerializer):
    """One parcel; its id is the tracking number."""

    order_id = text("order_ref", _("订单编号。"))
    status = serializers.ChoiceField(Parcel.Status.choices, allow_blank=True)

    class Meta:
        model = Parcel
        fields = (
            "id", "order_id", "courier", "weight_grams", "shipped_at", "status", "last_event_at",
            "signed_at", "as_of",
        )  # fmt: skip


class ParcelFilters(filters.FilterSet):
    """How parcels can be narrowed."""

    id = exact("external_id", _("运单号。"))
    order_id = exact("order_ref", _("订单编号。"))
    courier = exact("courier", _("快递公司。"))
    status = one_of(Parcel.Status.values, _("走到哪一步。"))
    is_signed = known("signed_at", _("是否已签收。"))
    shipped_from = since("shipped_at")
    shipped_before = until("shipped_at")


class ParcelList(ShopRecordList):
    """Parcels, the last shipped first."""

    serializer_class = ParcelSerializer
    filterset_class = ParcelFilters
    orderings = ("-shipped_at", "last_event_at", "signed_at")
    title, about = _("包裹"), _("店铺发出的包裹和它们的物流状态。")
