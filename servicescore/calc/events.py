"""The rules that decide what counts as an event, in the form calculations use."""

from dataclasses import dataclass
from datetime import time

from shopguard.lib.rulesets import RuleSet

# Full-width forms that merchants' back offices mix with the half-width ones.
NORMAL_FORMS = str.maketrans("（）［］｛｝／", "()[]{}/")


@dataclass(frozen=True)
class EventRules:
    """Reply hours in seconds since local midnight, the reply limit, and the quality reasons."""

    hash: str
    reply_opens: int
    reply_closes: int
    reply_limit: int
    quality_reasons: frozenset[str]


def normal_reason(text: str) -> str:
    """A reason text with brackets and slashes half-width and no blanks around it."""
    return text.translate(NORMAL_FORMS).strip()


def event_rules(rules: RuleSet) -> EventRules:
    """Compile a rule set of events. Raises RuleError when a parameter is missing."""
    reasons = (text for texts in rules.group("quality_reasons").values() for text in texts)
    return EventRules(
        hash=rules.hash,
        reply_opens=_seconds(rules["reply.opens"]),
        reply_closes=_seconds(rules["reply.closes"]),
        reply_limit=rules["reply.limit"],
        quality_reasons=frozenset(normal_reason(text) for text in reasons),
    )


def _seconds(clock: str) -> int:
    parsed = time.fromisoformat(clock)
    return (parsed.hour * 60 + parsed.minute) * 60 + parsed.second
