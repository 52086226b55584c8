"""Panels of the overview: one file each, found by its folder; apps register theirs in ``ready()``.

A file declares ``PANEL``: its title, where it stands, who sees it, what it reads and its template.
A panel that fails is logged and said to have failed; the others stand.
"""

import logging
from dataclasses import dataclass
from typing import Any

from shopguard.lib.registry import collect
from stores.panels._declare import SLOTS, Panel
from stores.selectors.visit import Visit

logger = logging.getLogger(__name__)
FAILED = "overview/failed.html"

_panels: dict[str, Panel] = {}


@dataclass(frozen=True)
class Drawn:
    """A panel with what it read, ready for its template."""

    panel: Panel
    content: Any
    template: str


def register_folder(package_name: str) -> None:
    """Make every panel declared in a folder known.

    Raises ValueError on a name used twice and on a slot there is not.
    """
    for panel in collect(package_name, "PANEL", Panel):
        if panel.slot not in SLOTS:
            raise ValueError(f"the panel {panel.name} asks for a slot {panel.slot}")
        if _panels.setdefault(panel.name, panel) is not panel:
            raise ValueError(f"two files declare the panel {panel.name}")


def panels_for(visit: Visit, *, is_new: bool = False) -> dict[str, list[Drawn]]:
    """What the person sees, by slot in the order of the page; slots without a panel are absent.

    A shop that ``is_new`` has no order yet.
    """
    mine = [
        panel
        for panel in _panels.values()
        if visit.role in panel.roles and (panel.is_for_new or not is_new)
    ]
    mine.sort(key=lambda panel: (SLOTS.index(panel.slot), panel.order, panel.name))
    slots: dict[str, list[Drawn]] = {}
    for panel in mine:
        drawn = _drawn(panel, visit)
        if drawn is not None:
            slots.setdefault(panel.slot, []).append(drawn)
    return slots


def _drawn(panel: Panel, visit: Visit) -> Drawn | None:
    try:
        content = panel.read(visit)
    except Exception:
        logger.exception("panel %s of shop %s failed", panel.name, visit.shop.pk)
        return Drawn(panel, None, FAILED)
    return None if content is None else Drawn(panel, content, panel.template)
