"""What buyers said and asked: reviews, consultations, complaints, delay reports.

References to orders and products are soft: the external id as given, linked when the other
record comes.
"""

from django.db import models

from stores.models.shops import Fact

# Reviews with this many stars or fewer are bad ones.
LOW_RATING = 3


class Review(Fact):
    """评价."""

    order_ref = models.CharField(max_length=96)
    product_ref = models.CharField(max_length=96, default="", blank=True)
    rating = models.PositiveSmallIntegerField()
    text = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["shop", "order_ref"], name="review_shop_order"),
            models.Index(
                fields=["shop", "created_at"],
                name="review_unanswered",
                condition=models.Q(replied_at__isnull=True, rating__lte=LOW_RATING),
            ),
            models.Index(
                fields=["shop", "created_at"],
                name="review_low",
                condition=models.Q(rating__lte=LOW_RATING),
            ),
        ]


class Consultation(Fact):
    """咨询. Seconds are integers; an empty first reply means nobody ever replied."""

    agent = models.CharField(max_length=64, default="", blank=True)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=8)
    queue_seconds = models.PositiveIntegerField(null=True, blank=True)
    first_reply_seconds = models.PositiveIntegerField(null=True, blank=True)
    longest_gap_seconds = models.PositiveIntegerField(null=True, blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    order_ref = models.CharField(max_length=96, default="", blank=True)
    product_ref = models.CharField(max_length=96, default="", blank=True)
    topic = models.CharField(max_length=64, default="", blank=True)
    text = models.TextField(default="", blank=True)
    last_message_by = models.CharField(max_length=8, default="", blank=True)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["shop", "started_at"], name="consultation_shop_started")]


class Complaint(Fact):
    """投诉工单. ``excluded_reason`` also writes an Exclusion, which is what calculations read."""

    order_ref = models.CharField(max_length=96)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, default="open")
    excluded_reason = models.CharField(max_length=16, default="", blank=True)
    topic = models.CharField(max_length=16, default="", blank=True)
    text = models.TextField(default="", blank=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["shop", "order_ref"], name="complaint_shop_order"),
            models.Index(
                fields=["shop"],
                name="complaint_unanswered",
                condition=models.Q(answered_at__isnull=True, outcome="open"),
            ),
        ]


class DelayReport(Fact):
    """超期报备. Accepted, it excludes its order from both logistics metrics."""

    order_ref = models.CharField(max_length=96)
    cause = models.CharField(max_length=200)
    evidence = models.TextField(default="", blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=8, default="pending")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["shop", "order_ref"], name="delayreport_shop_order"),
            models.Index(
                fields=["shop"],
                name="delayreport_undecided",
                condition=models.Q(decision="pending"),
            ),
        ]
