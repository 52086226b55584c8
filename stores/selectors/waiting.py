"""Records somebody of the shop has yet to act on. An index holds just those of each kind."""

from django.db.models import Q, QuerySet

from stores.models import Complaint, Consultation, DelayReport, Order, Review, Shop
from stores.models.facts import LOW_RATING


def orders_to_ship(*, shop: Shop) -> QuerySet[Order]:
    """Paid express orders with a deadline that were neither shipped nor cancelled."""
    return Order.objects.for_shop(shop).filter(
        Q(paid_at__isnull=False) | Q(is_cod=True),
        shipped_at__isnull=True,
        cancelled_at__isnull=True,
        ship_by__isnull=False,
        logistics_mode="express",
    )


def reviews_unanswered(*, shop: Shop) -> QuerySet[Review]:
    """Low reviews without a reply."""
    return Review.objects.for_shop(shop).filter(replied_at__isnull=True, rating__lte=LOW_RATING)


def complaints_unanswered(*, shop: Shop) -> QuerySet[Complaint]:
    """Open complaints without an answer."""
    return Complaint.objects.for_shop(shop).filter(answered_at__isnull=True, outcome="open")


def consultations_unanswered(*, shop: Shop) -> QuerySet[Consultation]:
    """Consultations a buyer began that got no human reply and were not closed."""
    return Consultation.objects.for_shop(shop).filter(
        started_by="buyer", first_reply_seconds__isnull=True
    )


def delay_reports_undecided(*, shop: Shop) -> QuerySet[DelayReport]:
    """Delay reports that were filed and not decided."""
    return DelayReport.objects.for_shop(shop).filter(decision="pending")
