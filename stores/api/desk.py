"""管理台: applications that wait for a word, and what is decided about violations and appeals."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from shopguard.lib.api.bodies import InputSerializer, InstantInput, RowId
from shopguard.lib.api.filters import exact, known, one_of, since, until
from shopguard.lib.api.problems import FieldError, InvalidRequest, refused_as_conflict
from stores.api.appeals import AppealSerializer, papers_by_appeal
from stores.api.application_bodies import (
    ApplicationDetailSerializer,
    ApplicationSerializer,
    DecideInput,
    DepositInput,
)
from stores.api.base import CONDUCT, ONBOARDING, AdminView, ApiList, ApiRequest
from stores.api.onboarding import shown_of
from stores.api.once import once
from stores.api.violations import ViolationSerializer
from stores.calc.cases import EXECUTE, REFUSE, REVOKE, UPHOLD
from stores.kinds.violations import MOST_POINTS
from stores.models import Appeal, Application, Violation
from stores.selectors.case_history import decisions_counted
from stores.selectors.case_page import all_cases, appeal_of, shop_named
from stores.selectors.case_words import KINDS
from stores.selectors.onboarding import Listed, application_named, applications_listed
from stores.selectors.onboarding_words import STATES
from stores.services.cases import (
    TEXT_CHARS,
    CaseRefusedError,
    Fact,
    appeal_refuse,
    appeal_uphold,
    case_register,
    case_undo,
    case_weigh,
    cases_decide,
)
from stores.services.onboarding import ApplicationRefusedError, application_decide
from stores.services.opening import deposit_enter

MOST_CASES = 200
SENT_IN = tuple(name for name in STATES if name not in ("draft", "withdrawn"))


class ApplicationFilters(filters.FilterSet):
    """How applications can be narrowed."""

    state = one_of(SENT_IN, _("处理到哪一步。"))
    has_invitation = known("invitation", _("是否用了邀请码。"))
    submitted_from = since("submitted_at")
    submitted_before = until("submitted_at")


class ApplicationQueue(ApiList, AdminView):
    """Every application that was sent in."""

    serializer_class = ApplicationSerializer
    filterset_class = ApplicationFilters
    orderings = ("submitted_at", "-submitted_at")
    title, tag = _("入驻申请"), ONBOARDING
    about = _("所有提交过的申请，先提交的在前。只有管理员能看。")

    def rows(self) -> QuerySet[Application]:
        """All that were not taken back."""
        return applications_listed(Listed())


class ApplicationDecision(AdminView):
    """An admin's word."""

    serializer_class = ApplicationDetailSerializer
    title, tag = _("审核入驻申请"), ONBOARDING
    about = _("自己的申请、已有结论或缺少理由时 409。")

    @extend_schema(request=DecideInput)
    @once
    def post(self, request: ApiRequest, application: int) -> Response:
        """Ask for more, approve or reject."""
        found, given = _application(application), DecideInput(data=request.data)
        given.is_valid(raise_exception=True)
        with refused_as_conflict(ApplicationRefusedError):
            application_decide(
                actor=request.user, application=found, now=timezone.now(), **given.validated_data
            )
        return Response(shown_of(request, application))


class ApplicationDeposit(AdminView):
    """Money of a deposit that came in."""

    serializer_class = ApplicationDetailSerializer
    title, about, tag = _("登记保证金到账"), _("没有通过审核或已经开店时 409。"), ONBOARDING

    @extend_schema(request=DepositInput)
    @once
    def post(self, request: ApiRequest, application: int) -> Response:
        """Enter it."""
        found, given = _application(application), DepositInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        with refused_as_conflict(ApplicationRefusedError):
            deposit_enter(
                actor=request.user, application=found, amount=said["amount_fen"],
                note=said["note"], now=timezone.now(),
            )  # fmt: skip
        return Response(shown_of(request, application))


