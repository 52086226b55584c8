"""Answers to reviews and complaints, and what was done about a complaint."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from aftersales.models import ComplaintWork
from shopguard.lib.scrub import scrub
from stores.models import Complaint, Review, Shop, User
from stores.services.audit import audit_record

NOTE_CHARS = 1000


class AnsweredError(Exception):
    """It was answered before, or is not at the version it was looked at."""


@dataclass(frozen=True)
class Work:
    """What the shop did about a complaint; fen where something was paid."""

    plan_clear: bool = False
    contact_right: bool = False
    promise_kept: bool = False
    alternative_offered: bool = False
    withdrawal_agreed_at: datetime | None = None
    compensation: int | None = None
    note: str = ""


def review_answer(*, actor: User, shop: Shop, pk: int, text: str) -> Review:
    """Record that a review was answered on the platform.

    Raises Review.DoesNotExist, and AnsweredError when it was answered already.
    """
    with transaction.atomic():
        Shop.objects.locked([shop.pk])
        review = Review.objects.for_shop(shop).select_for_update().get(pk=pk)
        if review.replied_at is not None:
            raise AnsweredError
        review.replied_at = review.as_of = timezone.now()
        review.save(update_fields=["replied_at", "as_of"])
        audit_record(
            actor=actor, action="review.answer", object_type="review",
            object_id=review.external_id, shop=shop, reason=scrub(text)[:NOTE_CHARS],
        )  # fmt: skip
    return review


def complaint_answer(*, actor: User, shop: Shop, pk: int, text: str) -> Complaint:
    """Record that a complaint was answered on the platform. Raises as :func:`review_answer`."""
    with transaction.atomic():
        Shop.objects.locked([shop.pk])
        complaint = Complaint.objects.for_shop(shop).select_for_update().get(pk=pk)
        if complaint.answered_at is not None:
            raise AnsweredError
        complaint.answered_at = complaint.as_of = timezone.now()
        complaint.save(update_fields=["answered_at", "as_of"])
        audit_record(
            actor=actor, action="complaint.answer", object_type="complaint",
            object_id=complaint.external_id, shop=shop, reason=scrub(text)[:NOTE_CHARS],
        )  # fmt: skip
    return complaint


def complaint_work_save(
    *, actor: User, shop: Shop, pk: int, version: int, work: Work
) -> ComplaintWork:
    """Write down what was done about a complaint. A withdrawal agreed on is noted, not counted:
    the outcome is the platform's and comes with its file.

    Raises Complaint.DoesNotExist, and AnsweredError at another version.
    """
    with transaction.atomic():
        Shop.objects.locked([shop.pk])
        ref = Complaint.objects.for_shop(shop).get(pk=pk).external_id
        row = ComplaintWork.objects.for_shop(shop).filter(complaint_ref=ref).first()
        row = row or ComplaintWork(shop=shop, complaint_ref=ref)
        if row.version != version:
            raise AnsweredError
        for name, value in asdict(work).items():
            setattr(row, name, scrub(value) if name == "note" else value)
        row.version += 1
        row.save()
        at = work.withdrawal_agreed_at
        after = asdict(work) | {"withdrawal_agreed_at": at.isoformat() if at else None}
        audit_record(
            actor=actor, action="complaint.work", object_type="complaint", object_id=ref,
            shop=shop, after=after | {"note": row.note},
        )  # fmt: skip
    return row
