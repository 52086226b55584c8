"""The audit log: who did what, whether its chain is whole, and the way to take it along."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from shopguard.lib.exports import table_response
from stores.access import admin_page
from stores.selectors.audit_page import (
    action_choices,
    audit_columns,
    audit_filters,
    audit_lines,
    audit_page,
    chain_end,
)
from stores.services.audit import audit_verify

# A page walks this much of the chain by itself; the whole of it is one click away.
ROWS_CHECKED = 2000


@admin_page()
def audit(request: HttpRequest) -> HttpResponse:
    """The rows that match, under the state of the chain (``check=all`` walks all of it)."""
    filters = audit_filters(request.GET)
    is_whole_walk = request.GET.get("check") == "all"
    context = {
        "filters": filters,
        "page": audit_page(filters, request.GET),
        "actions": action_choices(),
        "chain": audit_verify(newest=None if is_whole_walk else ROWS_CHECKED),
        "checked_all": is_whole_walk,
        "limit": ROWS_CHECKED,
        "blocks": chain_end(),
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/audit.html", context)


@admin_page()
def audit_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every row that matches, with the columns of the page, as CSV or XLSX."""
    filters = audit_filters(request.GET)
    return table_response(kind, "audit", audit_columns(), audit_lines(filters))
