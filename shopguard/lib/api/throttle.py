"""How many requests one person may send.

Counted per web process, so that a request needs no second server; it protects the product from a
runaway loop, it is not a lock.
"""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class PersonThrottle(SimpleRateThrottle):
    """One count per token, or per person for requests of a session."""

    scope = "api"

    def get_rate(self) -> str:
        """Like ``600/min``, from the settings."""
        rate: str = settings.API_RATE
        return rate

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Whose count this request adds to."""
        token = request.auth
        return f"api-rate:token:{token.pk}" if token else f"api-rate:user:{request.user.pk}"
