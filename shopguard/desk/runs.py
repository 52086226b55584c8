"""Runs as operators look at them, and the way to try again what failed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shopguard import nightly
from shopguard.last_night import last_night
from stores.access import WRITE, SignedInRequest, admin_page
from stores.models import Run, Shard
from stores.selectors.run_list import is_open, run_after, run_lines, run_of, runs_page, shards_shown
from stores.selectors.run_story import steps_told
from stores.services.retries import RetryRefusedError, shard_retry


@admin_page()
def desk(request: HttpRequest) -> HttpResponse:
    """The first page of the desk."""
    return redirect("desk:runs")


@admin_page()
def runs(request: HttpRequest) -> HttpResponse:
    """Every run, the newest first, under the word on last night."""
    now = timezone.now()
    context = {"page": runs_page(request.GET, now=now), "night": last_night(now=now), "now": now}
    return render(request, "desk/runs.html", context)


@admin_page()
def run(request: HttpRequest, run: int) -> HttpResponse:
    """One run with its steps and shards; the page asks again by itself while it works."""
    found = run_of(run_id=run)
    if found is None:
        raise Http404
    now = timezone.now()
    context = {
        "line": run_lines([found], now=now)[0],
        "is_open": is_open(found),
        "later": run_after(run=found),
        "steps": steps_told(run_id=run),
        "shards": shards_shown(run_id=run),
        "now": now,
    }
    return render(request, "desk/run.html", context)


@admin_page(methods=WRITE)
def run_again(request: SignedInRequest, run: int) -> HttpResponse:
    """Another run for the day of one that ended with errors."""
    try:
        again = nightly.run_again(actor=request.user, run_id=run)
    except Run.DoesNotExist as error:
        raise Http404 from error
    except RetryRefusedError as refusal:
        messages.warning(request, str(refusal))
        return redirect("desk:run", run=run)
    messages.success(request, _("已开始重新运行这一天。原来的分数保留到新的算完。"))
    return redirect("desk:run", run=again.pk)


@admin_page(methods=WRITE)
def shard_again(request: SignedInRequest, shard: int) -> HttpResponse:
    """Give a failed shard of a run that is under way its attempts back."""
    try:
        run_id = shard_retry(actor=request.user, shard_id=shard).step.run_id
    except Shard.DoesNotExist as error:
        raise Http404 from error
    except RetryRefusedError as refusal:
        messages.warning(request, str(refusal))
        return redirect("desk:runs")
    messages.success(request, _("分片已排队重试。"))
    return redirect("desk:run", run=run_id)
