"""Where the person is told: the program that listens, the e-mail address, and what was sent."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from shopguard.lib.api.bodies import InputSerializer
from shopguard.lib.api.problems import refused_as_conflict, refused_as_invalid
from stores.api.base import ME, ApiRequest, ApiView
from stores.api.once import once, told_once
from stores.models import Channel, Delivery, User
from stores.notices import words_of
from stores.selectors.channels import deliveries_newest, webhook_of
from stores.services.channels import (
    email_ask,
    email_confirm,
    email_drop,
    trial_put,
    webhook_drop,
    webhook_set,
)
from stores.services.proofs import proof_send

URL_CHARS, EMAIL_CHARS, TOKEN_CHARS = 500, 254, 2000


class SendingSerializer(serializers.Serializer):
    """A notification on its way."""

    channel = serializers.ChoiceField(
        (Channel.EMAIL.value, Channel.WEBHOOK.value), help_text=_("email 邮件，webhook 推送。")
    )
    title = serializers.CharField(help_text=_("说的是什么。"))
    state = serializers.ChoiceField(
        Delivery.State.values,
        help_text=_("waiting 等待，sent 已送达，failed 没有送达，dropped 不再需要。"),
    )
    ended_at = serializers.DateTimeField(allow_null=True, help_text=_("送完的时间。"))
    error = serializers.CharField(allow_blank=True, help_text=_("为什么没有送达，代码。"))


class AddressesSerializer(serializers.Serializer):
    """Where the person is told."""

    email = serializers.CharField(allow_blank=True, help_text=_("确认过的邮箱；没有为空。"))
    webhook_host = serializers.CharField(
        allow_blank=True, help_text=_("推送到哪台主机；没有为空。地址的其余部分不再显示。")
    )
    sendings = SendingSerializer(many=True, help_text=_("最近的发送，最新的在前。"))


class WebhookInput(InputSerializer):
    """Where a program listens."""

    url = serializers.CharField(max_length=URL_CHARS, help_text=_("公网上以 https:// 开头的地址。"))


class WebhookSerializer(serializers.Serializer):
    """A webhook as it was just set."""

    webhook_host = serializers.CharField(help_text=_("推送到哪台主机。"))
    secret = serializers.CharField(
        allow_null=True, help_text=_("验证签名的密钥，只回答一次；重发同一请求时为 null。")
    )


class EmailInput(InputSerializer):
    """An address to prove."""

    email = serializers.CharField(max_length=EMAIL_CHARS, help_text=_("邮箱。"))


class EmailProofInput(InputSerializer):
    """What the e-mail brought."""

    token = serializers.CharField(
        max_length=TOKEN_CHARS, help_text=_("确认邮件的链接里 t= 后面的部分。")
    )


class Addresses(ApiView):
    """Where the person is told."""

    serializer_class = AddressesSerializer
    title, about, tag = _("通知发到哪里"), _("邮箱、推送地址和最近的发送记录。"), ME

    def get(self, request: ApiRequest) -> Response:
        """As it stands."""
        return Response(shown_of(request.user))


class WebhookAddress(ApiView):
    """The person's webhook."""

    serializer_class = WebhookSerializer
    title, tag = _("推送地址"), ME
    about = _("设好后每条推送都带签名；再设一次换新密钥。")

    @extend_schema(request=WebhookInput, summary=_("设推送地址"))
    @once
    def put(self, request: ApiRequest) -> Response:
        """Set it."""
        given = WebhookInput(data=request.data)
        given.is_valid(raise_exception=True)
        with refused_as_invalid("url", ValidationError):
            webhook, secret = webhook_set(user=request.user, **given.validated_data)
        told = {"webhook_host": urlsplit(webhook.url).netloc, "secret": secret}
        return told_once(told, "secret")

    @extend_schema(
        responses={204: None}, summary=_("停用推送地址"),
        description=_("不再推送；没有地址时什么都不做。"),
    )  # fmt: skip
    @once
    def delete(self, request: ApiRequest) -> Response:
        """Remove it."""
        webhook_drop(user=request.user)
        return Response(status=204)


class EmailAddress(ApiView):
    """The person's e-mail address."""

    serializer_class = AddressesSerializer
    title, tag = _("邮箱"), ME
    about = _("先发一封确认邮件，确认了才生效；一小时内发得太多或不是邮箱时 400。")

    @extend_schema(request=EmailInput, responses={202: AddressesSerializer}, summary=_("换邮箱"))
    @once
    def post(self, request: ApiRequest) -> Response:
        """Send a proof to a new address."""
        given = EmailInput(data=request.data)
        given.is_valid(raise_exception=True)
        address = given.validated_data["email"]
        with refused_as_invalid("email", ValidationError):
            token = email_ask(user=request.user, email=address, now=timezone.now())
            proof_send(email=address, token=token)
        return Response(shown_of(request.user), status=202)

    @extend_schema(
        responses={204: None}, summary=_("停用邮箱"),
        description=_("不再发邮件；没有邮箱时什么都不做。"),
    )  # fmt: skip
    @once
    def delete(self, request: ApiRequest) -> Response:
        """Forget it."""
        email_drop(user=request.user)
        return Response(status=204)


class EmailProof(ApiView):
    """The way an address is proved."""

    serializer_class = AddressesSerializer
    title, about, tag = _("确认邮箱"), _("链接已失效或地址不能用时 409。"), ME

    @extend_schema(request=EmailProofInput)
    @once
    def post(self, request: ApiRequest) -> Response:
        """Take the address over."""
        given = EmailProofInput(data=request.data)
        given.is_valid(raise_exception=True)
        with refused_as_conflict(ValidationError):
            request.user.email = email_confirm(user=request.user, **given.validated_data)
        return Response(shown_of(request.user))


class ChannelTrial(ApiView):
    """The way to try out every way of being told."""

    serializer_class = AddressesSerializer
    title, about, tag = _("试发通知"), _("每条路各发一条，结果看发送记录。"), ME

    @extend_schema(request=None, responses={202: AddressesSerializer})
    @once
    def post(self, request: ApiRequest) -> Response:
        """Send something."""
        trial_put(user=request.user)
        return Response(shown_of(request.user), status=202)


def shown_of(user: User) -> Any:
    """Where a person is told, and what was sent last."""
    webhook = webhook_of(user=user)
    content = {
        "email": user.email,
        "webhook_host": urlsplit(webhook.url).netloc if webhook else "",
        "sendings": [
            {
                "channel": row.channel,
                "title": words_of(row.notification).title,
                "state": row.state,
                "ended_at": row.ended_at,
                "error": row.error,
            }
            for row in deliveries_newest(user=user)
        ],
    }
    return AddressesSerializer(content).data
