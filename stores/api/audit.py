"""The audit log, for admins."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shopguard.lib.api.bodies import ReadSerializer
from shopguard.lib.api.filters import exact, since, until
from stores.api.base import OVERSIGHT, AdminView, ApiList
from stores.models import AuditEntry
from stores.selectors.audit import audit_entries


@extend_schema_field(OpenApiTypes.ANY)
class AnyJson(serializers.JSONField):
    """Whatever a change wrote down about before and after."""


class AuditSerializer(ReadSerializer):
    """One change by somebody."""

    id = serializers.CharField(source="pk", read_only=True)
    shop = serializers.CharField(
        source="shop.external_id", default=None, allow_null=True, read_only=True,
        help_text=_("店铺编号；与店铺无关时为 null。"),
    )  # fmt: skip
    before = AnyJson(read_only=True, help_text=_("改之前；没有时为 null。"))
    after = AnyJson(read_only=True, help_text=_("改之后；没有时为 null。"))

    class Meta:
        model = AuditEntry
        fields = (
            "id", "at", "actor", "shop", "action", "object_type", "object_id", "before", "after",
            "reason", "request_id", "previous_hash", "hash",
        )  # fmt: skip


class AuditFilters(filters.FilterSet):
    """How the log can be narrowed."""

    actor = exact("actor", _("谁做的：用户名，或 command: 开头的命令。"))
    action = exact("action", _("动作，例如 membership.grant。"))
    shop = exact("shop__external_id", _("店铺编号。"))
    object_type = exact("object_type", _("对象的种类。"))
    object_id = exact("object_id", _("对象的编号。"))
    request_id = exact("request_id", _("请求编号。"))
    at_from = since("at")
    at_before = until("at")


class AuditList(ApiList, AdminView):
    """The log, newest first."""

    serializer_class = AuditSerializer
    filterset_class = AuditFilters
    orderings = ("-at",)
    title, tag = _("审计日志"), OVERSIGHT
    about = _("谁在什么时候改了什么。每一行带着上一行的哈希，改动和缺失都看得出来。")

    def rows(self) -> QuerySet[AuditEntry]:
        """Every entry."""
        return audit_entries()
