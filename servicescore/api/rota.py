"""班表: weekly shifts, planned live sessions, and how exams of forced courses ended."""

from functools import partial
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from servicescore.models import AgentShift, CourseExam, LiveSession
from servicescore.selectors.rota_page import live_of, shift_of
from servicescore.services.exams import AGENT_CHARS, ExamRefusedError, exam_record
from servicescore.services.rota import (
    LAST_HOUR,
    NAME_CHARS,
    WEEKDAYS,
    RotaRefusedError,
    live_add,
    live_drop,
    shift_drop,
    shifts_add,
)
from shopguard.lib.api.bodies import InstantInput, ReadSerializer, RowId
from shopguard.lib.api.filters import exact, one_of, since, until
from shopguard.lib.api.problems import refused_as_conflict
from shopguard.lib.days import shanghai_day
from stores.access import OWNERS, shop_page
from stores.api.base import SERVICE, ApiRequest, ShopRecordList, ShopView
from stores.api.once import once
from stores.api.reasons import REASON, ReasonInput, reason_asked, reasoned

MOST_DAYS = len(WEEKDAYS)


class ShiftSerializer(ReadSerializer):
    """A shift of every week."""

    id = RowId(source="pk", read_only=True, help_text=_("班次的编号。"))

    class Meta:
        model = AgentShift
        fields = ("id", "agent", "weekday", "opens", "closes", "set_by", "set_at")
        extra_kwargs = {
            "weekday": {"help_text": _("星期，1 是周一。")},
            "opens": {"help_text": _("几点上班（上海）。")},
            "closes": {"help_text": _("几点下班（上海）。")},
            "set_by": {"help_text": _("谁排的。")},
            "set_at": {"help_text": _("什么时候排的。")},
        }


class ShiftInput(ReasonInput):
    """An agent, the weekdays, and from when until when."""

    agent = serializers.CharField(max_length=NAME_CHARS, help_text=_("客服的名字。"))
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=WEEKDAYS[0], max_value=WEEKDAYS[-1]),
        min_length=1, max_length=MOST_DAYS, help_text=_("星期，1 是周一。"),
    )  # fmt: skip
    opens = serializers.IntegerField(
        min_value=0, max_value=LAST_HOUR - 1, help_text=_("几点上班（上海）。")
    )
    closes = serializers.IntegerField(
        min_value=1, max_value=LAST_HOUR, help_text=_("几点下班（上海），要晚于上班。")
    )


class ShiftsAddedSerializer(serializers.Serializer):
    """What came of it."""

    added = serializers.IntegerField(help_text=_("新排了几个班次；已有的不重复。"))


class ShiftFilters(filters.FilterSet):
    """How shifts can be narrowed."""

    agent = exact("agent", _("客服的名字。"))


class ShiftList(ShopRecordList):
    """Shifts, by weekday, and the way to add some."""

    serializer_class = ShiftSerializer
    filterset_class = ShiftFilters
    orderings = ("weekday", "set_at")
    title, about, tag = _("班次"), _("每周的班次。"), SERVICE

    @extend_schema(
        request=ShiftInput, responses={201: ShiftsAddedSerializer}, summary=_("添加班次"),
        description=_("同一位客服的时间重叠或班次太多时 409。"),
    )  # fmt: skip
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Put an agent on the rota."""
        said = reasoned(ShiftInput, request)
        with refused_as_conflict(RotaRefusedError):
            added = shifts_add(actor=request.user, shop=request.shop, **said)
        return Response({"added": added}, status=201)


class ShiftDetail(ShopView):
    """One shift."""

    serializer_class = ShiftSerializer
    parameters = frozenset({"reason"})
    title, about, tag = _("删掉班次"), _("从每周的班表里拿掉。"), SERVICE

    @extend_schema(parameters=[REASON], responses={204: None})
    @once
    def delete(self, request: ApiRequest, shift: int, **kwargs: Any) -> Response:
        """Take it out."""
        found = shift_of(shop=request.shop, key=shift)
        if found is None:
            raise Http404
        shift_drop(actor=request.user, shift=found, reason=reason_asked(request))
        return Response(status=204)


class LiveSerializer(ReadSerializer):
    """A planned live session."""

    id = RowId(source="pk", read_only=True, help_text=_("直播的编号。"))

    class Meta:
        model = LiveSession
        fields = ("id", "title", "starts_at", "ends_at", "set_by")
        extra_kwargs = {
            "starts_at": {"help_text": _("开始时间。")},
            "ends_at": {"help_text": _("结束时间。")},
            "set_by": {"help_text": _("谁列入计划的。")},
        }


class LiveInput(ReasonInput):
    """A live session to plan."""

    title = serializers.CharField(max_length=NAME_CHARS, help_text=_("直播名称。"))
    starts_at = InstantInput(help_text=_("开始时间。"))
    ends_at = InstantInput(help_text=_("结束时间，最长一天，不能已经过去。"))


class LiveFilters(filters.FilterSet):
    """How live sessions can be narrowed."""

    starts_from = since("starts_at")
    starts_before = until("starts_at")


class LiveList(ShopRecordList):
    """Planned live sessions, newest first, and the way to plan one."""

    serializer_class = LiveSerializer
    filterset_class = LiveFilters
    orderings = ("-starts_at",)
    title, about, tag = _("计划的直播"), _("直播时买家更多，班表按它提醒。"), SERVICE

    @extend_schema(
        request=LiveInput, responses={201: LiveSerializer}, summary=_("计划直播"),
        description=_("时间不对或计划太多时 409；同一场再发一次不会重复。"),
    )  # fmt: skip
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Plan one."""
        said = reasoned(LiveInput, request)
        with refused_as_conflict(RotaRefusedError):
            live = live_add(actor=request.user, shop=request.shop, now=timezone.now(), **said)
        return Response(LiveSerializer(live).data, status=201)


