"""The one door: every view says who may enter, and nothing answers without passing here.

A policy is put on a view by a decorator, outermost:

    @shop_page()                       any member of the shop, and admins
    @shop_page(roles=OWNERS)           only its owners, and admins
    @signed_in()                       anybody who is signed in
    @admin_page()                      admins; for others the address does not exist
    @public("why")                     everybody

What the door answers: anonymous people are sent to the sign-in page, alike for every address,
unknown ones included; an admin who has not passed the second factor is sent to it, alike for every
address; a foreign and an unknown shop are the same 404; the own shop in the wrong
role is 403. A view without a policy is a mistake in the code and raises.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from shopguard.lib.api.problems import answers_problems, problem
from shopguard.lib.request_ids import current_request_id
from stores.models import Role, Shop, User
from stores.selectors.people import entry_to

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

READ = frozenset({"GET", "HEAD"})
FORM = READ | {"POST"}
WRITE = frozenset({"POST"})
MEMBERS = frozenset({Role.OWNER.value, Role.OPS.value})
OWNERS = frozenset({Role.OWNER.value})

SESSION_ENDS_AT = "ends_at"
# Under this name a session says how it passed the second factor.
SECOND_FACTOR = "second_factor"
SECOND_FACTOR_URL = "second_factor"
NEXT_MAX_CHARS = 1000


class Audience(StrEnum):
    """Whom a view is for."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    SHOP = "shop"
    ADMIN = "admin"


@dataclass(frozen=True)
class Policy:
    """Who may enter a view and with which methods; ``reason`` says why a public one is public.

    ``before_second_factor`` lets an admin in who has not yet passed the second factor.
    """

    audience: Audience
    methods: frozenset[str]
    roles: frozenset[str] = frozenset()
    reason: str = ""
    before_second_factor: bool = False


class ShopRequest(HttpRequest):
    """A request that passed the door of a shop, for annotations."""

    user: User
    shop: Shop
    role: str


class SignedInRequest(HttpRequest):
    """A request of a person who is signed in, for annotations."""

    user: User


class ReasonMissingError(Exception):
    """An admin wrote in somebody's shop without saying why; the message asks for it."""


class ViewWithoutPolicyError(ImproperlyConfigured):
    """A view that does not say who may enter."""


def public(reason: str, *, methods: frozenset[str] = READ) -> Callable[[View], View]:
    """Let everybody in; the reason is part of the classification of every address."""
    if not reason:
        raise ValueError("a public view says why it is public")
    return _with_policy(Policy(Audience.PUBLIC, methods, reason=reason))


def signed_in(
    *, methods: frozenset[str] = READ, before_second_factor: bool = False
) -> Callable[[View], View]:
    """Let in whoever is signed in."""
    policy = Policy(Audience.SIGNED_IN, methods, before_second_factor=before_second_factor)
    return _with_policy(policy)


def shop_page(
    *, roles: frozenset[str] = MEMBERS, methods: frozenset[str] = READ
) -> Callable[[View], View]:
    """Let in members of the shop in the address (URL parameter ``shop``) with one of the roles,
    and admins. The view finds ``request.shop`` and ``request.role``.
    """
    return _with_policy(Policy(Audience.SHOP, methods, roles=roles))


def admin_page(*, methods: frozenset[str] = READ) -> Callable[[View], View]:
    """Let in admins; for everybody else the address does not exist."""
    return _with_policy(Policy(Audience.ADMIN, methods))


def _with_policy(policy: Policy) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return decorate


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """The policy of a view; None when it has none and must not answer."""
    policy = getattr(view, "policy", None)
    return policy if isinstance(policy, Policy) else None


class DoorMiddleware:
    """Enforces the policies. Stands last, right before the views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        """Turn anonymous people away before anything else, the CSRF check included, is asked."""
        request.shop, request.role = None, ""
        has_token = getattr(request, "api_token", None) is not None
        if request.user.is_authenticated and not has_token and _is_over(request):
            logout(request)
        if not request.user.is_authenticated and not _is_open(request.path_info):
            return turned_away(request)
        if lacks_second_factor(request) and not _is_open(request.path_info, half_way=True):
            return second_factor_asked(request)
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Admit the request to its view, or raise what the person is to see instead."""
        policy = policy_of(view)
        if policy is None:
            name = getattr(view, "__qualname__", repr(view))
            raise ViewWithoutPolicyError(f"{view.__module__}.{name} does not say who may enter")
        if policy.audience is Audience.SHOP:
            enter_shop(request, kwargs["shop"], policy.roles)
        elif policy.audience is Audience.ADMIN and not request.user.is_admin:
            raise Http404
        if request.method not in policy.methods:
            return not_allowed(request, policy)
        return None


