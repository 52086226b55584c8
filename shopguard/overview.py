"""The overview of a shop: its first sentence, and the panels every app hangs into it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _

from servicescore.panels.why import moved
from servicescore.selectors.as_of import AsOf
from servicescore.selectors.headline import score_sentence
from servicescore.selectors.rule_words import title
from servicescore.selectors.score_page import has_orders
from servicescore.selectors.standing_now import Standing, standing_now
from stores.panels import Drawn, panels_for
from stores.panels.todo import TodoPanel, todo
from stores.selectors.visit import Visit

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Slot:
    """A row of panels."""

    name: str
    panels: list[Drawn]


@dataclass(frozen=True)
class Overview:
    """The page. ``sentence`` is the answer, ``cause`` what it comes from, ``as_of`` how far it
    reaches (None without a score); ``has_orders`` tells an empty shop from one not yet scored.
    """

    now: datetime
    sentence: str
    cause: str
    as_of: AsOf | None
    todo: TodoPanel | None
    slots: list[Slot]
    is_empty: bool
    has_orders: bool
    imports_url: str
    rule_set: str


def overview(visit: Visit) -> Overview:
    """Everything the page shows. What cannot be read is said where it would stand."""
    try:
        standing = visit.once(standing_now)
        sentence = _sentence(visit, standing)
    except Exception:
        logger.exception("the sentence of shop %s failed", visit.shop.pk)
        standing, sentence = None, _("这一页有一部分没有读出来")
        return _page(visit, standing, sentence, is_empty=False)
    return _page(visit, standing, sentence, is_empty=standing is None)


def _page(visit: Visit, standing: Standing | None, sentence: str, *, is_empty: bool) -> Overview:
    is_new = is_empty and not has_orders(shop=visit.shop)
    slots = {} if is_new else panels_for(visit)
    return Overview(
        now=visit.now,
        sentence=sentence,
        cause=_or_nothing(_cause, visit) or "",
        as_of=standing.as_of if standing else None,
        todo=None if is_new else _or_nothing(_todo, visit),
        slots=[Slot(name, panels) for name, panels in slots.items()],
        is_empty=is_empty,
        has_orders=not is_new,
        rule_set=title(standing.view.rule_set) if standing else "",
        imports_url=reverse("imports", args=[visit.shop.external_id]),
    )


def _or_nothing(read: Callable[[Visit], T], visit: Visit) -> T | None:
    """What is read, None where that fails: the panel it belongs to says and logs so."""
    try:
        return read(visit)
    except Exception:
        return None


def _todo(visit: Visit) -> TodoPanel:
    return visit.once(todo)


def _sentence(visit: Visit, standing: Standing | None) -> str:
    if standing is not None:
        before = standing.before.total if standing.before else None
        return score_sentence(standing.view, visit.shop.industry, before, standing.state)
    if has_orders(shop=visit.shop):
        return _("数据到了，今晚算第一次服务分")
    return _("还没有数据，先导入订单")


def _cause(visit: Visit) -> str:
    """What moved the score, where that is more than the usual; else nothing."""
    standing = visit.once(standing_now)
    movement = visit.once(moved)
    if standing is None or movement is None or movement.main is None or standing.change is None:
        return ""
    told = {"metric": movement.main.label, "points": movement.main.text}
    if standing.change.verdict == "worse":
        return _("主要原因是%(metric)s（%(points)s）。") % told
    if standing.change.verdict == "better":
        return _("主要靠%(metric)s（%(points)s）。") % told
    return ""
