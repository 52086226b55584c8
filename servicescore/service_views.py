"""客服考核: how a shop's own customer service is judged, and the exams of forced courses."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from servicescore.selectors.service_page import service_page
from servicescore.services.exams import ExamRefusedError, exam_record
from shopguard.lib.days import shanghai_day
from stores.access import (
    OWNERS,
    WRITE,
    ReasonMissingError,
    ShopRequest,
    reason_given,
    shop_page,
)


@shop_page()
def service(request: ShopRequest, shop: str) -> HttpResponse:
    """The assessment, what still fits, arrivals by hour, and the agents."""
    context = {
        "page": service_page(shop=request.shop, now=timezone.now()),
        "may_record": request.user.is_admin or request.role in OWNERS,
    }
    return render(request, "service/page.html", context)


@shop_page(roles=OWNERS, methods=WRITE)
def exam_add(request: ShopRequest, shop: str) -> HttpResponse:
    """Record how an exam ended."""
    try:
        exam_record(
            actor=request.user,
            shop=request.shop,
            day=date.fromisoformat(request.POST.get("day", "")),
            outcome=request.POST.get("outcome", ""),
            today=shanghai_day(timezone.now()),
            agent=request.POST.get("agent", ""),
            reason=reason_given(request),
        )
    except ValueError:
        messages.error(request, _("日期看不懂，请写成 2026-11-01 的样子。"))
    except (ExamRefusedError, ReasonMissingError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已记录。"))
    return redirect("service:service", shop=request.shop.external_id)
