"""Words of the pages of applications."""

from django import template

from stores.selectors.onboarding_words import MISSING_WORDS, OTHER_FACTS

register = template.Library()


@register.filter
def fact_word(name: str) -> str:
    """What a field of an application is called."""
    return str(OTHER_FACTS.get(name) or MISSING_WORDS[name])
