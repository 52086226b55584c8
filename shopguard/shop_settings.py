"""设置: what owners say about their shop, its pictures, and the people who work in it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from servicescore.rules import score_book
from servicescore.selectors.rule_words import title
from shopguard.lib.paper_answers import paper_answer
from shopguard.lib.toasts import refusals_toasted
from shopguard.lib.words import industry
from stores.access import FORM, OWNERS, WRITE, ShopRequest, shop_page
from stores.models import Role
from stores.selectors.people import user_named
from stores.selectors.shop_settings import (
    base_settings,
    categories_of,
    hours_uncovered,
    image_of,
    images_of,
    members_of,
)
from stores.services.people import membership_grant, membership_revoke
from stores.services.shop_settings import (
    MOST_BYTES,
    StaleSettingsError,
    image_add,
    image_drop,
    profile_set,
)
from stores.settings_forms import MemberForm, ProfileForm


@shop_page(roles=OWNERS, methods=FORM)
def settings(request: ShopRequest, shop: str) -> HttpResponse:
    """Show and save the shop's data."""
    form = _form(request, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        profile_set(
            actor=request.user, shop=request.shop, version=form.cleaned_data["version"],
            profile=form.profile(), reason=form.why(), now=timezone.now(),
        )  # fmt: skip
    except StaleSettingsError:
        messages.error(request, _("刚刚有人改过设置，没有覆盖。看过现在的内容再改一次。"))
    else:
        messages.success(request, _("已保存。"))
    return redirect("settings", shop=request.shop.external_id)


def _form(request: ShopRequest, data: Any) -> ProfileForm:
    shop = request.shop
    return ProfileForm(
        data,
        initial=ProfileForm.initial_of(shop),
        categories=[(code, industry(code)) for code in categories_of(shop=shop)],
        rule_sets=[(rules.id, title(rules)) for rules in score_book().sets],
        needs_reason=_is_visitor(request),
    )


def _is_visitor(request: ShopRequest) -> bool:
    """Whether an admin writes in somebody else's shop."""
    return request.role not in OWNERS


def _page(request: ShopRequest, form: ProfileForm) -> HttpResponse:
    shop = request.shop
    base = base_settings(shop=shop)
    context = {
        "form": form,
        "base": base,
        "missing": sum(not one.is_done for one in base),
        "images": images_of(shop=shop),
        "members": members_of(shop=shop),
        "member_form": MemberForm(),
        "uncovered": hours_uncovered(shop=shop),
        "needs_reason": _is_visitor(request),
    }
    return render(request, "settings/page.html", context)


@shop_page(roles=OWNERS, methods=WRITE)
def settings_images(request: ShopRequest, shop: str) -> HttpResponse:
    """Keep another picture of the shop."""
    sent = request.FILES.get("image")
    with refusals_toasted(request, ValidationError):
        if sent is None:
            raise ValidationError(_("请先选一张照片。"))
        data = sent.read() if (sent.size or 0) <= MOST_BYTES else b"\x00" * (MOST_BYTES + 1)
        image_add(actor=request.user, shop=request.shop, data=data, reason=_reason(request))
        messages.success(request, _("照片已保存。"))
    return redirect("settings", shop=request.shop.external_id)


def _reason(request: ShopRequest) -> str:
    """The reason of an admin. Raises ValidationError when there is none."""
    reason = request.POST.get("reason", "").strip()
    if _is_visitor(request) and not reason:
        raise ValidationError(_("写明修改理由。"))
    return reason


@shop_page(roles=OWNERS)
def settings_image(request: ShopRequest, shop: str, image: int) -> HttpResponse:
    """One picture."""
    found = image_of(shop=request.shop, image=image)
    if found is None:
        raise Http404
    return paper_answer(bytes(found.content), found.media, name=f"image-{image}")


@shop_page(roles=OWNERS, methods=WRITE)
def settings_image_drop(request: ShopRequest, shop: str, image: int) -> HttpResponse:
    """Take a picture away."""
    with refusals_toasted(request, ValidationError):
        image_drop(actor=request.user, shop=request.shop, image=image, reason=_reason(request))
    return redirect("settings", shop=request.shop.external_id)


@shop_page(roles=OWNERS, methods=WRITE)
def settings_people(request: ShopRequest, shop: str) -> HttpResponse:
    """Let somebody in, change what they are, or (``drop``) let them out."""
    form = MemberForm(request.POST)
    with refusals_toasted(request, ValidationError):
        reason = _reason(request)
        person = user_named(form.data.get("username", "").strip())
        if person is None or person.is_admin or not person.is_active:
            raise ValidationError(_("没有这个账号，请核对。"))
        if "drop" in request.POST:
            membership_revoke(actor=request.user, shop=request.shop, user=person, reason=reason)
        elif form.is_valid():
            role = Role(form.cleaned_data["role"])
            membership_grant(
                actor=request.user, shop=request.shop, user=person, role=role, reason=reason
            )
        messages.success(request, _("成员已更新。"))
    return redirect("settings", shop=request.shop.external_id)
