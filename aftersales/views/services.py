"""The page of after-sales services: both sides first, then the switch."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.case_words import KIND_WORDS
from aftersales.forms import AutoRuleForm, SwitchForm, TryForm
from aftersales.selectors.services import services_page
from aftersales.services.auto import (
    assistant_rule_add,
    assistant_rule_drop,
    services_switch,
)
from aftersales.services.guarantee import ChoiceConflictError
from aftersales.views.answers import back, form_errors, refused
from shopguard.lib.toasts import toast
from stores.access import OWNERS, WRITE, ShopRequest, shop_page

SERVICES = "aftersales:services"


@shop_page()
def services(request: ShopRequest, shop: str) -> HttpResponse:
    """What the services would save and what they would risk."""
    tried = TryForm(request.GET)
    most = tried.cleaned_data["most"] if tried.is_valid() else None
    page = services_page(shop=request.shop, fast_most=most, now=timezone.now())
    kinds = [(key, str(word)) for key, word in KIND_WORDS.items()]
    context = {"page": page, "kinds": kinds, "may_switch": request.role != "ops"}
    return render(request, "aftersales/services.html", context)


@shop_page(roles=OWNERS, methods=WRITE)
def services_set(request: ShopRequest, shop: str) -> HttpResponse:
    """Switch services on or off."""
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), SERVICES)
    try:
        services_switch(actor=request.user, shop=request.shop, **form.cleaned_data)
    except ChoiceConflictError:
        return refused(request, _("这个设置刚刚被别人改过，下面是现在的样子。"), SERVICES)
    toast(request, _("自动服务已更新"))
    return back(request, SERVICES)


@shop_page(roles=OWNERS, methods=WRITE)
def rule_add(request: ShopRequest, shop: str) -> HttpResponse:
    """Add a rule of the assistant."""
    form = AutoRuleForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), SERVICES)
    assistant_rule_add(actor=request.user, shop=request.shop, **form.cleaned_data)
    toast(request, _("规则已添加"))
    return back(request, SERVICES)


@shop_page(roles=OWNERS, methods=WRITE)
def rule_drop(request: ShopRequest, shop: str, rule: int) -> HttpResponse:
    """Take a rule of the assistant away."""
    assistant_rule_drop(actor=request.user, shop=request.shop, pk=rule)
    toast(request, _("规则已删除"))
    return back(request, SERVICES)
