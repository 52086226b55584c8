"""Pages of reviews and complaints, and the answers recorded there."""

from dataclasses import fields

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.forms import AnswerForm, WorkForm
from aftersales.selectors.complaints import complaints_page
from aftersales.selectors.reviews import reviews_page
from aftersales.services.talk import (
    AnsweredError,
    Work,
    complaint_answer,
    complaint_work_save,
    review_answer,
)
from aftersales.views.answers import back, form_errors, refused
from shopguard.lib.toasts import toast
from stores.access import WRITE, ShopRequest, shop_page
from stores.models import Complaint, Review

REVIEWS, COMPLAINTS = "reviews", "complaints"


@shop_page()
def reviews(request: ShopRequest, shop: str) -> HttpResponse:
    """Reviews that wait for an answer, and orders to ask for one."""
    page = reviews_page(shop=request.shop, asked=request.GET, now=timezone.now())
    return render(request, "aftersales/reviews.html", {"page": page})


@shop_page(methods=WRITE)
def review_reply(request: ShopRequest, shop: str, review: int) -> HttpResponse:
    """Record an answer to a review."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), REVIEWS)
    try:
        review_answer(
            actor=request.user, shop=request.shop, pk=review, text=form.cleaned_data["text"]
        )
    except Review.DoesNotExist:
        raise Http404 from None
    except AnsweredError:
        return refused(request, _("这条评价已经登记过回复。"), REVIEWS)
    toast(request, _("已登记评价回复"))
    return back(request, REVIEWS)


@shop_page()
def complaints(request: ShopRequest, shop: str) -> HttpResponse:
    """Complaints by their timer."""
    page = complaints_page(shop=request.shop, asked=request.GET, now=timezone.now())
    return render(request, "aftersales/complaints.html", {"page": page})


@shop_page(methods=WRITE)
def complaint_reply(request: ShopRequest, shop: str, complaint: int) -> HttpResponse:
    """Record an answer to a complaint."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), COMPLAINTS)
    try:
        complaint_answer(
            actor=request.user, shop=request.shop, pk=complaint, text=form.cleaned_data["text"]
        )
    except Complaint.DoesNotExist:
        raise Http404 from None
    except AnsweredError:
        return refused(request, _("这件投诉已经登记过回复。"), COMPLAINTS)
    toast(request, _("已登记投诉回复"))
    return back(request, COMPLAINTS)


@shop_page(methods=WRITE)
def complaint_work(request: ShopRequest, shop: str, complaint: int) -> HttpResponse:
    """Write down what was done about a complaint."""
    form = WorkForm(request.POST)
    if not form.is_valid():
        return refused(request, form_errors(form), COMPLAINTS)
    work = Work(**{one.name: form.cleaned_data[one.name] for one in fields(Work)})
    try:
        complaint_work_save(
            actor=request.user, shop=request.shop, pk=complaint, work=work,
            version=form.cleaned_data["version"],
        )  # fmt: skip
    except Complaint.DoesNotExist:
        raise Http404 from None
    except AnsweredError:
        return refused(request, _("这件投诉刚刚被别人改过，下面是现在的样子。"), COMPLAINTS)
    toast(request, _("投诉的处理已登记"))
    return back(request, COMPLAINTS)
