"""What goes in and comes out of the API of applications."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shopguard.lib.api.bodies import Fen, InputSerializer, ReadSerializer, RowId
from shopguard.lib.words import INDUSTRIES
from stores.calc.onboarding import APPROVE, ASK, LOCAL_LIFE, ORDINARY, PAPERS, REASONS, REJECT
from stores.models import Application, Shop
from stores.selectors.onboarding import TEXTS
from stores.selectors.onboarding_words import (
    COMPANY_TYPES,
    MISSING_WORDS,
    MOVE_WORDS,
    OTHER_FACTS,
    SCOPES,
    SHOP_TYPES,
    STEP_WORDS,
)

MOST_FEN = 10**12
NOTE_CHARS = 2000


class ApplicationSerializer(ReadSerializer):
    """An application as lists show it."""

    id = RowId(source="pk", read_only=True, help_text=_("申请的编号。"))
    shop = serializers.CharField(
        source="shop.external_id", default=None, allow_null=True, read_only=True,
        help_text=_("开出的店铺；没有开店为 null。"),
    )  # fmt: skip
    applicant = serializers.CharField(
        source="applicant.username", read_only=True, help_text=_("谁申请的。")
    )
    has_agreed = serializers.SerializerMethodField(help_text=_("是否同意了服务协议。"))
    has_invitation = serializers.SerializerMethodField(help_text=_("是否用了邀请码。"))
    deposit_due_fen = Fen("deposit_due")
    deposit_paid_fen = Fen("deposit_paid")

    class Meta:
        model = Application
        fields: tuple[str, ...] = (
            "id", "state", "kind", "applicant", *TEXTS, "has_agreed", "has_invitation", "reason",
            "note", "deposit_due_fen", "deposit_paid_fen", "shop", "version", "created_at",
            "submitted_at",
        )  # fmt: skip
        extra_kwargs = {
            name: {"help_text": word} for name, word in {**MISSING_WORDS, **OTHER_FACTS}.items()
        } | {
            "reason": {"help_text": _("驳回的理由代码；没有驳回为空。")},
            "note": {"help_text": _("审核人写给申请人的话。")},
            "submitted_at": {"help_text": _("第一次提交的时间；没有提交为 null。")},
        }

    def get_has_agreed(self, row: Application) -> bool:
        """Whether there is an agreement it was agreed to."""
        return bool(row.agreed_to)

    def get_has_invitation(self, row: Application) -> bool:
        """Whether it is on the fast lane."""
        return row.invitation_id is not None


class WayStepSerializer(serializers.Serializer):
    """A step of the way to the open shop."""

    name = serializers.ChoiceField(tuple(STEP_WORDS), help_text=_("哪一步。"))
    title = serializers.CharField(help_text=_("这一步做什么。"))
    is_done = serializers.BooleanField(help_text=_("是否做完；做完自己打勾。"))
    missing = serializers.CharField(help_text=_("还差什么；不差或只等别人时为空。"))


class ApplicationPaperSerializer(serializers.Serializer):
    """A paper, without what is in it."""

    id = RowId(source="row.pk", help_text=_("材料的编号。"))
    kind = serializers.ChoiceField(PAPERS, source="row.kind", help_text=_("哪一种材料。"))
    media_type = serializers.CharField(source="row.media", help_text=_("按内容认出的类型。"))
    size = serializers.IntegerField(source="row.size", help_text=_("字节数。"))
    created_at = serializers.DateTimeField(source="row.created_at", help_text=_("上传的时间。"))


class ApplicationEventSerializer(serializers.Serializer):
    """Something that happened."""

    at = serializers.DateTimeField(source="row.at", help_text=_("什么时候。"))
    move = serializers.ChoiceField(tuple(MOVE_WORDS), source="row.move", help_text=_("做了什么。"))
    note = serializers.CharField(source="row.note", help_text=_("附的话，可能为空。"))


class ApplicationDetailSerializer(ApplicationSerializer):
    """An application with all that belongs to it."""

    steps = serializers.SerializerMethodField(help_text=_("各步骤，按顺序。"))
    papers = serializers.SerializerMethodField(help_text=_("材料。"))
    events = serializers.SerializerMethodField(help_text=_("经过，最新的在前。"))
    moves = serializers.SerializerMethodField(help_text=_("现在的状态允许做什么。"))

    class Meta(ApplicationSerializer.Meta):
        fields = (*ApplicationSerializer.Meta.fields, "steps", "papers", "events", "moves")

    @extend_schema_field(WayStepSerializer(many=True))
    def get_steps(self, row: Application) -> Any:
        """Each step, ticked or with what it lacks."""
        return WayStepSerializer(self.context["page"].steps, many=True).data

    @extend_schema_field(ApplicationPaperSerializer(many=True))
    def get_papers(self, row: Application) -> Any:
        """Its papers."""
        return ApplicationPaperSerializer(self.context["page"].papers, many=True).data

    @extend_schema_field(ApplicationEventSerializer(many=True))
    def get_events(self, row: Application) -> Any:
        """What happened."""
        return ApplicationEventSerializer(self.context["page"].events, many=True).data

    def get_moves(self, row: Application) -> list[str]:
        """What the state allows."""
        return sorted(self.context["page"].may)


class EditInput(InputSerializer):
    """What an application says; what is left out stays."""

    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text=_("看到的版本；不符时不改。")
    )
    agrees = serializers.BooleanField(required=False, help_text=_("同意店铺服务协议。"))

    def get_fields(self) -> dict[str, Any]:
        """One field for each text, as long as the record holds and with the codes there are."""
        codes: dict[str, Any] = {
            "kind": (ORDINARY, LOCAL_LIFE), "company_type": tuple(COMPANY_TYPES),
            "scope": tuple(SCOPES), "shop_type": tuple(SHOP_TYPES),
            "industry": tuple(INDUSTRIES), "service_mode": tuple(Shop.ServiceMode.values),
        }  # fmt: skip
        fields = super().get_fields()
        for name in ("kind", *TEXTS):
            word = MISSING_WORDS.get(name) or OTHER_FACTS[name]
            column: Any = Application._meta.get_field(name)
            more = {"required": False, "help_text": word, "allow_blank": name != "kind"}
            fields[name] = (
                serializers.ChoiceField(codes[name], **more)
                if name in codes
                else serializers.CharField(max_length=column.max_length or NOTE_CHARS, **more)
            )
        return fields


class SubmitInput(InputSerializer):
    """An invitation code, if there is one."""

    code = serializers.CharField(
        max_length=24, allow_blank=True, required=False, default="",
        help_text=_("邀请码；没有就不填。"),
    )  # fmt: skip


class OpenInput(InputSerializer):
    """The first product."""

    title = serializers.CharField(max_length=300, help_text=_("第一个商品的名称。"))
    price_fen = serializers.IntegerField(
        min_value=1, max_value=MOST_FEN, help_text=_("价格，单位分。")
    )


class PaperInput(InputSerializer):
    """A paper."""

    kind = serializers.ChoiceField(PAPERS, help_text=_("哪一种材料。"))
    file = serializers.FileField(help_text=_("PNG、JPEG 或 PDF，最大 5 MB；品牌标志要是图片。"))


class DecideInput(InputSerializer):
    """An admin's word on an application."""

    move = serializers.ChoiceField(
        (ASK, APPROVE, REJECT), help_text=_("ask 要求补充，approve 通过，reject 驳回。")
    )
    reason = serializers.ChoiceField(
        REASONS, allow_blank=True, required=False, default="", help_text=_("驳回时的理由代码。")
    )
    note = serializers.CharField(
        max_length=NOTE_CHARS, allow_blank=True, required=False, default="",
        help_text=_("写给申请人的话；通过时可以不写。"),
    )  # fmt: skip


class DepositInput(InputSerializer):
    """Money that came in."""

    amount_fen = serializers.IntegerField(
        min_value=1, max_value=MOST_FEN, help_text=_("到账金额，单位分。")
    )
    note = serializers.CharField(
        max_length=200, allow_blank=True, required=False, default="",
        help_text=_("流水号或说明。"),
    )  # fmt: skip
