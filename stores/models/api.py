"""What programs need: tokens instead of a sign-in, and answers that can be asked for again."""

from django.db import models


class ApiToken(models.Model):
    """A key a person gives to a program. Only its hash is kept; ``prefix`` is for recognition.

    A token acts as its person, with whatever rights that person has at the moment of a request;
    without ``can_write`` it only reads. Revoking keeps the row.
    """

    tenancy = "global: a token belongs to a person, who may have several shops"

    user = models.ForeignKey("stores.User", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64, unique=True)
    can_write = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"


class KeptAnswer(models.Model):
    """The answer to a write, kept under its idempotency key so that asking again repeats it.

    ``fingerprint`` is a hash of method, path and content of the request it answered.
    """

    tenancy = "global: an answer is given again only to the person who got it"

    user = models.ForeignKey("stores.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField(default="", blank=True)
    location = models.CharField(max_length=300, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="keptanswer_identity")]
        indexes = [models.Index(fields=["created_at"], name="keptanswer_created")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
