"""Quality samples: sessions drawn by lot and scored by people."""

from django.db import models

from servicescore.calc.sampling import CRITERIA, Marks
from stores.models import ShopRecord


class QualitySample(ShopRecord):
    """质量抽检: one session of the sample of a week, with its marks once somebody read it.

    ``week`` is the Monday of the draw. ``clause`` is the clause of conduct it seems to break.
    """

    consultation_ref = models.CharField(max_length=96)
    agent = models.CharField(max_length=64, default="", blank=True)
    started_at = models.DateTimeField()
    week = models.DateField()
    drawn_by = models.CharField(max_length=150)
    drawn_at = models.DateTimeField()
    solved = models.PositiveSmallIntegerField(null=True, blank=True)
    tone = models.PositiveSmallIntegerField(null=True, blank=True)
    accuracy = models.PositiveSmallIntegerField(null=True, blank=True)
    conduct = models.PositiveSmallIntegerField(null=True, blank=True)
    clause = models.CharField(max_length=16, default="", blank=True)
    remark = models.TextField(default="", blank=True)
    scored_by = models.CharField(max_length=150, default="", blank=True)
    scored_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "consultation_ref"], name="qualitysample_identity"
            ),
            models.CheckConstraint(
                name="qualitysample_marks",
                condition=models.Q(scored_at__isnull=True)
                | models.Q(**{f"{name}__isnull": False for name in CRITERIA}),
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop"], name="qualitysample_unread",
                condition=models.Q(scored_at__isnull=True),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.shop_id} {self.week} {self.consultation_ref}"

    @property
    def marks(self) -> Marks | None:
        """Its marks by criterion; None while nobody read it."""
        if self.scored_at is None:
            return None
        return {name: getattr(self, name) for name in CRITERIA}
