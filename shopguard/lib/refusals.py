"""What a service says when it refuses."""

from django.core.exceptions import ValidationError


def sentence_of(refusal: Exception) -> str:
    """The refusal as one sentence for the person who asked."""
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    return str(refusal)
