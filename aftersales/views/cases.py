"""The page of a case, and what is done on it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.case_words import STEP_WORDS, event_word
from aftersales.forms import NoteForm, StepForm
from aftersales.models import AfterSaleCase
from aftersales.selectors.case_page import case_found, case_page
from aftersales.services.cases import (
    case_chase,
    case_condition,
    case_contact,
    case_note,
    case_reply,
    case_step,
    case_undo,
)
from aftersales.views.answers import REFUSALS, back, form_errors, refused, went_wrong
from shopguard.lib.toasts import toast
from stores.access import WRITE, ShopRequest, shop_page

CASE = "aftersales:case"
KEEPING = {
    "reply": case_reply, "contact": case_contact, "note": case_note,
}  # fmt: skip


@shop_page()
def case(request: ShopRequest, shop: str, case: int) -> HttpResponse:
    """One case: what to do, how it came here, what the guarantee says."""
    page = case_page(
        shop=request.shop, pk=case, template=request.GET.get("template", ""), now=timezone.now()
    )
    if page is None:
        raise Http404
    return render(request, "aftersales/case.html", {"page": page})


@shop_page(methods=WRITE)
def case_do(request: ShopRequest, shop: str, case: int) -> HttpResponse:
    """Take a step."""
    found, form = _found(request, case), StepForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), CASE, case=case)
    name, version = form.cleaned_data["name"], form.cleaned_data["version"]
    try:
        done = case_step(
            actor=request.user, shop=request.shop, case_ref=found.external_id, version=version,
            name=name, given=form.given,
        )  # fmt: skip
    except REFUSALS as error:
        return refused(request, went_wrong(error), CASE, case=case)
    told = {"case": done.external_id, "step": STEP_WORDS[name]}
    undo = reverse("aftersales:case_undo", args=[request.shop.external_id, done.pk, done.version])
    toast(request, _("%(case)s：%(step)s") % told, undo=undo)
    return back(request, CASE, case=case)


@shop_page(methods=WRITE)
def case_take_back(request: ShopRequest, shop: str, case: int, version: int) -> HttpResponse:
    """Take the last step back."""
    found = _found(request, case)
    try:
        case_undo(
            actor=request.user, shop=request.shop, case_ref=found.external_id, version=version
        )
    except REFUSALS as error:
        return refused(request, went_wrong(error), CASE, case=case)
    toast(request, _("已撤销，%(case)s 回到上一步") % {"case": found.external_id})
    return back(request, CASE, case=case)


@shop_page(methods=WRITE)
def case_keep(request: ShopRequest, shop: str, case: int) -> HttpResponse:
    """Keep something about a case: an answer, a contact, a chase, a note, a condition."""
    found, form = _found(request, case), NoteForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), CASE, case=case)
    try:
        _keep(request, found, form)
    except REFUSALS as error:
        return refused(request, went_wrong(error), CASE, case=case)
    toast(request, _("已登记：%(what)s") % {"what": event_word(form.cleaned_data["what"])})
    return back(request, CASE, case=case)


def _keep(request: ShopRequest, found: AfterSaleCase, form: NoteForm) -> None:
    what, text = form.cleaned_data["what"], form.cleaned_data["text"]
    version, ref = form.cleaned_data["version"], found.external_id
    actor, shop = request.user, request.shop
    if what == "chase":
        case_chase(actor=actor, shop=shop, case_ref=ref, version=version)
    elif what == "condition":
        case_condition(actor=actor, shop=shop, case_ref=ref, version=version, condition=text)
    else:
        KEEPING[what](actor=actor, shop=shop, case_ref=ref, version=version, text=text)


def _found(request: ShopRequest, case: int) -> AfterSaleCase:
    found = case_found(shop=request.shop, pk=case)
    if found is None:
        raise Http404
    return found
