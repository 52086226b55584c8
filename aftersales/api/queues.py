"""工作台: how many cases each queue holds, and how soon cases were first answered."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from aftersales.selectors.case_filters import QUEUES
from aftersales.selectors.queue_counts import queues_and_answers
from stores.api.base import RECORDS, ApiRequest, ShopView


class QueueSerializer(serializers.Serializer):
    """One queue."""

    queue = serializers.ChoiceField(list(QUEUES), help_text=_("哪个队列，售后列表用它筛选。"))
    title = serializers.CharField(help_text=_("队列，用你的语言。"))
    cases = serializers.IntegerField(help_text=_("队列里的售后件数。"))


class AnswersSerializer(serializers.Serializer):
    """How soon the cases of a day were first answered."""

    day = serializers.DateField(help_text=_("哪一天申请的，是昨天。"))
    cases = serializers.IntegerField(help_text=_("那天申请的售后件数。"))
    in_target = serializers.IntegerField(help_text=_("其中按目标时间首次回复的。"))
    in_limit = serializers.IntegerField(help_text=_("其中按时限首次回复的。"))
    target_minutes = serializers.IntegerField(help_text=_("目标时间，分钟，按规则。"))
    limit_minutes = serializers.IntegerField(help_text=_("时限，分钟，按规则。"))


class QueuesSerializer(serializers.Serializer):
    """What stands above the workbench."""

    shop_id = serializers.CharField(help_text=_("店铺编号。"))
    queues = QueueSerializer(many=True, help_text=_("每个队列一行，按工作台的顺序。"))
    urgent = serializers.IntegerField(help_text=_("其中急的：快到期、已过期或买家催促。"))
    ended_yesterday = serializers.IntegerField(help_text=_("昨天完结的售后件数。"))
    answers = AnswersSerializer(help_text=_("昨天申请的售后首次回复得多快。"))


class CaseQueues(ShopView):
    """The queues of the workbench with their counts."""

    serializer_class = QueuesSerializer
    is_conditional = True
    title, tag = _("工作台的队列"), RECORDS
    about = _("每个队列有多少件售后、多少件急、昨天完结多少件、昨天的首次回复。")

    def get(self, request: ApiRequest, **kwargs: Any) -> Response:
        """As they are now."""
        counts, answers = queues_and_answers(shop=request.shop, now=timezone.now(), days=1)
        told = {
            "shop_id": request.shop.external_id,
            "queues": [
                {"queue": key, "title": word, "cases": counts[key]} for key, word in QUEUES.items()
            ],
            "urgent": counts["urgent"],
            "ended_yesterday": counts["yesterday"],
            "answers": answers,
        }
        return Response(QueuesSerializer(told).data)
