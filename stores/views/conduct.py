"""违规与申诉: where a shop stands, what it can still appeal, and one case at a time."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shopguard.lib.paper_answers import paper_answer
from shopguard.lib.toasts import refusals_toasted, toast
from stores.access import OWNERS, WRITE, ShopRequest, shop_page
from stores.models import Violation
from stores.selectors.appeal_pack import appeal_pack, executed_cases, gain_for
from stores.selectors.appeals import appeals_of, paper_content, paper_stem, papers_of
from stores.selectors.case_page import case_named, case_of, case_shown
from stores.selectors.conduct_page import conduct_page
from stores.services.appeal_papers import (
    ACCEPTED,
    MOST_PAPERS,
    PaperRefusedError,
    SentPaper,
    paper_read,
)
from stores.services.cases import (
    CaseRefusedError,
    appeal_file,
    appeal_papers_add,
)


@shop_page(roles=OWNERS)
def conduct(request: ShopRequest, shop: str) -> HttpResponse:
    """Points, running penalties, and the cases with their deadlines."""
    page = conduct_page(shop=request.shop, asked=request.GET, now=timezone.now())
    return render(request, "conduct/conduct.html", {"page": page})


@shop_page(roles=OWNERS)
def conduct_case(request: ShopRequest, shop: str, violation: int) -> HttpResponse:
    """One case: facts, why each point was given, the pack and the form of an appeal."""
    now = timezone.now()
    found = _case(request, violation)
    context = {
        "shown": case_shown(found, now=now),
        "pack": appeal_pack(found),
        "gain": gain_for(found, executed_cases(request.shop), now=now),
        "accepted": ACCEPTED,
        "most_papers": MOST_PAPERS,
        "now": now,
    }
    return render(request, "conduct/case.html", context)


@shop_page(roles=OWNERS, methods=WRITE)
def appeal_send(request: ShopRequest, shop: str, violation: int) -> HttpResponse:
    """File an appeal."""
    found = _case(request, violation)
    statement = request.POST.get("statement", "")
    with refusals_toasted(request, CaseRefusedError, PaperRefusedError):
        appeal_file(actor=request.user, case=found, statement=statement, papers=_papers(request))
        toast(request, _("申诉已提交，审理期间暂停执行。"))
    return redirect("conduct_case", shop=request.shop.external_id, violation=violation)


@shop_page(roles=OWNERS, methods=WRITE)
def appeal_papers(request: ShopRequest, shop: str, appeal: int) -> HttpResponse:
    """Add papers to an appeal that waits."""
    found = appeals_of(shop=request.shop).filter(pk=appeal).first()
    case = case_named(shop=request.shop, external_id=found.violation_ref) if found else None
    if found is None or case is None:
        raise Http404
    with refusals_toasted(request, CaseRefusedError, PaperRefusedError):
        count = appeal_papers_add(actor=request.user, appeal=found, papers=_papers(request))
        toast(request, _("已补 %(n)s 份材料。") % {"n": count})
    return redirect("conduct_case", shop=request.shop.external_id, violation=case.pk)


@shop_page(roles=OWNERS)
def appeal_paper(request: ShopRequest, shop: str, paper: int) -> HttpResponse:
    """A paper of an appeal, as a download."""
    found = papers_of(shop=request.shop).filter(pk=paper).first()
    if found is None:
        raise Http404
    return paper_answer(paper_content(found), found.media_type, name=paper_stem(found))


def _papers(request: ShopRequest) -> list[SentPaper]:
    return [paper_read(file) for file in request.FILES.getlist("papers")[: MOST_PAPERS + 1]]


def _case(request: ShopRequest, key: int) -> Violation:
    found = case_of(key=key, shop=request.shop)
    if found is None:
        raise Http404
    return found
