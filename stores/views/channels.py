"""How a person is told: what by which way, the webhook and the e-mail address."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shopguard.lib.toasts import refusals_toasted
from stores.access import FORM, WRITE, SignedInRequest, signed_in
from stores.channel_forms import ChoicesForm, EmailForm, WebhookForm
from stores.services.channels import (
    choices_set,
    email_ask,
    email_confirm,
    email_drop,
    trial_put,
    webhook_drop,
    webhook_set,
)
from stores.services.proofs import proof_send
from stores.views.channels_page import channels_page


@signed_in(methods=FORM)
def channels(request: SignedInRequest) -> HttpResponse:
    """What is told on which way, and how the last sendings went."""
    page = channels_page(user=request.user)
    form = ChoicesForm(request.POST or None, notices=page.notices, chosen=page.chosen)
    if request.method == "POST" and form.is_valid():
        choices_set(user=request.user, levels=form.levels())
        messages.success(request, _("已保存，下一条通知起生效。"))
        return redirect("channels")
    return _page(request, form=form)


def _page(
    request: SignedInRequest,
    *,
    form: ChoicesForm | None = None,
    webhook_form: WebhookForm | None = None,
    email_form: EmailForm | None = None,
    secret: str = "",
) -> HttpResponse:
    page = channels_page(user=request.user)
    context = {
        "page": page,
        "form": form or ChoicesForm(notices=page.notices, chosen=page.chosen),
        "webhook_form": webhook_form or WebhookForm(),
        "email_form": email_form or EmailForm(),
        "secret": secret,
    }
    return render(request, "account/channels.html", context)


@signed_in(methods=WRITE)
def channels_try(request: SignedInRequest) -> HttpResponse:
    """Send something on every way there is."""
    trial_put(user=request.user)
    messages.success(request, _("已试发，几秒后看下面的发送记录。"))
    return redirect("channels")


@signed_in(methods=WRITE)
def webhook(request: SignedInRequest) -> HttpResponse:
    """Set the webhook, or remove it (``drop``). A new secret is in the answer and never again."""
    if "drop" in request.POST:
        webhook_drop(user=request.user)
        return redirect("channels")
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            _webhook, secret = webhook_set(user=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _page(request, secret=secret)
    return _page(request, webhook_form=form)


@signed_in(methods=WRITE)
def email(request: SignedInRequest) -> HttpResponse:
    """Send a link to a new address, or forget the present one (``drop``)."""
    if "drop" in request.POST:
        email_drop(user=request.user)
        return redirect("channels")
    form = EmailForm(request.POST)
    if form.is_valid():
        try:
            address = form.cleaned_data["email"]
            token = email_ask(user=request.user, email=address, now=timezone.now())
            proof_send(email=address, token=token)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("确认邮件已发出，一天内有效。"))
            return redirect("channels")
    return _page(request, email_form=form)


@signed_in(methods=FORM)
def email_proof(request: SignedInRequest) -> HttpResponse:
    """The page behind the link in the e-mail: one click takes the address over."""
    if request.method != "POST":
        context = {"token": request.GET.get("t", "")}
        return render(request, "account/email_proof.html", context)
    with refusals_toasted(request, ValidationError):
        email_confirm(user=request.user, token=request.POST.get("t", ""))
        messages.success(request, _("邮箱已确认。"))
    return redirect("channels")
