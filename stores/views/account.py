"""The own password."""

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from stores.access import FORM, SignedInRequest, signed_in
from stores.forms import PasswordChangeForm
from stores.services.people import password_change as change
from stores.services.sign_in import TooManyAttemptsError, origin_of, password_confirm


@signed_in(methods=FORM)
@sensitive_post_parameters()
def password_change(request: SignedInRequest) -> HttpResponse:
    """Change the own password; this session goes on under a new key, every other one ends."""
    form = PasswordChangeForm(request.POST or None, user=request.user)
    if form.is_valid() and _is_confirmed(request, form):
        change(actor=request.user, user=request.user, password=form.cleaned_data["new_password"])
        update_session_auth_hash(request, request.user)
        return redirect("password_change_done")
    return render(request, "registration/password_change_form.html", {"form": form})


def _is_confirmed(request: SignedInRequest, form: PasswordChangeForm) -> bool:
    """Whether the old password is right; otherwise the form says what is wrong."""
    try:
        is_right = password_confirm(
            user=request.user,
            password=form.cleaned_data["old_password"],
            origin=origin_of(request),
        )
    except TooManyAttemptsError as refusal:
        form.add_error("old_password", refusal.sentence())
        return False
    if not is_right:
        form.add_error("old_password", _("当前密码不正确。"))
    return is_right


@signed_in()
def password_change_done(request: HttpRequest) -> HttpResponse:
    """Say that the password is changed and what that means elsewhere."""
    return render(request, "registration/password_change_done.html")
