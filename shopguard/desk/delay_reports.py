"""The decision about a delay report: an admin's, with a reason."""

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from shopguard.lib.toasts import toast, toast_error
from stores.access import WRITE, SignedInRequest, admin_page, safe_next
from stores.models import DelayReport
from stores.services.delay_reports import delay_report_decide


class DecisionForm(forms.Form):
    """Accepted or refused, and why."""

    decision = forms.ChoiceField(choices=[("accepted", "accepted"), ("refused", "refused")])
    reason = forms.CharField(max_length=200)


@admin_page(methods=WRITE)
def delay_report(request: SignedInRequest, report: int) -> HttpResponse:
    """Accept or refuse a report, then back to the page it stood on."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            delay_report_decide(actor=request.user, pk=report, **form.cleaned_data)
        except DelayReport.DoesNotExist:
            raise Http404 from None
        toast(request, _("已记下决定，今晚起按它计算"))
    else:
        toast_error(request, _("写明决定和理由。"))
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))
