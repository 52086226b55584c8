"""Words and marks of violations, penalties and appeals."""

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shopguard.lib import formats
from shopguard.lib.marks import badge
from stores.calc.standing import Node, Penalty
from stores.models import PenaltyLogRow
from stores.selectors import case_words
from stores.services.penalty_log import SYSTEM

register = template.Library()


@register.simple_tag
def case_state(state: str) -> SafeString:
    """Where a case stands, as a badge."""
    kind, icon_name, word = case_words.STATES[state]
    return badge(kind, icon_name, word)


@register.simple_tag
def kind_badge(kind: str) -> SafeString:
    """General, severe or still to be decided, as a badge."""
    mark = {"severe": ("urgent", "octagon-alert"), "general": ("none", "circle-alert")}
    colour, icon_name = mark.get(kind, ("watch", "circle-dashed"))
    return badge(colour, icon_name, case_words.KINDS[kind])


@register.filter
def appeal_word(state: str) -> str:
    """What became of an appeal."""
    return str(case_words.APPEALS.get(state, state))


@register.filter
def penalty_words(penalty: Penalty) -> str:
    """What a penalty does."""
    return case_words.penalty_words(penalty)


@register.filter
def penalty_span(penalty: Penalty) -> str:
    """Its days."""
    if penalty.last is None:
        return _("%(first)s 起，直到撤销") % {
            "first": formats.day(penalty.first, timezone.localdate())
        }
    return _("%(first)s 至 %(last)s") % {
        "first": formats.day(penalty.first, timezone.localdate()),
        "last": formats.day(penalty.last, timezone.localdate()),
    }


@register.filter
def node_word(node: Node) -> str:
    """Its kind and points."""
    return case_words.node_word(node)


@register.filter
def sanction_words(node: Node) -> str:
    """What reaching it brings."""
    return case_words.sanction_words(node)


@register.filter
def line_word(action: str) -> str:
    """What a line of the log tells."""
    return case_words.line_word(action)


@register.filter
def line_about(row: PenaltyLogRow) -> str:
    """What a line of the log is about."""
    about, _colon, rest = row.key.partition(":")
    if about == "penalty":
        kind, _underscore, points = rest.rpartition(":")[2].partition("_")
        word = case_words.KINDS.get(kind, kind)
        return _("处罚：%(kind)s %(n)s 分节点") % {"kind": word, "n": points}
    if about == "appeal":
        return _("第 %(n)s 次申诉") % {"n": rest.rpartition(":")[2]}
    state = case_words.STATES.get(row.content.get("state", ""))
    return _("违规：%(state)s") % {"state": state[2]} if state else _("违规")


@register.filter
def log_actor(actor: str) -> str:
    """Who wrote a line; the system by its word."""
    return _("系统") if actor == SYSTEM else actor