class LiveDetail(ShopView):
    """One planned live session."""

    serializer_class = LiveSerializer
    parameters = frozenset({"reason"})
    title, about, tag = _("取消计划的直播"), _("从计划里拿掉。"), SERVICE

    @extend_schema(parameters=[REASON], responses={204: None})
    @once
    def delete(self, request: ApiRequest, live: int, **kwargs: Any) -> Response:
        """Forget it."""
        found = live_of(shop=request.shop, key=live)
        if found is None:
            raise Http404
        live_drop(actor=request.user, live=found, reason=reason_asked(request))
        return Response(status=204)


class ExamSerializer(ReadSerializer):
    """How an exam of a forced course ended."""

    id = RowId(source="pk", read_only=True, help_text=_("考试记录的编号。"))
    outcome = serializers.ChoiceField(
        CourseExam.Outcome.values, help_text=_("passed 通过，failed 未通过，missed 缺考。")
    )

    class Meta:
        model = CourseExam
        fields = ("id", "day", "agent", "outcome", "recorded_by", "recorded_at")
        extra_kwargs = {
            "day": {"help_text": _("考试日期（上海）。")},
            "agent": {"help_text": _("谁考的；没写为空。")},
            "recorded_by": {"help_text": _("谁登记的。")},
            "recorded_at": {"help_text": _("什么时候登记的。")},
        }


class ExamInput(ReasonInput):
    """An exam to record."""

    day = serializers.DateField(help_text=_("考试日期（上海），不能在将来。"))
    outcome = serializers.ChoiceField(
        CourseExam.Outcome.values, help_text=_("passed 通过，failed 未通过，missed 缺考。")
    )
    agent = serializers.CharField(
        max_length=AGENT_CHARS, required=False, default="", allow_blank=True,
        help_text=_("谁考的，可以不写。"),
    )  # fmt: skip


class ExamFilters(filters.FilterSet):
    """How exams can be narrowed."""

    outcome = one_of(CourseExam.Outcome.values, _("考试结果。"))
    agent = exact("agent", _("客服的名字。"))


class ExamList(ShopRecordList):
    """Exams of forced courses, newest first."""

    serializer_class = ExamSerializer
    filterset_class = ExamFilters
    orderings = ("-day",)
    title, about, tag = _("课程考试"), _("强制课程的考试结果。"), SERVICE


class ExamRecord(ShopView):
    """The way the result of an exam is recorded, by owners."""

    door = staticmethod(partial(shop_page, roles=OWNERS))
    serializer_class = ExamSerializer
    title, tag = _("登记考试结果"), SERVICE
    about = _("登记后不能改；进行中的课程按它结束或转为限流。日期在将来时 409。")

    @extend_schema(request=ExamInput, responses={201: ExamSerializer})
    @once
    def post(self, request: ApiRequest, **kwargs: Any) -> Response:
        """Record it."""
        said = reasoned(ExamInput, request)
        with refused_as_conflict(ExamRefusedError):
            exam = exam_record(
                actor=request.user, shop=request.shop, today=shanghai_day(timezone.now()), **said
            )
        return Response(ExamSerializer(exam).data, status=201)
