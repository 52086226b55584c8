"""Applications of the pages' market, in the states whose pages look different."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from stores.models import (
    Application,
    ApplicationEvent,
    ApplicationPaper,
    InvitationCode,
    Shop,
    User,
)

# Keys of their own, so that the list of pages can name them.
DRAFT, SUBMITTED, ASKED, APPROVED, REJECTED, OPENED = range(900_001, 900_007)
STATES = {
    DRAFT: "draft", SUBMITTED: "submitted", ASKED: "info_requested", APPROVED: "approved",
    REJECTED: "rejected", OPENED: "opened",
}  # fmt: skip
# What people write themselves is in no language of the page; a name the tests of languages know.
WRITTEN = "孤品银饰"
FILLED = {
    "company_name": WRITTEN, "company_type": "limited", "licence_no": "91330100MA2C00000X",
    "brand_name": WRITTEN, "brand_intro": WRITTEN, "shop_name": WRITTEN,
    "shop_type": "enterprise", "industry": "food", "shop_address": WRITTEN,
    "contact_phone": "0571-8801", "service_mode": "own",
}  # fmt: skip


def applications_build(people: Mapping[str, User], opened: Shop) -> None:
    """Erin's applications one of each state, and Charlie's of the shop he opened."""
    now = timezone.now()
    code = InvitationCode.objects.create(
        code="FASTLANE22", uses_left=2, valid_until=timezone.localdate() + timedelta(days=9),
        created_by="dora", note=WRITTEN,
    )  # fmt: skip
    for key, state in STATES.items():
        is_sent, is_decided = key != DRAFT, key in (APPROVED, OPENED)
        row = Application.objects.create(
            pk=key, applicant=people["charlie" if key == OPENED else "erin"], state=state,
            submitted_at=now if is_sent else None, invitation=code if key == ASKED else None,
            reason="scope" if key == REJECTED else "",
            note=WRITTEN if key in (ASKED, REJECTED) else "",
            deposit_due=1_000_000 if is_decided else None,
            deposit_paid=1_000_000 if is_decided else 0,
            shop=opened if key == OPENED else None,
            **(FILLED if is_sent else {}),
        )  # fmt: skip
        ApplicationPaper.objects.create(
            application=row, kind="licence", media="application/pdf", size=9, content=b"%PDF-1.4\n"
        )
        ApplicationEvent.objects.create(application=row, at=now, actor="erin", move="submit")
