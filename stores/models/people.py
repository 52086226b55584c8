"""People and what they may do: users, memberships, sign-in attempts."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    """What a member is in one shop. Being an admin is global and not a membership."""

    OWNER = "owner", "店主"
    OPS = "ops", "运营"


class User(AbstractUser):
    """A person who signs in. ``is_staff`` marks an admin: all shops, read-only Django admin."""

    tenancy = "global: a person may belong to several shops"

    language = models.CharField(max_length=8, default="", blank=True)
    theme = models.CharField(max_length=8, default="", blank=True)

    @property
    def is_admin(self) -> bool:
        """Whether the person passes the door of every shop."""
        return self.is_active and self.is_staff


class Membership(models.Model):
    """One person's role in one shop."""

    tenancy = "shop"

    shop = models.ForeignKey("stores.Shop", on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "user"], name="membership_once_per_shop"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.shop_id}"


class SignInAttempt(models.Model):
    """A failed sign-in, kept for the throttle's window. Accounts and addresses are hashed."""

    tenancy = "global: attempts are counted before anybody is known"

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="attempt_account_at"),
            models.Index(fields=["address", "at"], name="attempt_address_at"),
        ]

    def __str__(self) -> str:
        return f"failed sign-in at {self.at:%Y-%m-%d %H:%M:%S}"
