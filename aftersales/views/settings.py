"""What a shop sets up for its cases: replies and the guarantee."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.forms import ReplyForm, TermForm
from aftersales.selectors.guarantee import guarantee_page
from aftersales.selectors.replies import GROUP_WORDS, replies_of
from aftersales.services.guarantee import (
    ChoiceConflictError,
    guarantee_switch,
    guarantee_term_set,
)
from aftersales.services.replies import (
    ReplyConflictError,
    UnknownReplyError,
    reply_drop,
    reply_save,
)
from aftersales.views.answers import back, form_errors, refused
from shopguard.lib.toasts import toast
from stores.access import FORM, WRITE, ShopRequest, shop_page

REPLIES, GUARANTEE = "aftersales:replies", "aftersales:guarantee"


@shop_page(methods=FORM)
def replies(request: ShopRequest, shop: str) -> HttpResponse:
    """The replies of the shop, each to be worded anew."""
    if request.method != "POST":
        context = {"replies": replies_of(shop=request.shop), "groups": GROUP_WORDS.items()}
        return render(request, "aftersales/replies.html", context)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), REPLIES)
    try:
        if "drop" in request.POST:
            key, version = form.cleaned_data["key"], form.cleaned_data["version"]
            reply_drop(actor=request.user, shop=request.shop, key=key, version=version)
        else:
            reply_save(actor=request.user, shop=request.shop, **form.cleaned_data)
    except (ReplyConflictError, UnknownReplyError):
        return refused(request, _("这条模板刚刚被别人改过，下面是现在的样子。"), REPLIES)
    toast(request, _("模板「%(title)s」已更新") % {"title": form.cleaned_data["title"]})
    return back(request, REPLIES)


@shop_page()
def guarantee(request: ShopRequest, shop: str) -> HttpResponse:
    """How long the guarantee of the shop's goods holds."""
    page = guarantee_page(shop=request.shop, now=timezone.now())
    return render(request, "aftersales/guarantee.html", {"page": page})


@shop_page(methods=WRITE)
def guarantee_days(request: ShopRequest, shop: str) -> HttpResponse:
    """Count working days only, or calendar days again."""
    version = request.POST.get("version", "")
    is_number = version.isascii() and version.isdigit() and len(version) < len(str(2**31))
    try:
        guarantee_switch(
            actor=request.user, shop=request.shop, version=int(version) if is_number else -1,
            working_days=request.POST.get("working_days") == "yes",
        )  # fmt: skip
    except ChoiceConflictError:
        return refused(request, _("这个设置刚刚被别人改过，下面是现在的样子。"), GUARANTEE)
    toast(request, _("保障期的算法已更新"))
    return back(request, GUARANTEE)


@shop_page(methods=WRITE)
def guarantee_term(request: ShopRequest, shop: str) -> HttpResponse:
    """Give a category its days, or take them away again."""
    form = TermForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), GUARANTEE)
    guarantee_term_set(actor=request.user, shop=request.shop, **form.cleaned_data)
    toast(request, _("类目「%(name)s」已更新") % {"name": form.cleaned_data["category"]})
    return back(request, GUARANTEE)