def enter_shop(request: Any, external_id: str, roles: frozenset[str] = MEMBERS) -> None:
    """Let the person into a shop in one of the roles, as ``request.shop`` and ``request.role``.

    For the few views that are told the shop in the body instead of the address. Raises Http404
    where the shop is foreign or unknown, PermissionDenied in another role.
    """
    entry = entry_to(user=request.user, external_id=external_id)
    if entry is None:
        raise Http404
    if not request.user.is_admin and entry.role not in roles:
        raise PermissionDenied
    request.shop, request.role = entry.shop, entry.role


def reason_given(request: Any) -> str:
    """Why an admin writes in somebody's shop; empty for its own people.

    Raises ReasonMissingError when an admin does not say.
    """
    if request.role in MEMBERS:
        return ""
    reason: str = request.POST.get("reason", "").strip()
    if not reason:
        raise ReasonMissingError(_("写明修改理由。"))
    return reason


def _is_open(path: str, *, half_way: bool = False) -> bool:
    """Whether a request may go on though nobody is signed in, or (``half_way``) an admin is but
    has not passed the second factor: to a view that says so, or to one that will raise.
    """
    try:
        policy = policy_of(resolve(path).func)
    except Resolver404:
        return False
    if policy is None or policy.audience is Audience.PUBLIC:
        return True
    return half_way and policy.before_second_factor


def lacks_second_factor(request: Any) -> bool:
    """Whether this is an admin's session that has not passed the second factor. A token was made
    in a session that had.
    """
    if not request.user.is_authenticated or getattr(request, "api_token", None) is not None:
        return False
    return bool(request.user.is_admin) and SECOND_FACTOR not in request.session


def _is_over(request: HttpRequest) -> bool:
    """Whether the time set at sign-in has passed (epoch seconds in the session)."""
    ends_at = request.session.get(SESSION_ENDS_AT)
    return ends_at is not None and timezone.now().timestamp() >= ends_at


def second_factor_asked(request: HttpRequest) -> HttpResponse:
    """The answer to an admin half-way: the page that asks for the code, or 403 for a program."""
    if answers_problems(request.path_info):
        return problem(request, 403, detail=_("请先在网页上完成两步验证。"))
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=403, headers={"HX-Redirect": resolve_url(SECOND_FACTOR_URL)})
    here = request.get_full_path() if request.method in READ else ""
    address = _leading_back(resolve_url(SECOND_FACTOR_URL), here)
    return HttpResponse(status=302, headers={"Location": address})


def turned_away(request: HttpRequest) -> HttpResponse:
    """The answer to an anonymous request: the sign-in page, or 401 for a program."""
    if answers_problems(request.path_info):
        return problem(request, 401, headers={"WWW-Authenticate": "Bearer"})
    if request.headers.get("HX-Request") == "true":
        # A part of a page was asked for: the whole page goes to the sign-in page and comes back.
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        here = shown._replace(scheme="", netloc="", fragment="").geturl()
        return HttpResponse(status=401, headers={"HX-Redirect": sign_in_url(here)})
    here = request.get_full_path() if request.method in READ else ""
    return HttpResponse(status=302, headers={"Location": sign_in_url(here)})


def not_allowed(request: HttpRequest, policy: Policy) -> HttpResponse:
    """405 with the methods that are; a page for a person who opens the address of a form."""
    methods = sorted(policy.methods)
    if answers_problems(request.path_info):
        return problem(request, 405, headers={"Allow": ", ".join(methods)})
    answer = HttpResponseNotAllowed(methods)
    if request.method == "GET" and request.user.is_authenticated:
        told = {"request_id": current_request_id()}
        answer.content = render_to_string("errors/405.html", told, request)
    return answer


def sign_in_url(here: str) -> str:
    """The sign-in page that leads back to ``here`` (a path of our own, perhaps with a query)."""
    return _leading_back(resolve_url(settings.LOGIN_URL), here)


def _leading_back(address: str, here: str) -> str:
    if here in ("", "/") or len(here) > NEXT_MAX_CHARS:
        return address
    return f"{address}?{urlencode({'next': here})}"


def safe_next(request: HttpRequest, wanted: str) -> str:
    """``wanted`` when it is an address of our own, else the home page."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)
