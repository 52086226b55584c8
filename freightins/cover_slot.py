"""Tells after-sales whether an order is covered: fills the slot ``aftersales`` offers."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.cover_slot import CoverTold, fill_cover_slot
from freightins.models import Claim, Cover, Enrolment
from freightins.selectors.claim_words import reason_word, state_word
from shopguard.lib import formats
from shopguard.lib.days import shanghai_day
from stores.models import Shop


def told(shop: Shop, order_ref: str) -> CoverTold | None:
    """The cover of an order and its claim; None in a shop that never opened cover."""
    cover = Cover.objects.for_shop(shop).filter(order_ref=order_ref).first()
    if cover is None:
        if not Enrolment.objects.for_shop(shop).exists():
            return None
        return _told(shop, word=_("还没有判定"), detail=_("发货后的当晚判定"))
    if cover.reason:
        return _told(shop, word=_("没有保障"), detail=reason_word(cover.reason))
    claim = Claim.objects.for_shop(shop).filter(order_ref=order_ref).first()
    until = ""
    if cover.to_at is not None:
        until = _("到 %(when)s") % {
            "when": formats.clock(cover.to_at, shanghai_day(timezone.now()))
        }
    state = state_word(claim.state) if claim else ""
    return _told(shop, is_covered=True, word=_("有运费险"), detail=until, claim=state)


def _told(
    shop: Shop, *, word: str, detail: str, is_covered: bool = False, claim: str = ""
) -> CoverTold:
    page = reverse("freightins:claims", args=[shop.external_id])
    return CoverTold(is_covered, word, detail, claim, page)


def fill() -> None:
    """Fill the slot."""
    fill_cover_slot(told)
