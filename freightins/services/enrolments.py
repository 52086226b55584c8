"""Opening, suspending, resuming and closing cover."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from freightins.calc.choices import Key, Wanted
from freightins.calc.eligibility import conditions, failures
from freightins.models import Choice, ChoiceSet, Consent, Enrolment, EnrolmentEvent, QuoteRevision
from freightins.rules import agreements_on, cover_rules_on
from freightins.selectors.choices import choices_of
from freightins.selectors.enrolments import (
    conditions_now,
    cover_at,
    dispute_rates,
    fee_rule_set,
    standing_of,
)
from freightins.services.choices import choices_change
from shopguard.lib.days import at_hour, shanghai_day
from stores.models import Run, Shop, User
from stores.services.audit import audit_record

ACTOR = "nightly"


class OpeningRefusedError(Exception):
    """Cover cannot be opened; ``failed`` names the conditions, ``reason`` says what else."""

    def __init__(self, reason: str, failed: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.reason, self.failed = reason, list(failed)


ALREADY_OPEN, NOT_ACCEPTED, NOT_ELIGIBLE = "already_open", "not_accepted", "not_eligible"
NOTHING_CHOSEN = "nothing_chosen"


def agreement_version(now: datetime) -> str:
    """The version of the agreements in force: id and content hash."""
    rules = agreements_on(shanghai_day(now))
    return f"{rules.id}:{rules.hash}"


@transaction.atomic
def enrolment_open(
    *,
    actor: User | str,
    shop: Shop,
    product: str,
    accepted: Mapping[str, str],
    products: Sequence[str] | None = None,
    now: datetime | None = None,
) -> Enrolment:
    """Open cover for the whole shop, or for some ``products`` (external ids) only.

    ``accepted`` maps each agreement to the version that was read. Products somebody chose to leave
    out stay out when the whole shop is opened. Raises OpeningRefusedError when cover is open, an
    agreement was not accepted in its present version, nothing was chosen, or a condition fails.
    """
    now = now or timezone.now()
    Shop.objects.locked([shop.pk])
    version = agreement_version(now)
    if any(accepted.get(name) != version for name in Consent.AGREEMENTS):
        raise OpeningRefusedError(NOT_ACCEPTED)
    if products is not None and not products:
        raise OpeningRefusedError(NOTHING_CHOSEN)
    failed = failures(conditions_now(shop=shop, product=product, now=now))
    if failed:
        raise OpeningRefusedError(NOT_ELIGIBLE, failed)
    enrolment = _create(actor, shop, product, now)
    _consents(enrolment, actor, version, now)
    _choose(actor, shop, products, now)
    audit_record(
        actor=actor,
        action="enrolment.open",
        object_type="enrolment",
        object_id=str(enrolment.pk),
        shop=shop,
        after={"product": product, "agreements": version, "products": list(products or [])},
    )
    return enrolment


def _create(actor: User | str, shop: Shop, product: str, now: datetime) -> Enrolment:
    opened_by = actor if isinstance(actor, User) else None
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                shop=shop, product=product, opened_at=now, opened_by=opened_by
            )
    except IntegrityError as error:
        raise OpeningRefusedError(ALREADY_OPEN) from error
    _turn(enrolment, EnrolmentEvent.State.ACTIVE, now)
    return enrolment


def _consents(enrolment: Enrolment, actor: User | str, version: str, now: datetime) -> None:
    name = actor if isinstance(actor, str) else actor.get_username()
    Consent.objects.bulk_create(
        Consent(
            shop=enrolment.shop,
            enrolment=enrolment,
            agreement=agreement,
            version=version,
            accepted_by=name,
            accepted_at=now,
        )
        for agreement in Consent.AGREEMENTS
    )


def _choose(actor: User | str, shop: Shop, products: Sequence[str] | None, now: datetime) -> None:
    """The choices an opening makes: the shop on, or off but for the products named."""
    present = choices_of(shop=shop)
    wanted: dict[Key, bool | None] = {("shop", ""): products is None}
    if products is not None:
        wanted |= {("product", key): True for key in products}
        others = (key for key, row in present.items() if row.is_covered and key not in wanted)
        wanted |= dict.fromkeys(others, None)
    changes = [
        Wanted(level, key, is_covered, version_of(present.get((level, key))))
        for (level, key), is_covered in wanted.items()
    ]
    choices_change(actor=actor, shop=shop, wanted=changes, source=ChoiceSet.Source.OPENING, now=now)


def version_of(choice: Choice | None) -> int:
    """The version of a choice, 0 where nothing was ever chosen."""
    return choice.version if choice else 0


def _turn(
    enrolment: Enrolment, state: str, at: datetime, reasons: Sequence[str] = ()
) -> EnrolmentEvent:
    return EnrolmentEvent.objects.create(
        shop_id=enrolment.shop_id, enrolment=enrolment, at=at, state=state, reasons=list(reasons)
    )


@transaction.atomic
def enrolment_close(
    *, actor: User | str, shop: Shop, reason: str = "", now: datetime | None = None
) -> bool:
    """Close the open cover of a shop; False when there is none. Cover already given runs on."""
    now = now or timezone.now()
    Shop.objects.locked([shop.pk])
    enrolment = cover_at(shop=shop, now=now).enrolment
    if enrolment is None:
        return False
    enrolment.closed_at = now
    enrolment.closed_by = actor if isinstance(actor, User) else None
    enrolment.save(update_fields=["closed_at", "closed_by"])
    _turn(enrolment, EnrolmentEvent.State.CLOSED, now)
    audit_record(
        actor=actor,
        action="enrolment.close",
        object_type="enrolment",
        object_id=str(enrolment.pk),
        shop=shop,
        reason=reason,
    )
    return True


def enrolments_review(*, run_id: int, shop_ids: list[int], now: datetime | None = None) -> int:
    """Suspend what lost its eligibility and resume what has it again; returns how many turned.

    What a night finds takes effect when its score publishes. Only the night of the present day
    decides: computing a past date again turns nothing. Must run inside the caller's transaction.
    """
    now = now or timezone.now()
    run = Run.objects.get(pk=run_id)
    if run.day != shanghai_day(now):
        return 0
    Shop.objects.locked(shop_ids)
    rows = Enrolment.objects.filter(shop__in=shop_ids, closed_at=None).select_related("shop")
    enrolments = list(rows.order_by("shop_id"))
    keys = [enrolment.shop_id for enrolment in enrolments]
    quotes = _quotes(run, keys)
    rules = cover_rules_on(run.day)
    disputes = dispute_rates(keys, run.day, rules.standing_days)
    takes_effect = max(now, at_hour(run.day, settings.PUBLISH_HOUR))
    turned = 0
    for enrolment in enrolments:
        quote = quotes.get(enrolment.shop_id)
        if quote is None:
            continue
        standing = standing_of(enrolment.shop, quote, disputes.get(enrolment.shop_id))
        is_insurance = enrolment.product == Enrolment.Product.INSURANCE
        failed = failures(conditions(rules, standing, is_insurance=is_insurance))
        turned += _review(enrolment, failed, takes_effect)
    return turned


def _quotes(run: Run, shop_ids: Sequence[int]) -> dict[int, QuoteRevision]:
    rows = QuoteRevision.objects.filter(
        shop__in=shop_ids,
        date=run.day,
        rule_set=fee_rule_set(run.day),
        score_rule_set=run.rule_set,
    )
    newest = rows.order_by("shop_id", "-revision").distinct("shop_id")
    return {quote.shop_id: quote for quote in newest}


def _review(enrolment: Enrolment, failed: list[str], at: datetime) -> bool:
    """Turn an enrolment where what is known now differs from what it was told last."""
    last = enrolment.events.order_by("-at", "-pk").first()
    is_active = last is None or last.state == EnrolmentEvent.State.ACTIVE
    if enrolment.opened_at > at or is_active == (not failed):
        return False
    state = EnrolmentEvent.State.SUSPENDED if failed else EnrolmentEvent.State.ACTIVE
    _turn(enrolment, state, at, failed)
    audit_record(
        actor=ACTOR,
        action=f"enrolment.{'suspend' if failed else 'resume'}",
        object_type="enrolment",
        object_id=str(enrolment.pk),
        shop=enrolment.shop,
        after={"at": at.isoformat(), "failed": failed},
    )
    return True
