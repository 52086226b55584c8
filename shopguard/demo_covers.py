"""Opens freight cover for shops of the demo, as their people would have done some weeks ago."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from freightins.calc.choices import CATEGORY, PRODUCT, Wanted
from freightins.models import ChoiceSet, Consent, Costs, Enrolment, EnteredFee
from freightins.selectors.product_page import rows_of
from freightins.selectors.products import is_covered
from freightins.services.checks import checks_score
from freightins.services.choices import choices_change, choices_undo, wanted_now
from freightins.services.covers import covers_decide
from freightins.services.enrolments import (
    OpeningRefusedError,
    agreement_version,
    enrolment_close,
    enrolment_open,
    enrolments_review,
)
from freightins.services.outlooks import outlooks_tell
from freightins.services.sale_days import sale_days_count
from freightins.services.trials import TrialRefusedError, trial_begin, trial_look
from shopguard.demo.cast import (
    DEMO_SIGN_INS,
    HEALTHY,
    RECOVERING,
    SHAKEN,
    SLIPPING,
    STEADY,
    TOO_SMALL,
)
from shopguard.lib.days import at_hour
from stores.models import Product, Run, Shop

# Who opened the shops nobody of the sign-in page owns.
STRANGER = "店主"
AFTERNOON = 15
SEEN_FEE, SEEN_AGO = 125, 3
CHOSEN_LATER = 10
# Switched so many days ago, and looked at since.
SWITCHED, LOOKED, LOOKED_AT = 30, 5, 4
HANDS_ON = 9
# Trials under way, over, and just begun: name and days ago.
TRIALS = {SLIPPING: ("秋冬款开不开", 36), HEALTHY: ("全店试六周", 45), STEADY: ("刚开始的对照", 4)}
# What the owner says is left of a sale, in tenths of a per cent; the others have not said.
MARGINS = {SLIPPING: 316, HEALTHY: 420}


@dataclass(frozen=True)
class Plan:
    """What one shop does: which product, opened, chosen and perhaps closed so many days ago."""

    product: str
    opened: int
    closed: int | None = None
    chosen: int = 0


PLANS = {
    SLIPPING: Plan(Enrolment.Product.INSURANCE, 70),
    STEADY: Plan(Enrolment.Product.SERVICE, 45),
    TOO_SMALL: Plan(Enrolment.Product.SERVICE, 30),
    HEALTHY: Plan(Enrolment.Product.INSURANCE, 60),
    SHAKEN: Plan(Enrolment.Product.INSURANCE, 75, chosen=74),
    RECOVERING: Plan(Enrolment.Product.SERVICE, 80, closed=12),
}


def covers_open(today: date) -> None:
    """Open, choose and close as planned, then decide every order; done once per shop."""
    opened = []
    for shop in Shop.objects.filter(external_id__in=PLANS).order_by("pk"):
        if Enrolment.objects.for_shop(shop).exists():
            continue
        with transaction.atomic():
            _live(shop, PLANS[shop.external_id], today)
        opened.append(shop.pk)
    if opened:
        with transaction.atomic():
            _nights(opened, today)


def fee_see(today: date) -> None:
    """The fee one shop reads off the platform's page, before the nights it counts for; once."""
    seen_on = today - timedelta(days=SEEN_AGO)
    for shop in Shop.objects.filter(external_id=TOO_SMALL):
        EnteredFee.objects.get_or_create(
            shop=shop, seen_on=seen_on,
            defaults={"fee": SEEN_FEE, "entered_at": at_hour(seen_on, AFTERNOON)},
        )  # fmt: skip


def _nights(shop_ids: list[int], today: date) -> None:
    """What every night since would have found, and the orders decided by the last."""
    first = today - timedelta(days=max(plan.opened for plan in PLANS.values()))
    runs = Run.objects.filter(day__range=(first, today), finished_at__isnull=False)
    for run in runs.order_by("day", "-pk").distinct("day"):
        enrolments_review(run_id=run.pk, shop_ids=shop_ids, now=at_hour(run.day, 1))
        if run.day == today:
            afternoon = at_hour(today, AFTERNOON)
            covers_decide(run_id=run.pk, shop_ids=shop_ids, now=afternoon)
            sale_days_count(run_id=run.pk, shop_ids=shop_ids, now=afternoon)
            checks_score(run_id=run.pk, shop_ids=shop_ids, now=afternoon)
            outlooks_tell(run_id=run.pk, shop_ids=shop_ids, now=afternoon)


