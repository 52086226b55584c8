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
# Nothing imported; imported but not computed yet; computed.
NEW, WAITING, SCORED = "new", "waiting", "scored"


@dataclass(frozen=True)
class Slot:
    """A row of panels."""

    name: str
    panels: list[Drawn]


@dataclass(frozen=True)
class Overview:
    """The page. ``sentence`` is the answer, ``cause`` what it comes from, ``as_of`` how far it
    reaches (None without a score), ``stage`` one of :data:`NEW`, :data:`WAITING`, :data:`SCORED`.
    """

    now: datetime
    sentence: str
    cause: str
    stage: str
    as_of: AsOf | None
    todo: TodoPanel | None
    slots: list[Slot]
    imports_url: str
    rule_set: str


def overview(visit: Visit) -> Overview:
    """Everything the page shows. What cannot be read is said where it would stand."""
    try:
        standing = visit.once(standing_now)
        stage = _stage(visit, standing)
        sentence = _sentence(visit, standing, stage)
    except Exception:
        logger.exception("the sentence of shop %s failed", visit.shop.pk)
        return _page(visit, None, _("这一页有一部分没有读出来"), SCORED)
    return _page(visit, standing, sentence, stage)


def _stage(visit: Visit, standing: Standing | None) -> str:
    """How far the shop has come. A shop of a scored industry has a row before it has any order."""
    if standing is not None and standing.view.signed_orders:
        return SCORED
    if not has_orders(shop=visit.shop):
        return NEW
    return WAITING if standing is None else SCORED


def _page(visit: Visit, standing: Standing | None, sentence: str, stage: str) -> Overview:
    is_new = stage == NEW
    slots = panels_for(visit, is_new=is_new)
    return Overview(
        now=visit.now,
        sentence=sentence,
        cause=_or_nothing(_cause, visit) or "",
        stage=stage,
        as_of=standing.as_of if standing and not is_new else None,
        todo=None if is_new else _or_nothing(_todo, visit),
        slots=[Slot(name, panels) for name, panels in slots.items()],
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


def _sentence(visit: Visit, standing: Standing | None, stage: str) -> str:
    if stage == NEW:
        return _("还没有数据，先导入订单")
    if standing is None:
        return _("数据到了，今晚算第一次服务分")
    before = standing.before.total if standing.before else None
    return score_sentence(standing.view, visit.shop.industry, before, standing.state)


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
