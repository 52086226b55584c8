"""What people are told after they did something to a case."""

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from aftersales.calc.case_states import IllegalStepError
from aftersales.case_words import event_word, refusal
from aftersales.services.cases import CaseConflictError, UndoRefusedError
from shopguard.lib.toasts import toast_error
from stores.access import ShopRequest, safe_next

REFUSALS = (IllegalStepError, CaseConflictError, UndoRefusedError)


def went_wrong(error: Exception) -> str:
    """Why a case was not changed, in a sentence."""
    if isinstance(error, IllegalStepError):
        return refusal(error)
    if isinstance(error, CaseConflictError):
        if error.last is None or not error.last.actor:
            return _("这件售后刚刚有变化，下面是现在的样子，请再看一下。")
        told = {"who": error.last.actor, "what": event_word(error.last.name)}
        return _("%(who)s 刚刚改了这件售后（%(what)s），下面是现在的样子，请再看一下。") % told
    if isinstance(error, UndoRefusedError):
        return _("上一步已经不能撤销。")
    return _("没有这件售后。")


def form_errors(form: Form) -> str:
    """What is wrong with a form, in one line."""
    return " ".join(str(text) for texts in form.errors.values() for text in texts)


def back(request: ShopRequest, name: str, **parameters: str | int) -> HttpResponse:
    """The page the form came from, else the one named."""
    wanted = request.POST.get("next", "")
    if wanted:
        return HttpResponseRedirect(safe_next(request, wanted))
    return redirect(resolve_url(name, shop=request.shop.external_id, **parameters))


def refused(request: ShopRequest, text: str, name: str, **parameters: str | int) -> HttpResponse:
    """Back to the page with what went wrong."""
    toast_error(request, text)
    return back(request, name, **parameters)
