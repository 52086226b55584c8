"""What else people do to cases: one step for many, taking one back, notes of what was said."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.api.cases import CaseSerializer
from aftersales.calc.case_states import STEP_NAMES, IllegalStepError
from aftersales.calc.guarantee import CONDITIONS
from aftersales.case_words import refusal
from aftersales.models import AfterSaleCase
from aftersales.selectors.bulk import Preview
from aftersales.services.bulk import MOST_CASES, bulk_preview, cases_step
from aftersales.services.cases import (
    CaseConflictError,
    Given,
    UndoRefusedError,
    case_chase,
    case_condition,
    case_contact,
    case_note,
    case_reply,
    case_undo,
)
from shopguard.lib.api.bodies import InputSerializer
from shopguard.lib.api.problems import Conflict
from stores.api.base import RECORDS, ApiRequest, ShopView
from stores.api.once import once

LARGEST = 2**31 - 1
NOTE_CHARS = 1000
NOTES = ("reply", "contact", "note", "chase", "condition")


def _conflict(error: Exception) -> Conflict:
    """Why a case was not changed."""
    if isinstance(error, IllegalStepError):
        return Conflict(refusal(error))
    if isinstance(error, CaseConflictError):
        return Conflict(_("这件售后已被改过，现在的版本是 %(n)s。") % {"n": error.case.version})
    return Conflict(_("上一步已经不能撤销。"))


class SeenCaseInput(InputSerializer):
    """A case as it was seen."""

    case_id = serializers.CharField(max_length=96, help_text=_("售后编号。"))
    version = serializers.IntegerField(
        min_value=0, max_value=LARGEST, help_text=_("看到的版本；被别人改过就不做。")
    )


class BulkStepInput(InputSerializer):
    """One step for many cases."""

    cases = SeenCaseInput(many=True, help_text=_("要处理的售后，最多 200 件。"))
    step = serializers.ChoiceField(STEP_NAMES, help_text=_("要走的一步。"))
    note = serializers.CharField(
        max_length=500, default="", allow_blank=True, help_text=_("理由；驳回时必填。")
    )
    contact_at = serializers.DateTimeField(
        default=None, allow_null=True, help_text=_("联系买家的时间；驳回前要有。")
    )
    is_preview = serializers.BooleanField(
        default=False, help_text=_("只看会处理哪些、拒绝哪些，什么也不做。")
    )


class RefusedCaseSerializer(serializers.Serializer):
    """A case that was not done."""

    case_id = serializers.CharField(help_text=_("售后编号。"))
    why = serializers.CharField(help_text=_("为什么没有处理。"))


class BulkStepOutcomeSerializer(serializers.Serializer):
    """What came of it."""

    done = serializers.ListField(child=serializers.CharField(), help_text=_("处理了的售后的编号。"))
    refused = RefusedCaseSerializer(many=True, help_text=_("没有处理的售后。"))


class CaseBulkSteps(ShopView):
    """One step for many cases: each stands or falls by itself."""

    serializer_class = BulkStepOutcomeSerializer
    title, tag = _("批量处理售后"), RECORDS
    about = _("让多件售后走同一步；不能走的列出原因，其余照做。")

    @extend_schema(request=BulkStepInput, responses=BulkStepOutcomeSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """What was done and what was not."""
        given = BulkStepInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        wanted = [(one["case_id"], one["version"]) for one in data["cases"][:MOST_CASES]]
        asked: dict[str, Any] = {
            "shop": request.shop, "wanted": wanted, "name": data["step"],
            "given": Given(data["note"], data["contact_at"]),
        }  # fmt: skip
        if data["is_preview"]:
            return Response(BulkStepOutcomeSerializer(_foreseen(bulk_preview(**asked))).data)
        result = cases_step(actor=request.user, **asked)
        told = {"done": result.done, "refused": [_told(*one) for one in result.refused]}
        return Response(BulkStepOutcomeSerializer(told).data)


def _foreseen(preview: Preview) -> dict[str, Any]:
    """What would be done, and what refused."""
    refused = [{"case_id": about.case.external_id, "why": why} for about, why in preview.refused]
    return {"done": [about.case.external_id for about in preview.ready], "refused": refused}


def _told(case_ref: str, error: Exception) -> dict[str, str]:
    missing = isinstance(error, AfterSaleCase.DoesNotExist)
    return {
        "case_id": case_ref,
        "why": str(_("没有这件售后。") if missing else _conflict(error).detail),
    }


class CaseUndo(ShopView):
    """Taking the last step back."""

    serializer_class = SeenCaseInput
    title, about, tag = _("撤销售后的上一步"), _("回到上一步；之后有变化就不能撤销。"), RECORDS

    @extend_schema(request=SeenCaseInput, responses=CaseSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The case before its last step. Raises Conflict."""
        given = SeenCaseInput(data=request.data)
        given.is_valid(raise_exception=True)
        return _answer(lambda: case_undo(
            actor=request.user, shop=request.shop, case_ref=given.validated_data["case_id"],
            version=given.validated_data["version"],
        ))  # fmt: skip


class CaseNoteInput(SeenCaseInput):
    """Something to keep about a case."""

    what = serializers.ChoiceField(NOTES, help_text=_("登记什么：回复、联系、备注、催促、状况。"))
    text = serializers.CharField(
        max_length=NOTE_CHARS, default="", allow_blank=True,
        help_text=_("内容；状况写 intact、packaging、unsealed 或 used，催促不用写。"),
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A condition is one of those there are; all but a chase need words."""
        if attrs["what"] == "condition" and attrs["text"] not in CONDITIONS:
            raise serializers.ValidationError({"text": [_("请选商品的状况。")]})
        if attrs["what"] != "chase" and not attrs["text"]:
            raise serializers.ValidationError({"text": [_("请写上内容。")]})
        return attrs


class CaseNotes(ShopView):
    """Keeping what was said to the buyer, a note, a chase, or the condition of the goods."""

    serializer_class = CaseNoteInput
    title, about, tag = _("登记售后的事"), _("登记回复、联系、备注、催促或商品状况。"), RECORDS

    @extend_schema(request=CaseNoteInput, responses=CaseSerializer)
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """The case afterwards. Raises Conflict."""
        given = CaseNoteInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        seen: dict[str, Any] = {
            "actor": request.user, "shop": request.shop, "case_ref": data["case_id"],
            "version": data["version"],
        }  # fmt: skip
        if data["what"] == "chase":
            return _answer(lambda: case_chase(**seen))
        if data["what"] == "condition":
            return _answer(lambda: case_condition(**seen, condition=data["text"]))
        keep = {"reply": case_reply, "contact": case_contact, "note": case_note}[data["what"]]
        return _answer(lambda: keep(**seen, text=data["text"]))


def _answer(change: Callable[[], AfterSaleCase]) -> Response:
    """The case a change leaves; its refusal as Conflict, no case as not found."""
    try:
        return Response(CaseSerializer(change()).data)
    except (CaseConflictError, UndoRefusedError) as error:
        raise _conflict(error) from error
    except AfterSaleCase.DoesNotExist as error:
        raise Http404 from error
