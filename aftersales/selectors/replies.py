"""The replies of a shop: its own wording where it has one, else the built-in text."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.models import ReplyTemplate
from aftersales.selectors.case_goods import About
from aftersales.templates_data import GROUPS, BuiltIn, built_in_templates
from shopguard.lib import formats
from stores.models import Shop

GROUP_WORDS: dict[str, Promise] = {
    "quick": _("快捷回复"),
    "reply": _("处理回复"),
    "note": _("售后备注"),
    "delay": _("物流安抚"),
    "freight": _("运费险说明"),
    "review": _("评价"),
    "complaint": _("投诉"),
    "prevent": _("预防与挽回"),
}


@dataclass(frozen=True)
class Reply:
    """A reply as a shop has it; ``is_own``: worded by the shop. Version 0 of a built-in one."""

    key: str
    group: str
    title: str
    text: str
    cover: bool = False
    is_own: bool = False
    version: int = 0

    @property
    def group_word(self) -> str:
        """What the group is called."""
        return str(GROUP_WORDS.get(self.group, self.group))


def replies_of(*, shop: Shop) -> list[Reply]:
    """Every reply of a shop that was not taken away, by group; one query."""
    own = {row.key: row for row in ReplyTemplate.objects.for_shop(shop).order_by("pk")}
    built_in = {one.key: one for one in built_in_templates()}
    found = [_built_in(one) for key, one in built_in.items() if key not in own]
    for key, row in own.items():
        if not row.is_hidden:
            cover = built_in[key].cover if key in built_in else False
            found.append(Reply(key, row.group, row.title, row.text, cover, True, row.version))
    places = {group: number for number, group in enumerate(GROUPS)}
    return sorted(found, key=lambda reply: places.get(reply.group, len(GROUPS)))


def _built_in(one: BuiltIn) -> Reply:
    title = one.title_en if formats.is_english() else one.title
    return Reply(one.key, one.group, title, one.text, one.cover)


def replies_for(
    *, shop: Shop, about: About, groups: tuple[str, ...], is_covered: bool
) -> list[Reply]:
    """The replies that can be offered for a case, with what stands in its place filled in.

    Those about freight insurance only where the order is covered.
    """
    return [
        replace(reply, text=filled(reply.text, about))
        for reply in replies_of(shop=shop)
        if reply.group in groups and (is_covered or not reply.cover)
    ]


def filled(text: str, about: About) -> str:
    """A reply with the marks replaced by what the case says."""
    due: datetime | None = about.case.due_at
    marks = {
        "【商品】": about.title or "商品",
        "【订单】": about.case.order_ref,
        "【金额】": formats.yuan(about.case.requested),
        "【期限】": formats.clock(due, due.date()) if due else "48 小时",
    }
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text
