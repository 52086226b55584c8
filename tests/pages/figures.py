"""The figures of a page as plotly reads them."""

import json
import re
from html import unescape
from typing import Any


def figure_named(html: str, name: str) -> dict[str, Any]:
    """The figure of that id."""
    found = re.search(rf'<script id="{name}"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found, f"there is no figure {name}"
    figure: dict[str, Any] = json.loads(unescape(found[1]))
    return figure