class PenaltySerializerOfShop(ViolationSerializer):
    """A violation of any shop. ``case`` is the number decisions name."""

    case = RowId(source="pk", read_only=True, help_text=_("案件编号，处理时用它。"))
    shop = serializers.CharField(
        source="shop.external_id", read_only=True, help_text=_("店铺编号。")
    )

    version = serializers.SerializerMethodField(help_text=_("登记以来记了几步，撤回时带上。"))

    class Meta(ViolationSerializer.Meta):
        fields = ("case", "shop", "version", *ViolationSerializer.Meta.fields)

    def get_version(self, case: Violation) -> int:
        """How many audit rows there are about it."""
        return int(self.context["steps"].get((case.shop_id, case.external_id), 0))


class PenaltyFilters(filters.FilterSet):
    """How the penalty log can be narrowed."""

    shop = exact("shop__external_id", _("店铺编号。"))
    clause = exact("clause", _("条款代码。"))
    state = one_of(Violation.State.values, _("处理到哪一步。"))
    notified_from = since("notified_at")
    notified_before = until("notified_at")


class RegisterInput(InputSerializer):
    """A violation found here."""

    shop = serializers.CharField(max_length=64, help_text=_("店铺编号。"))
    clause = serializers.CharField(max_length=16, help_text=_("条款代码，发生那天要已生效。"))
    occurred_at = InstantInput(help_text=_("什么时候发生的，不能在将来。"))
    order_id = serializers.CharField(
        max_length=96, required=False, default="", allow_blank=True,
        help_text=_("相关订单的编号，可以不写。"),
    )  # fmt: skip
    note = serializers.CharField(max_length=TEXT_CHARS, help_text=_("事实，店铺会看到。"))
    is_counterfeit = serializers.BooleanField(
        required=False, default=False, help_text=_("是否涉及假货；涉及的积分不清零。")
    )


class PenaltyList(ApiList, AdminView):
    """Every violation of every shop."""

    serializer_class = PenaltySerializerOfShop
    filterset_class = PenaltyFilters
    orderings = ("-occurred_at", "-notified_at")
    title, about, tag = _("处罚日志"), _("所有店铺的违规。只有管理员能看。"), CONDUCT

    def rows(self) -> QuerySet[Violation]:
        """All there are."""
        return all_cases()

    def beside(self, rows: Iterable[Any]) -> dict[str, Any]:
        """How many steps of each case are on record."""
        return {"steps": decisions_counted(cases=list(rows))}

    @extend_schema(
        request=RegisterInput, responses={201: PenaltySerializerOfShop},
        summary=_("登记违规"), description=_("申诉期从现在算起；那天没有这一条款时 409。"),
    )  # fmt: skip
    @once
    def post(self, request: ApiRequest) -> Response:
        """Register one."""
        given = RegisterInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        shop = shop_named(said.pop("shop"))
        if shop is None:
            raise InvalidRequest([FieldError("body", "shop", _now("没有这家店铺，请核对编号。"))])
        fact = Fact(order_ref=said.pop("order_id"), **said)
        with refused_as_conflict(CaseRefusedError):
            case = case_register(actor=request.user, shop=shop, fact=fact)
        return Response(_penalty(case), status=201)


class DecideCasesInput(InputSerializer):
    """The same decision on several cases."""

    cases = serializers.ListField(
        child=RowId(), min_length=1, max_length=MOST_CASES, help_text=_("案件编号，最多 200 件。")
    )
    move = serializers.ChoiceField((EXECUTE, REVOKE), help_text=_("execute 执行，revoke 撤销。"))
    reason = serializers.CharField(max_length=TEXT_CHARS, help_text=_("理由，记入日志。"))


class DecidedSerializer(serializers.Serializer):
    """What came of it."""

    decided = serializers.IntegerField(help_text=_("处理了几件。"))


class PenaltyDecision(AdminView):
    """Decisions on several cases at once."""

    serializer_class = DecidedSerializer
    title, tag = _("处理违规"), CONDUCT
    about = _("全部处理或全部不处理；有一件没有找到时 404，状态不允许时 409。")

    @extend_schema(request=DecideCasesInput)
    @once
    def post(self, request: ApiRequest) -> Response:
        """Execute or revoke them, all or none."""
        given = DecideCasesInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        keys = set(said["cases"])
        found = list(all_cases().filter(pk__in=keys))
        if len(found) != len(keys):
            raise Http404
        with refused_as_conflict(CaseRefusedError):
            count = cases_decide(
                actor=request.user, cases=found, move=said["move"], reason=said["reason"]
            )
        return Response({"decided": count})


