"""The penalty log: every violation of every shop, what it brought, and what is decided about it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shopguard.desk.audit import ROWS_CHECKED
from shopguard.desk.case_forms import CaseForm, DecisionForm, ViewForm, WeightForm
from shopguard.lib.days import shanghai_day
from shopguard.lib.exports import table_response
from shopguard.lib.toasts import refusals_toasted
from stores.access import FORM, WRITE, SignedInRequest, admin_page
from stores.models import Violation
from stores.selectors.case_page import appeal_of, case_appealed, case_of, case_shown
from stores.selectors.cases import appeal_rules_on
from stores.selectors.penalty_filters import penalty_filters, violations_found
from stores.selectors.penalty_lines import case_columns, case_lines, case_page
from stores.selectors.penalty_log import last_lines
from stores.selectors.penalty_page import (
    BLOCKS_SHOWN,
    choices,
    counted_views,
    kept_query,
    newest_receipt,
    pending_count,
    saved_views,
)
from stores.selectors.second_look import second_look
from stores.services.cases import (
    CaseRefusedError,
    appeal_refuse,
    appeal_uphold,
    case_register,
    case_undo,
    case_weigh,
    cases_decide,
)
from stores.services.penalty_log import log_verify
from stores.services.penalty_views import TooManyViewsError, penalty_view_drop, penalty_view_save


@admin_page()
def penalties(request: SignedInRequest) -> HttpResponse:
    """What matches, under the state of the chain and what to look at again."""
    now = timezone.now()
    filters = penalty_filters(request.GET, today=shanghai_day(now))
    is_whole_walk = request.GET.get("check") == "all"
    context = {
        "filters": filters,
        "page": case_page(violations_found(filters), request.GET, now=now),
        "views": counted_views(filters, today=shanghai_day(now)),
        "saved": saved_views(request.user, request.GET),
        "kept": kept_query(request.GET),
        "choices": choices(),
        "chain": log_verify(newest=None if is_whole_walk else ROWS_CHECKED),
        "checked_all": is_whole_walk,
        "limit": ROWS_CHECKED,
        "blocks": last_lines(BLOCKS_SHOWN),
        "receipt": newest_receipt(),
        "look": second_look(now=now),
        "pending": pending_count(),
        "query": request.GET.urlencode(),
        "now": now,
    }
    return render(request, "desk/penalties.html", context)


@admin_page()
def penalties_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every violation that matches, with the columns of the page."""
    now = timezone.now()
    filters = penalty_filters(request.GET, today=shanghai_day(now))
    lines = case_lines(list(violations_found(filters)), now=now)
    return table_response(kind, "penalties", case_columns(), lines)


@admin_page(methods=WRITE)
def penalties_view_save(request: SignedInRequest) -> HttpResponse:
    """Keep the selection on screen under a name."""
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请给视图起一个名字，最多 40 个字。"))
        return redirect("desk:penalties")
    try:
        penalty_view_save(user=request.user, **form.cleaned_data)
    except TooManyViewsError:
        messages.error(request, _("最多保存 20 个视图，先删掉不用的。"))
    return redirect(f"{reverse('desk:penalties')}?{form.cleaned_data['query']}")


@admin_page(methods=WRITE)
def penalties_view_drop(request: SignedInRequest, penalty_view: int) -> HttpResponse:
    """Forget a saved view of one's own."""
    if not penalty_view_drop(user=request.user, view=penalty_view):
        raise Http404
    messages.success(request, _("视图已删除"))
    return redirect("desk:penalties")


@admin_page(methods=FORM)
def penalty_new(request: SignedInRequest) -> HttpResponse:
    """Register a violation found here."""
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            case = case_register(actor=request.user, shop=form.shop, fact=form.fact())
        except CaseRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记，申诉期从现在算起。"))
            return redirect("desk:penalty", violation=case.pk)
    rules = appeal_rules_on(shanghai_day(timezone.now()))
    return render(request, "desk/penalty_new.html", {"form": form, "appeal": rules})


@admin_page()
def penalty(request: HttpRequest, violation: int) -> HttpResponse:
    """One violation: the facts, why each point was given, and all that was decided."""
    found = _case(violation)
    context = {"shown": case_shown(found, now=timezone.now()), "weight": WeightForm()}
    return render(request, "desk/penalty.html", context | {"now": timezone.now()})


@admin_page(methods=WRITE)
def penalties_decide(request: SignedInRequest) -> HttpResponse:
    """Execute or revoke several violations, all or none, for one reason."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.told())
        return redirect(form.back())
    move, reason = form.cleaned_data["move"], form.cleaned_data["reason"]
    with refusals_toasted(request, CaseRefusedError):
        count = cases_decide(actor=request.user, cases=form.cases(), move=move, reason=reason)
        messages.success(request, _("已处理 %(n)s 件，理由已记入日志。") % {"n": count})
    return redirect(form.back())


@admin_page(methods=WRITE)
def penalty_weigh(request: SignedInRequest, violation: int) -> HttpResponse:
    """Enter kind and points of a clause that leaves them open."""
    form = WeightForm(request.POST)
    if form.is_valid():
        with refusals_toasted(request, CaseRefusedError):
            case_weigh(actor=request.user, case=_case(violation), **form.cleaned_data)
    else:
        messages.error(request, _("请选择性质、填写分值和理由。"))
    return redirect("desk:penalty", violation=violation)


@admin_page(methods=WRITE)
def penalty_undo(request: SignedInRequest, violation: int, version: int) -> HttpResponse:
    """Take back the newest decision, while nothing came after it."""
    reason = request.POST.get("reason", "")
    with refusals_toasted(request, CaseRefusedError):
        case_undo(actor=request.user, case=_case(violation), version=version, reason=reason)
        messages.success(request, _("已撤回，前后两步都在日志里。"))
    return redirect("desk:penalty", violation=violation)


@admin_page(methods=WRITE)
def appeal_decide(request: SignedInRequest, appeal: int) -> HttpResponse:
    """Uphold or refuse an open appeal."""
    found = appeal_of(key=appeal)
    if found is None:
        raise Http404
    decide = {"uphold": appeal_uphold, "refuse": appeal_refuse}.get(request.POST.get("move", ""))
    case = case_appealed(found)
    with refusals_toasted(request, CaseRefusedError):
        if decide is None:
            raise CaseRefusedError(_("请选择成立或驳回。"))
        decide(actor=request.user, appeal=found, reason=request.POST.get("reason", ""))
    return redirect("desk:penalty", violation=case.pk)


def _case(key: int) -> Violation:
    found = case_of(key=key)
    if found is None:
        raise Http404
    return found
