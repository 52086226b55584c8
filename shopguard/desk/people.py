"""Accounts and shops at the desk."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shopguard.desk.onboarding_forms import AccountForm, RightForm
from shopguard.lib.paging import page_of
from shopguard.lib.toasts import refusals_toasted
from stores.access import FORM, WRITE, SignedInRequest, admin_page
from stores.selectors.desk_lists import people_lines, people_listed, shop_lines, shops_listed
from stores.services.accounts import account_invite, right_change

ROWS = 40
QUERY_CHARS = 100


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_CHARS]


@admin_page()
def shops(request: HttpRequest) -> HttpResponse:
    """Every shop with its people, its settings and its deposit."""
    query = _query(request)
    page = page_of(shops_listed(query), request.GET, size=ROWS)
    context = {"page": page, "lines": shop_lines(page.rows), "query": query}
    return render(request, "desk/shops.html", context)


@admin_page(methods=FORM)
def people(request: SignedInRequest) -> HttpResponse:
    """Every account; a POST makes one. Its first password is in the answer and never again."""
    form, made = AccountForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = account_invite(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
    query = _query(request)
    page = page_of(people_listed(query), request.GET, size=ROWS)
    context = {
        "page": page,
        "lines": people_lines(page.rows),
        "query": query,
        "form": AccountForm() if made else form,
        "made": made,
    }
    return render(request, "desk/people.html", context)


@admin_page(methods=WRITE)
def person_right(request: SignedInRequest) -> HttpResponse:
    """Make somebody an admin or no longer; close an account or open it again."""
    form = RightForm(request.POST)
    with refusals_toasted(request, ValidationError):
        if not form.is_valid():
            raise ValidationError(_("写明理由。"))
        said = form.cleaned_data
        right_change(actor=request.user, key=said["user"], move=said["move"], reason=said["reason"])
        messages.success(request, _("已更新，记入审计。"))
    return redirect("desk:people")