def _live(shop: Shop, plan: Plan, today: date) -> None:
    def days_ago(days: int) -> datetime:
        return at_hour(today - timedelta(days=days), AFTERNOON)

    version = agreement_version(days_ago(plan.opened))
    accepted = dict.fromkeys(Consent.AGREEMENTS, version)
    for product in (plan.product, Enrolment.Product.SERVICE):
        try:
            enrolment_open(
                actor=_person(shop, "owner"),
                shop=shop,
                product=product,
                accepted=accepted,
                now=days_ago(plan.opened),
            )
        except OpeningRefusedError:
            continue
        break
    _choose(shop, days_ago(plan.chosen or plan.opened - CHOSEN_LATER))
    if shop.external_id in TRIALS:
        _try(shop, *TRIALS[shop.external_id], today)
    if shop.external_id in MARGINS:
        Costs.objects.create(
            shop=shop, margin=MARGINS[shop.external_id], return_cost=1200, dispute_cost=3500,
            entered_by=_person(shop, "owner"), entered_at=days_ago(8),
        )  # fmt: skip
    if shop.external_id == SHAKEN:
        _look_back(shop, today)
    if shop.external_id == TOO_SMALL:
        _change_by_hand(shop, days_ago(HANDS_ON))
    if plan.closed is not None:
        owner = _person(shop, "owner")
        enrolment_close(actor=owner, shop=shop, reason="换季调整", now=days_ago(plan.closed))


def _person(shop: Shop, role: str) -> str:
    """Who of the sign-in page does this in the shop."""
    names = [
        person.username
        for person in DEMO_SIGN_INS
        if person.role == role and shop.external_id in person.shops
    ]
    return names[0] if names else STRANGER


def _try(shop: Shop, name: str, ago: int, today: date) -> None:
    """Begin a trial of everything that sells, so many days ago."""
    keys = Product.objects.for_shop(shop).filter(is_virtual=False, on_shelf=True)
    with suppress(TrialRefusedError):
        trial_begin(
            actor=_person(shop, "owner"), shop=shop, name=name, weeks=6, seed=f"demo-{ago}",
            products=list(keys.values_list("external_id", flat=True)),
            now=at_hour(today - timedelta(days=ago), AFTERNOON),
        )  # fmt: skip


def _choose(shop: Shop, when: datetime) -> None:
    """Leave out the product that comes back least, and the category with the fewest products."""
    rows = sorted(rows_of(shop=shop, now=when), key=lambda row: (row.rate or 0, row.key))
    possible = [row for row in rows if not row.product.is_virtual]
    if not possible:
        return
    wanted = [Wanted(PRODUCT, possible[0].key, False, 0)]
    categories = sorted({row.product.category for row in possible} - {""})
    if len(categories) > 1:
        wanted.append(Wanted(CATEGORY, categories[-1], False, 0))
    choices_change(
        actor=_person(shop, "ops"),
        shop=shop,
        wanted=wanted,
        source=ChoiceSet.Source.BULK,
        reason="低退货率商品，按月复核",
        now=when,
    )


def _look_back(shop: Shop, today: date) -> None:
    """Leave out the products that come back least one day, and look at that day some weeks on."""
    day = today - timedelta(days=SWITCHED)
    when = at_hour(day, AFTERNOON)
    covered = [row for row in rows_of(shop=shop, now=when) if is_covered(row)]
    covered.sort(key=lambda row: (row.rate or 0, row.key))
    keys = [row.key for row in covered[:LOOKED_AT]]
    choices_change(
        actor=_person(shop, "ops"), shop=shop, source=ChoiceSet.Source.SINGLE, now=when,
        wanted=wanted_now(shop=shop, level=PRODUCT, keys=keys, is_covered=False),
        reason="退得少的几款先不保，看看有没有差别",
    )  # fmt: skip
    with suppress(TrialRefusedError):
        trial_look(
            actor=_person(shop, "owner"), shop=shop, name="停保那天前后", day=day, weeks=6,
            now=at_hour(today - timedelta(days=LOOKED), AFTERNOON),
        )  # fmt: skip


def _change_by_hand(shop: Shop, when: datetime) -> None:
    """Leave out some products by a file, then one more, which is taken back."""
    keys = [row.key for row in rows_of(shop=shop, now=when) if is_covered(row)]
    actor = _person(shop, "ops")
    for some, source, reason in (
        (keys[:2], ChoiceSet.Source.FILE, "样品不保"),
        (keys[2:3], ChoiceSet.Source.SINGLE, "下架前不保"),
    ):
        made = choices_change(
            actor=actor, shop=shop, source=source, reason=reason, now=when,
            wanted=wanted_now(shop=shop, level=PRODUCT, keys=some, is_covered=False),
        ).choice_set  # fmt: skip
    if made is not None:
        choices_undo(actor=actor, shop=shop, key=made.pk, reason="不下架了")
