"""The second factor: set up at the first sign-in, asked for after the password."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from stores.access import (
    FORM,
    SECOND_FACTOR,
    WRITE,
    SignedInRequest,
    lacks_second_factor,
    safe_next,
    signed_in,
)
from stores.forms import CodeForm, EnrolmentForm
from stores.selectors.second_factor import app_of, backup_codes_left
from stores.services.second_factor import (
    EnrolmentOverError,
    Way,
    backup_codes_renew,
    second_factor_check,
    second_factor_enrol,
    secret_address,
    secret_new,
    secret_open,
    secret_seal,
    secret_shown,
)
from stores.services.sign_in import TooManyAttemptsError, origin_of

PASSED = frozenset({Way.APP.value, Way.BACKUP.value})


@signed_in(methods=FORM, before_second_factor=True)
@sensitive_post_parameters()
def second_factor(request: SignedInRequest) -> HttpResponse:
    """Ask for the code, or for an app to enrol, or show what is set up."""
    app = app_of(user=request.user)
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if app is None:
        return _enrolment(request, EnrolmentForm(), wanted)
    if not lacks_second_factor(request) and request.session.get(SECOND_FACTOR) in PASSED:
        context = {"app": app, "codes_left": backup_codes_left(user=request.user)}
        return render(request, "account/second_factor.html", context)
    form = CodeForm(request.POST or None)
    way = _way(request, form) if form.is_valid() else None
    if way is not None:
        _pass(request, way)
        return redirect(safe_next(request, wanted))
    return render(request, "registration/second_factor.html", {"form": form, "next": wanted})


def _way(request: SignedInRequest, form: CodeForm) -> Way | None:
    """How the code is right; otherwise the form says what is wrong."""
    try:
        way = second_factor_check(
            user=request.user, code=form.cleaned_data["code"], origin=origin_of(request)
        )
    except TooManyAttemptsError as refusal:
        form.add_error("code", refusal.sentence())
        return None
    if way is None:
        form.add_error("code", _("验证码不对或已用过。等应用里换出下一个再试。"))
    return way


def _pass(request: SignedInRequest, way: Way) -> None:
    """Raise what the session may do, under a new key."""
    request.session.cycle_key()
    request.session[SECOND_FACTOR] = way.value


def _may_enrol(request: SignedInRequest) -> bool:
    """Whoever has no app yet, or proved the present one in this session."""
    is_proven = request.session.get(SECOND_FACTOR) in PASSED
    return is_proven or app_of(user=request.user) is None


@signed_in(methods=FORM, before_second_factor=True)
@sensitive_post_parameters()
def enrol(request: SignedInRequest) -> HttpResponse:
    """Set up an app, the first or another; its backup codes are in the answer and never again."""
    wanted = request.POST.get("next", "")
    if not _may_enrol(request):
        return redirect("second_factor")
    form = EnrolmentForm(request.POST or None)
    codes = _enrolled(request, form) if form.is_valid() else None
    if codes is None:
        return _enrolment(request, form, wanted)
    _pass(request, Way.APP)
    context = {"codes": codes, "next": safe_next(request, wanted), "is_new": True}
    return render(request, "registration/backup_codes.html", context)


def _enrolled(request: SignedInRequest, form: EnrolmentForm) -> list[str] | None:
    """The backup codes of the app just set up; otherwise the form says what is wrong."""
    try:
        secret = secret_open(user=request.user, sealed=form.cleaned_data["sealed"])
        codes = second_factor_enrol(
            user=request.user, secret=secret, code=form.cleaned_data["code"],
            origin=origin_of(request),
        )  # fmt: skip
    except EnrolmentOverError:
        form.add_error("code", _("这个页面开得太久，密钥已经换了。请重新扫入新的密钥。"))
        return None
    except TooManyAttemptsError as refusal:
        form.add_error("code", refusal.sentence())
        return None
    if codes is None:
        form.add_error("code", _("验证码不对。请核对密钥，并确认手机时间是自动校准的。"))
    return codes


def _enrolment(request: SignedInRequest, form: EnrolmentForm, wanted: str) -> HttpResponse:
    """The page with a secret: the one of the form while it is good, else a new one."""
    try:
        secret = secret_open(user=request.user, sealed=str(form.data.get("sealed", "")))
    except EnrolmentOverError:
        secret = secret_new()
    context = {
        "form": form,
        "next": wanted,
        "sealed": secret_seal(user=request.user, secret=secret),
        "secret": secret_shown(secret),
        "address": secret_address(user=request.user, secret=secret),
    }
    return render(request, "registration/second_factor_enrol.html", context)


@signed_in(methods=WRITE)
def codes(request: SignedInRequest) -> HttpResponse:
    """New backup codes for who passed with the app or one of the old ones."""
    if app_of(user=request.user) is None or not _may_enrol(request):
        return redirect("second_factor")
    context = {"codes": backup_codes_renew(user=request.user), "next": "", "is_new": False}
    return render(request, "registration/backup_codes.html", context)
