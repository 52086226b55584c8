"""What the person was told, and on which ways they want to be told."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from shopguard.lib.api.bodies import InputSerializer, ReadSerializer, RowId
from shopguard.lib.api.filters import one_of, since, until
from stores.api.base import ME, ApiList, ApiRequest, ApiView
from stores.api.once import once
from stores.channel_forms import APP_LEVELS
from stores.models import Channel, Level, Notification, User
from stores.notices import notices_for, words_of
from stores.selectors.channels import choices_of, roles_of
from stores.selectors.notifications import notifications_newest
from stores.services.channels import choices_set
from stores.services.notices import notifications_read

SEVERITIES = tuple(Notification.Severity.values)


class NotificationSerializer(ReadSerializer):
    """Something the person was told."""

    id = serializers.CharField(source="pk", read_only=True)
    shop = serializers.CharField(
        source="shop.external_id",
        default=None,
        allow_null=True,
        help_text=_("店铺编号；与店铺无关时为 null。"),
    )
    severity = serializers.ChoiceField(SEVERITIES, help_text=_("有多紧急。"))
    title = serializers.SerializerMethodField(help_text=_("一句话说发生了什么。"))
    body = serializers.SerializerMethodField(help_text=_("下面的说明，可能为空。"))

    class Meta:
        model = Notification
        fields = ("id", "kind", "severity", "shop", "title", "body", "created_at", "read_at")
        extra_kwargs = {
            "kind": {"help_text": _("哪一类通知。")},
            "created_at": {"help_text": _("何时告知。")},
            "read_at": {"help_text": _("何时读过；没读过时为 null。")},
        }

    def get_title(self, row: Notification) -> str:
        """Its sentence."""
        return words_of(row).title

    def get_body(self, row: Notification) -> str:
        """What stands below."""
        return words_of(row).body


class NotificationFilters(filters.FilterSet):
    """How notifications can be narrowed."""

    severity = one_of(SEVERITIES, _("有多紧急。"))
    created_from = since("created_at")
    created_before = until("created_at")


class NotificationList(ApiList):
    """The person's notifications, newest first."""

    serializer_class = NotificationSerializer
    filterset_class = NotificationFilters
    orderings = ("-created_at",)
    title, about, tag = _("我的通知"), _("站内通知，最新的在前。"), ME

    def rows(self) -> QuerySet[Notification]:
        """What is told in the product."""
        return notifications_newest(user=self.request.user, only_unread=False)


class ReadInput(InputSerializer):
    """What was read."""

    notification = RowId(
        required=False, default=None, allow_null=True,
        help_text=_("通知的编号；不给就是全部。"),
    )  # fmt: skip


class NotificationsReadSerializer(serializers.Serializer):
    """What came of it."""

    read = serializers.IntegerField(help_text=_("新标为已读的有几条。"))


class NotificationsRead(ApiView):
    """The way notifications are marked as read."""

    serializer_class = NotificationsReadSerializer
    title, about, tag = _("标为已读"), _("一条或全部；读过的不变。"), ME

    @extend_schema(request=ReadInput)
    @once
    def post(self, request: ApiRequest) -> Response:
        """Mark them."""
        given = ReadInput(data=request.data)
        given.is_valid(raise_exception=True)
        count = notifications_read(user=request.user, only=given.validated_data["notification"])
        return Response({"read": count})


class ChoiceSerializer(InputSerializer):
    """From how urgent on a kind is told on each way."""

    kind = serializers.CharField(max_length=40, help_text=_("哪一类通知。"))
    app = serializers.ChoiceField([level for level, _word in APP_LEVELS], help_text=_("站内。"))
    email = serializers.ChoiceField(Level.values, help_text=_("邮件。"))
    webhook = serializers.ChoiceField(Level.values, help_text=_("推送到程序。"))


class ChoicesSerializer(InputSerializer):
    """Some kinds."""

    choices = ChoiceSerializer(
        many=True, required=False, default=list, help_text=_("每一类通知走哪条路。")
    )


class Channels(ApiView):
    """On which ways the person is told."""

    serializer_class = ChoicesSerializer
    title, about, tag = _("怎么通知我"), _("每一类通知在每条路上从多紧急起发。"), ME

    def get(self, request: ApiRequest) -> Response:
        """Every kind the person may hear of."""
        return Response({"choices": _choices(request.user)})

    @extend_schema(summary=_("改怎么通知我"), description=_("只改给出的种类。"))
    @once
    def patch(self, request: ApiRequest) -> Response:
        """Change the kinds that are given."""
        wanted = ChoicesSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = {row["kind"]: row for row in wanted.validated_data["choices"]}
        known = {row["kind"] for row in _choices(request.user)}
        if not given.keys() <= known:
            raise serializers.ValidationError({"choices": [_("没有这一类通知。")]})
        choices_set(
            user=request.user,
            levels={
                (kind, channel): row[channel] for kind, row in given.items() for channel in Channel
            },
        )
        return Response({"choices": _choices(request.user)})


def _choices(user: User) -> list[dict[str, Any]]:
    chosen = choices_of(user=user)
    return [
        {"kind": notice.name}
        | {
            channel.value: chosen.get((notice.name, channel)) or notice.level(channel)
            for channel in Channel
        }
        for notice in notices_for(roles_of(user=user))
    ]
