"""质量抽检: sessions drawn by lot, read and scored."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from servicescore.calc.sampling import CRITERIA
from servicescore.models import QualitySample
from servicescore.rules import compiled_sampling_rules
from servicescore.selectors.mode_page import clause_lines
from servicescore.selectors.samples import consultation_of, line_of, sample_of, samples_page
from servicescore.services.samples import (
    SampleRefusedError,
    StaleSampleError,
    sample_mark,
    samples_draw,
)
from shopguard.lib.days import shanghai_day
from shopguard.lib.toasts import refusals_toasted, toast, toast_error
from stores.access import (
    WRITE,
    ReasonMissingError,
    ShopRequest,
    reason_given,
    shop_page,
)


@shop_page()
def samples(request: ShopRequest, shop: str) -> HttpResponse:
    """The newest samples, and what each agent was given."""
    page = samples_page(shop=request.shop, asked=request.GET, now=timezone.now())
    return render(request, "service/samples.html", {"page": page})


@shop_page(methods=WRITE)
def samples_new(request: ShopRequest, shop: str) -> HttpResponse:
    """Draw the sample of this week."""
    with refusals_toasted(request, SampleRefusedError, ReasonMissingError):
        count = samples_draw(
            actor=request.user, shop=request.shop, reason=reason_given(request),
            now=timezone.now(),
        )  # fmt: skip
        toast(request, _("抽出 %(n)s 段会话。") % {"n": count})
    return redirect("service:samples", shop=request.shop.external_id)


@shop_page()
def sample(request: ShopRequest, shop: str, sample: int) -> HttpResponse:
    """One session and its marks."""
    found = _sample(request, sample)
    marks, rules = found.marks or {}, compiled_sampling_rules()
    context = {
        "line": line_of(found, rules),
        "session": consultation_of(found),
        "criteria": [(name, marks.get(name)) for name in CRITERIA],
        "marks": range(1, rules.best_mark + 1),
        "clauses": clause_lines(shanghai_day(found.started_at)),
    }
    return render(request, "service/sample.html", context)


@shop_page(methods=WRITE)
def sample_score(request: ShopRequest, shop: str, sample: int) -> HttpResponse:
    """Score a session."""
    given = request.POST
    try:
        sample_mark(
            actor=request.user, sample=_sample(request, sample), version=_whole(given, "version"),
            marks={name: _whole(given, name) for name in CRITERIA},
            clause=given.get("clause", ""), remark=given.get("remark", ""),
            reason=reason_given(request), now=timezone.now(),
        )  # fmt: skip
    except StaleSampleError:
        toast_error(request, _("刚刚有人打过分，没有覆盖。看过现在的分数再改。"))
    except (SampleRefusedError, ReasonMissingError) as refusal:
        toast_error(request, str(refusal))
    else:
        toast(request, _("分数已记下。"))
        return redirect("service:samples", shop=request.shop.external_id)
    return redirect("service:sample", shop=request.shop.external_id, sample=sample)


def _whole(given: dict[str, str], name: str) -> int:
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else -1


def _sample(request: ShopRequest, key: int) -> QualitySample:
    found = sample_of(shop=request.shop, key=key)
    if found is None:
        raise Http404
    return found
