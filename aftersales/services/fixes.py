"""Fixes: recording one, withdrawing it, noting samples; the night measures what they did."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from aftersales.calc.effect import Effect, effect
from aftersales.fix_words import ACTION_WORDS, SAMPLING
from aftersales.models import Fix, FixEffect, SampleCheck
from aftersales.rules import diagnostic_rules_on
from aftersales.selectors.fix_counts import Around, around, sold_around
from shopguard.lib.days import shanghai_day
from shopguard.lib.scrub import scrub
from stores.models import Order, OrderLine, Shop, User
from stores.services.audit import audit_record

MOST_PRODUCTS = 50


class FixRefusedError(ValueError):
    """A fix that cannot be recorded; ``why`` is ``action``, ``products``, ``unknown``, ``future``
    or ``order``, ``what`` what it is about.
    """

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(f"{why} {what}")
        self.why, self.what = why, what


class FixConflictError(Exception):
    """Somebody changed the fix meanwhile."""


def fix_record(
    *, actor: User, shop: Shop, action: str, products: Sequence[str], started_on: date,
    cause: str = "", note: str = "",
) -> Fix:  # fmt: skip
    """Record what was done, to which products, from which day on. Raises FixRefusedError."""
    wanted = sorted(set(products))
    if action not in ACTION_WORDS:
        raise FixRefusedError("action", action)
    if not 0 < len(wanted) <= MOST_PRODUCTS:
        raise FixRefusedError("products")
    if started_on > shanghai_day(timezone.now()):
        raise FixRefusedError("future")
    sold = OrderLine.objects.for_shop(shop).filter(product_ref__in=wanted)
    unknown = set(wanted) - set(sold.values_list("product_ref", flat=True).distinct())
    if unknown:
        raise FixRefusedError("unknown", "、".join(sorted(unknown)))
    with transaction.atomic():
        fix = Fix.objects.create(
            shop=shop, action=action, products=wanted, started_on=started_on,
            cause=scrub(cause), note=scrub(note), created_at=timezone.now(),
        )  # fmt: skip
        after = {"action": action, "products": wanted, "started_on": started_on.isoformat()}
        audit_record(
            actor=actor, action="fix.record", object_type="fix", object_id=str(fix.pk), shop=shop,
            after=after,
        )  # fmt: skip
    return fix


def fix_withdraw(*, actor: User, shop: Shop, pk: int, version: int) -> Fix:
    """Measure a fix no longer. Raises Fix.DoesNotExist, and FixConflictError at another version."""
    with transaction.atomic():
        fix = Fix.objects.for_shop(shop).select_for_update().get(pk=pk)
        if fix.version != version or fix.withdrawn_at is not None:
            raise FixConflictError
        fix.withdrawn_at, fix.version = timezone.now(), version + 1
        fix.save(update_fields=["withdrawn_at", "version"])
        audit_record(
            actor=actor, action="fix.withdraw", object_type="fix", object_id=str(pk), shop=shop
        )
    return fix


def sample_note(
    *, actor: User, shop: Shop, pk: int, order_ref: str, is_good: bool, note: str = ""
) -> SampleCheck:
    """Note what was found in an order that was opened today; the same order again replaces it.

    Raises Fix.DoesNotExist, and FixRefusedError for an order of other goods.
    """
    with transaction.atomic():
        Shop.objects.locked([shop.pk])
        fix = Fix.objects.for_shop(shop).get(pk=pk, action=SAMPLING)
        lines = OrderLine.objects.for_shop(shop).filter(order_ref=order_ref)
        known = Order.objects.for_shop(shop).filter(external_id=order_ref)
        if not (known.exists() and lines.filter(product_ref__in=fix.products).exists()):
            raise FixRefusedError("order", order_ref)
        sample, _ = SampleCheck.objects.update_or_create(
            shop=shop, fix=fix, sampled_on=shanghai_day(timezone.now()), order_ref=order_ref,
            defaults={"is_good": is_good, "note": scrub(note)},
        )  # fmt: skip
        audit_record(
            actor=actor, action="fix.sample", object_type="fix", object_id=str(pk), shop=shop,
            after={"order_ref": order_ref, "is_good": is_good},
        )  # fmt: skip
    return sample


def fixes_measure(*, shop_ids: Sequence[int], day: date) -> int:
    """Measure the fixes of the shops as of ``day``; returns how many. A fix whose every horizon is
    final, or was measured as of a later day, stays as it is. Must run inside the caller's
    transaction.
    """
    rules = diagnostic_rules_on(day).effect
    fixes = list(
        Fix.objects.filter(shop__in=shop_ids, withdrawn_at__isnull=True, started_on__lte=day)
        .prefetch_related("effects").order_by("pk")
    )  # fmt: skip
    fixed: dict[int, set[str]] = {}
    for fix in fixes:
        fixed.setdefault(fix.shop_id, set()).update(fix.products)
    done = 0
    for fix in fixes:
        known = {one.horizon: one for one in fix.effects.all()}
        if all(h in known and known[h].is_final for h in rules.horizons):
            continue
        if any(one.date > day for one in known.values()):
            continue
        sold = sold_around(fix=fix, fixed=sorted(fixed[fix.shop_id]), rules=rules, day=day)
        for horizon in rules.horizons:
            sums = around(sold, fix=fix, horizon=horizon, rules=rules, day=day)
            found = effect(
                sums.before, sums.after, sums.others_before, sums.others_after, rules
            )  # fmt: skip
            _keep(fix, horizon, day, sums, found)
        done += 1
    return done


def _keep(fix: Fix, horizon: int, day: date, sums: Around, found: Effect) -> None:
    FixEffect.objects.update_or_create(
        shop_id=fix.shop_id, fix=fix, horizon=horizon,
        defaults={
            "date": day, "is_final": sums.is_final,
            "n_before": sums.before.n, "k_before": sums.before.k,
            "n_after": sums.after.n, "k_after": sums.after.k,
            "others_n_before": sums.others_before.n, "others_k_before": sums.others_before.k,
            "others_n_after": sums.others_after.n, "others_k_after": sums.others_after.k,
            "verdict": found.verdict, "change": found.change,
            "low": found.low, "high": found.high,
        },
    )  # fmt: skip