class UndoInput(InputSerializer):
    """The decision to take back."""

    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text=_("看到的版本：案件的审计行数。")
    )
    reason = serializers.CharField(max_length=TEXT_CHARS, help_text=_("理由，记入日志。"))


class PenaltyUndo(AdminView):
    """The way a decision is taken back."""

    serializer_class = PenaltySerializerOfShop
    title, tag = _("撤回决定"), CONDUCT
    about = _("撤回最近一次决定，前后两步都在日志里；这之后又有变化时 409。")

    @extend_schema(request=UndoInput)
    @once
    def post(self, request: ApiRequest, violation: int) -> Response:
        """Take back the newest one."""
        case, given = _case(violation), UndoInput(data=request.data)
        given.is_valid(raise_exception=True)
        with refused_as_conflict(CaseRefusedError):
            case_undo(actor=request.user, case=case, **given.validated_data)
        return Response(_penalty(case))


class WeighInput(InputSerializer):
    """Kind and points of a clause that leaves them open."""

    kind = serializers.ChoiceField(
        [kind for kind in KINDS if kind], help_text=_("general 一般违规，severe 严重违规。")
    )
    points = serializers.IntegerField(min_value=0, max_value=MOST_POINTS, help_text=_("扣几分。"))
    reason = serializers.CharField(max_length=TEXT_CHARS, help_text=_("理由，记入日志。"))


class PenaltyWeigh(AdminView):
    """The way an open clause gets its weight."""

    serializer_class = PenaltySerializerOfShop
    title, about, tag = _("定性并填分值"), _("条款自己规定了分值时 409。"), CONDUCT

    @extend_schema(request=WeighInput)
    @once
    def post(self, request: ApiRequest, violation: int) -> Response:
        """Enter it."""
        case, given = _case(violation), WeighInput(data=request.data)
        given.is_valid(raise_exception=True)
        with refused_as_conflict(CaseRefusedError):
            case_weigh(actor=request.user, case=case, **given.validated_data)
        return Response(_penalty(case))


class DecideAppealInput(InputSerializer):
    """A word on an appeal."""

    move = serializers.ChoiceField((UPHOLD, REFUSE), help_text=_("uphold 成立，refuse 驳回。"))
    reason = serializers.CharField(max_length=TEXT_CHARS, help_text=_("理由，店铺会看到。"))


class AppealDecision(AdminView):
    """The way an appeal is decided."""

    serializer_class = AppealSerializer
    title, about, tag = _("审理申诉"), _("已有结论时 409。"), CONDUCT

    @extend_schema(request=DecideAppealInput)
    @once
    def post(self, request: ApiRequest, appeal: int) -> Response:
        """Uphold or refuse it."""
        found, given = appeal_of(key=appeal), DecideAppealInput(data=request.data)
        if found is None:
            raise Http404
        given.is_valid(raise_exception=True)
        decide = {UPHOLD: appeal_uphold, REFUSE: appeal_refuse}[given.validated_data["move"]]
        with refused_as_conflict(CaseRefusedError):
            decide(actor=request.user, appeal=found, reason=given.validated_data["reason"])
        return Response(_appeal(found))


def _case(key: int) -> Violation:
    found = all_cases().filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _penalty(case: Violation) -> Any:
    case.refresh_from_db()
    context = {"steps": decisions_counted(cases=[case])}
    return PenaltySerializerOfShop(case, context=context).data


def _appeal(appeal: Appeal) -> Any:
    appeal.refresh_from_db()
    return AppealSerializer(appeal, context=papers_by_appeal(appeal.shop, [appeal])).data


def _application(key: int) -> Application:
    found = application_named(key=key)
    if found is None:
        raise Http404
    return found
