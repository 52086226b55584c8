"""Offers to buyers who returned, and how many come again."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from aftersales.fix_words import OFFER_WORDS
from aftersales.models import AfterSaleCase, ReturnLoyalty, WinBackOffer
from aftersales.rules import diagnostic_rules_on
from aftersales.selectors.loyalty_counts import Loyalty, loyalty_counts
from shopguard.lib.days import shanghai_day
from shopguard.lib.scrub import scrub
from stores.models import Shop, User
from stores.services.audit import audit_record


class OfferRefusedError(ValueError):
    """An offer of an unknown kind, or for an order of which nothing came back."""


class OfferConflictError(Exception):
    """Somebody noted another offer meanwhile."""


def offer_note(
    *, actor: User, shop: Shop, order_ref: str, version: int, offer: str,
    worth: int | None = None, note: str = "",
) -> WinBackOffer:  # fmt: skip
    """Note what the buyer of an order was offered; ``worth`` is fen.

    Raises OfferRefusedError, and OfferConflictError at another version.
    """
    cases = AfterSaleCase.objects.for_shop(shop).filter(order_ref=order_ref)
    if offer not in OFFER_WORDS or not cases.exists():
        raise OfferRefusedError
    with transaction.atomic():
        Shop.objects.locked([shop.pk])
        row = WinBackOffer.objects.for_shop(shop).filter(order_ref=order_ref).first()
        row = row or WinBackOffer(shop=shop, order_ref=order_ref)
        if row.version != version:
            raise OfferConflictError
        row.offer, row.worth, row.note = offer, worth, scrub(note)
        row.offered_on, row.version = shanghai_day(timezone.now()), version + 1
        row.save()
        audit_record(
            actor=actor, action="offer.note", object_type="order", object_id=order_ref, shop=shop,
            after={"offer": offer, "worth": worth},
        )  # fmt: skip
    return row


def loyalty_keep(*, shop_ids: Sequence[int], day: date) -> None:
    """Keep how many buyers came again, as of ``day``; a later count stays. Must run inside the
    caller's transaction.
    """
    later = ReturnLoyalty.objects.filter(shop__in=shop_ids, date__gt=day)
    wanted = sorted(set(shop_ids) - set(later.values_list("shop", flat=True)))
    found = loyalty_counts(shop_ids=wanted, day=day, rules=diagnostic_rules_on(day))
    ReturnLoyalty.objects.filter(shop__in=wanted).delete()
    ReturnLoyalty.objects.bulk_create(_row(shop, day, one) for shop, one in found.items())


def _row(shop: int, day: date, found: Loyalty) -> ReturnLoyalty:
    return ReturnLoyalty(
        shop_id=shop, date=day, offered_n=found.offered.n, offered_k=found.offered.k,
        others_n=found.others.n, others_k=found.others.k, kept_n=found.kept.n, kept_k=found.kept.k,
        mean_fen=found.mean_fen,
    )  # fmt: skip
