"""入驻: applications of the person, each with the steps that tick themselves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shopguard.lib.paper_answers import paper_answer
from shopguard.lib.toasts import refusals_toasted
from stores.access import FORM, WRITE, SignedInRequest, signed_in
from stores.models import Application
from stores.onboarding_forms import ApplicationForm, OpenForm, PaperForm, SubmitForm
from stores.selectors.onboarding import application_for, applications_of, paper_for
from stores.selectors.onboarding_page import application_page, application_ways
from stores.services.onboarding import (
    MOST_BYTES,
    ApplicationRefusedError,
    application_begin,
    application_edit,
    application_submit,
    application_withdraw,
    paper_add,
    paper_drop,
)
from stores.services.opening import FirstProduct, shop_open

SHOWN = 50


@signed_in(methods=FORM)
def onboarding(request: SignedInRequest) -> HttpResponse:
    """The person's applications; a POST begins another."""
    if request.method == "POST":
        address = reverse("onboarding")
        with refusals_toasted(request, ApplicationRefusedError):
            begun = application_begin(user=request.user)
            address = reverse("application", args=[begun.pk])
        return redirect(address)
    context = {"lines": application_ways(list(applications_of(user=request.user)[:SHOWN]))}
    return render(request, "onboarding/home.html", context)


@signed_in(methods=FORM)
def application(request: SignedInRequest, application: int) -> HttpResponse:
    """One application: what is missing, what was said, and what comes next."""
    if request.method == "POST":
        return _save(request, _mine(request, application))
    found = application_for(user=request.user, application=application)
    if found is None:
        raise Http404
    return _page(request, found, ApplicationForm(initial=ApplicationForm.initial_of(found)))


def _save(request: SignedInRequest, found: Application) -> HttpResponse:
    form = ApplicationForm(request.POST, initial=ApplicationForm.initial_of(found))
    if not form.is_valid():
        return _page(request, found, form)
    with refusals_toasted(request, ApplicationRefusedError):
        application_edit(
            actor=request.user, application=found, version=form.cleaned_data["version"],
            texts=form.texts(), agrees=form.cleaned_data["agrees"], now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("已保存。"))
    return redirect("application", application=found.pk)


def _page(request: SignedInRequest, found: Application, form: ApplicationForm) -> HttpResponse:
    context = {
        "page": application_page(found),
        "form": form,
        "paper_form": PaperForm(auto_id="paper_%s"),
        "submit_form": SubmitForm(),
        "open_form": OpenForm(),
        "is_mine": found.applicant_id == request.user.pk,
        "now": timezone.now(),
    }
    return render(request, "onboarding/application.html", context)


def _mine(request: SignedInRequest, application: int) -> Application:
    """An application of the person's own. Raises Http404."""
    found = applications_of(user=request.user).filter(pk=application).first()
    if found is None:
        raise Http404
    return found


def _done(request: SignedInRequest, application: int, work: Any) -> HttpResponse:
    """Do something, say why it was refused, and go back to the page."""
    try:
        work()
    except ApplicationRefusedError as refusal:
        messages.error(request, str(refusal))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("application", application=application)


@signed_in(methods=WRITE)
def application_send(request: SignedInRequest, application: int) -> HttpResponse:
    """Send it in, with a code where there is one."""
    found, code = _mine(request, application), request.POST.get("code", "")
    now = timezone.now()
    return _done(
        request, application,
        lambda: application_submit(actor=request.user, application=found, code=code, now=now),
    )  # fmt: skip


@signed_in(methods=WRITE)
def application_back(request: SignedInRequest, application: int) -> HttpResponse:
    """Take it back."""
    found, now = _mine(request, application), timezone.now()
    return _done(
        request, application,
        lambda: application_withdraw(actor=request.user, application=found, now=now),
    )  # fmt: skip


@signed_in(methods=WRITE)
def application_papers(request: SignedInRequest, application: int) -> HttpResponse:
    """Keep a paper."""
    found = _mine(request, application)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        told = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, " ".join(told))
        return redirect("application", application=application)
    sent, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
    # What is larger than allowed is not read into memory: one byte more is enough to refuse it.
    data = sent.read(MOST_BYTES + 1)
    return _done(
        request, application,
        lambda: paper_add(actor=request.user, application=found, kind=kind, data=data),
    )  # fmt: skip


@signed_in()
def application_paper(request: SignedInRequest, application: int, sheet: int) -> HttpResponse:
    """One paper, as a download."""
    found = paper_for(user=request.user, application=application, paper=sheet)
    if found is None:
        raise Http404
    return paper_answer(bytes(found.content), found.media, name=f"{found.kind}-{sheet}")


@signed_in(methods=WRITE)
def application_paper_drop(request: SignedInRequest, application: int, sheet: int) -> HttpResponse:
    """Take a paper back."""
    found = _mine(request, application)
    return _done(
        request, application,
        lambda: paper_drop(actor=request.user, application=found, paper=sheet),
    )  # fmt: skip


@signed_in(methods=WRITE)
def application_open(request: SignedInRequest, application: int) -> HttpResponse:
    """Open the shop with its first product."""
    found = _mine(request, application)
    form = OpenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("填好第一个商品的名称和价格。"))
        return redirect("application", application=application)
    first = FirstProduct(title=form.cleaned_data["title"], price=form.price_fen)
    now = timezone.now()
    return _done(
        request, application,
        lambda: shop_open(actor=request.user, application=found, first=first, now=now),
    )  # fmt: skip
