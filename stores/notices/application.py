"""An application moved: its applicant hears of decisions, admins of what waits for one."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.calc.onboarding import APPROVE, ASK, DEPOSIT, OPEN, REJECT, SUBMIT
from stores.models import Channel, Level, Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.onboarding import application_named
from stores.selectors.people import admin_keys

Severity = Notification.Severity
TO_APPLICANT: Mapping[str, Notification.Severity] = {
    ASK: Severity.WATCH, APPROVE: Severity.GOOD, REJECT: Severity.WATCH, DEPOSIT: Severity.GOOD,
    OPEN: Severity.GOOD,
}  # fmt: skip


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """Who is told. ``event`` holds the key as ``application`` and what was done as ``move``."""
    row = application_named(key=event["application"])
    if row is None:
        return
    payload = {
        "application": row.pk, "move": event["move"], "name": row.shop_name or row.company_name,
        "note": row.note, "shop": row.shop.external_id if row.shop else "",
    }  # fmt: skip
    if event["move"] == SUBMIT:
        severity = Severity.WATCH if row.invitation_id else Severity.INFO
        for user in admin_keys():
            yield Recipient(user, severity, payload=payload)
    elif event["move"] in TO_APPLICANT:
        yield Recipient(row.applicant_id, TO_APPLICANT[event["move"]], payload=payload)


def words(told: Notification) -> Words:
    """What was done, and where it goes on."""
    about = told.payload
    titles = {
        SUBMIT: _("新的入驻申请：%(name)s"), ASK: _("入驻申请要补材料：%(name)s"),
        APPROVE: _("入驻申请已通过：%(name)s"), REJECT: _("入驻申请被驳回：%(name)s"),
        DEPOSIT: _("保证金已登记：%(name)s"), OPEN: _("店铺已开：%(name)s"),
    }  # fmt: skip
    title = titles[about["move"]] % {"name": about["name"]}
    body = about["note"] if about["move"] in (ASK, REJECT) else ""
    if about["move"] == SUBMIT:
        return Words(title, body, reverse("desk:application", args=[about["application"]]))
    return Words(title, body, reverse("application", args=[about["application"]]))


NOTICE = Notice(
    "application", recipients, words, label=gettext_lazy("入驻申请进展"),
    levels={Channel.EMAIL: Level.ALL},
)  # fmt: skip
