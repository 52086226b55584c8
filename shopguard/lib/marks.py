"""Small marks that stand in rows of every table: an icon, a state with its icon and word.

A list draws dozens of them, so they are put together here and not by a template each.
"""

from functools import cache

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

ICON_PIXELS = 16


@cache
def icon(name: str, classes: str = "") -> SafeString:
    """A decorative icon, hidden from screen readers: the word beside it speaks."""
    attributes = {"class": f"icon {classes}".strip(), "aria-hidden": "true"}
    # Names stand in our templates; nobody types one.
    return SafeString(lucide(name, size=ICON_PIXELS, **attributes))  # nosec B703


def badge(kind: str, icon_name: str, word: str | Promise) -> SafeString:
    """A state: ``kind`` names its colour (``good``, ``watch``, ``urgent``, ``none``, ``info``)."""
    return format_html('<span class="state state-{}">{}{}</span>', kind, icon(icon_name), word)
