"""What the person was told, and marking it as read."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shopguard.lib.paging import page_of
from stores.access import WRITE, SignedInRequest, safe_next, signed_in
from stores.notices import words_of
from stores.selectors.notifications import notifications_newest
from stores.services.notices import notifications_read

NOTICES_A_PAGE = 30


@signed_in()
def notifications(request: SignedInRequest) -> HttpResponse:
    """The newest notifications, or only the unread ones (``show=unread``)."""
    only_unread = request.GET.get("show") == "unread"
    rows = notifications_newest(user=request.user, only_unread=only_unread)
    page = page_of(rows, request.GET, size=NOTICES_A_PAGE)
    told = [(row, words_of(row)) for row in page.rows]
    context = {"page": page, "told": told, "only_unread": only_unread}
    return render(request, "account/notifications.html", context)


@signed_in(methods=WRITE)
def notification_read(request: SignedInRequest) -> HttpResponse:
    """Mark one notification (``id``) or all of them as read, and go back."""
    asked = request.POST.get("id", "")
    is_key = asked.isascii() and asked.isdigit() and len(asked) < 19
    notifications_read(user=request.user, only=int(asked) if is_key else None)
    wanted = request.POST.get("next", "")
    return redirect(safe_next(request, wanted) if wanted else "notifications")
