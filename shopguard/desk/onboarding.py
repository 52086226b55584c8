"""Applications at the desk: what waits, what was sent in, and the word on it; invitation codes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shopguard.desk.onboarding_forms import DecisionForm, DepositForm, InvitationForm
from shopguard.lib.paging import page_of
from shopguard.lib.toasts import refusals_toasted
from stores.access import FORM, WRITE, SignedInRequest, admin_page
from stores.models import Application
from stores.selectors.onboarding import (
    Listed,
    application_named,
    applications_listed,
    applications_waiting,
    invitations_made,
)
from stores.selectors.onboarding_page import application_lines, application_page
from stores.selectors.onboarding_words import STATES
from stores.services.onboarding import (
    ApplicationRefusedError,
    application_decide,
    invitation_create,
)
from stores.services.opening import deposit_enter

ROWS, CODES = 30, 50


@admin_page(methods=FORM)
def applications(request: SignedInRequest) -> HttpResponse:
    """What was sent in, what waits first; a POST makes an invitation code."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = invitation_create(actor=request.user, **form.cleaned_data)
        messages.success(request, _("邀请码 %(code)s 已生成。") % {"code": made.code})
        return redirect("desk:applications")
    listed = _listed(request)
    page = page_of(applications_listed(listed), request.GET, size=ROWS)
    context = {
        "page": page,
        "lines": application_lines(page.rows),
        "listed": listed,
        "states": [(name, word) for name, (_tone, word) in STATES.items() if name != "draft"],
        "waiting": applications_waiting(),
        "codes": invitations_made()[:CODES],
        "form": form,
        "today": timezone.localdate(),
    }
    return render(request, "desk/applications.html", context)


def _listed(request: HttpRequest) -> Listed:
    asked = request.GET
    state = asked.get("state", "")
    return Listed(
        state=state if state in STATES else "",
        query=asked.get("q", "").strip()[:100],
        fast=asked.get("fast") == "1",
    )


@admin_page()
def application(request: SignedInRequest, application: int) -> HttpResponse:
    """One application: the papers, what was said, and the forms of the decision."""
    found = _application(application)
    context: dict[str, Any] = {
        "page": application_page(found),
        "form": DecisionForm(),
        "deposit_form": DepositForm(),
        "is_mine": False,
        "now": timezone.now(),
    }
    return render(request, "desk/application.html", context)


@admin_page(methods=WRITE)
def application_word(request: SignedInRequest, application: int) -> HttpResponse:
    """Ask for more, approve or reject."""
    found, form = _application(application), DecisionForm(request.POST)
    with refusals_toasted(request, ApplicationRefusedError):
        if not form.is_valid():
            raise ApplicationRefusedError(_("请选择怎么处理，并写明理由。"))
        application_decide(
            actor=request.user, application=found, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("已记下，申请人会收到通知。"))
    return redirect("desk:application", application=application)


@admin_page(methods=WRITE)
def application_deposit(request: SignedInRequest, application: int) -> HttpResponse:
    """Money of the deposit has come in."""
    found, form = _application(application), DepositForm(request.POST)
    with refusals_toasted(request, ApplicationRefusedError):
        if not form.is_valid():
            raise ApplicationRefusedError(_("金额要大于 0。"))
        deposit_enter(
            actor=request.user, application=found, amount=form.amount_fen,
            note=form.cleaned_data["note"], now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("已登记到账。"))
    return redirect("desk:application", application=application)


def _application(key: int) -> Application:
    found = application_named(key=key)
    if found is None:
        raise Http404
    return found
