"""What the night and people do to a shop is the same beside one whose records bear the same ids,
and leaves that one alone. What no page shows by itself is read the same beside it, too.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from aftersales.models import AfterSaleCase
from freightins.kinds._settling import statement_settle
from freightins.models import (
    Choice,
    ChoiceView,
    InvoiceRequest,
    Reconciled,
    SaleDay,
    StatementLine,
    Trial,
)
from freightins.rules import fee_sets
from freightins.selectors.choices import choices_at, choices_now
from freightins.selectors.covering import cases_claiming, fees_charged
from freightins.selectors.outlooks import returning, totals_of_late
from freightins.selectors.trials import covered_share, products_switched, span_of
from freightins.selectors.windows import windows_counted
from freightins.services.checks import checks_score
from freightins.services.choices import Wanted, choices_change
from freightins.services.enrolments import enrolments_review
from freightins.services.invoices import invoice_request, invoice_step
from freightins.services.product_sales import sales_count
from freightins.services.sale_days import sale_days_count
from freightins.services.signals import signals_find
from freightins.services.views import view_save
from servicescore.models import AgentShift, LiveSession, ModeSwitch, QualitySample, ServiceModeSpell
from servicescore.rules import compiled_assessment_rules
from servicescore.selectors.assessment_export import judgements_on
from servicescore.selectors.courses import courses_running, courses_unrecorded
from servicescore.selectors.facts import Span, facts_load
from servicescore.selectors.modes import complaints_on_blacklisting, ground_of, switch_of
from servicescore.selectors.rota_page import live_of, shift_of
from servicescore.selectors.samples import sample_of, sessions_to_draw
from servicescore.selectors.stored_window import stored_window
from servicescore.services.mode import own_service_ask, platform_service_take
from servicescore.services.rota import live_add, shifts_add
from servicescore.services.samples import samples_draw
from stores.models import Shop
from tests.access.chance import DAYS, LONG_AGO, contents
from tests.access.plum import Plum
from tests.access.world import fingerprint_of
from tests.conftest import DAY_ZERO, NOON_ZERO
from tests.factories import make_order
from tests.freight.laying import finished_run

pytestmark = pytest.mark.django_db
FIRST, WEEK = DAY_ZERO - timedelta(days=DAYS), timedelta(days=7)
HOURS = compiled_assessment_rules(FIRST)
LATER = NOON_ZERO + timedelta(days=60)


def facts(shop: Shop, days: int) -> list[Any]:
    """All facts of the last days, those of few days read in another way than those of many."""
    found = facts_load([Span(shop.pk, DAY_ZERO - timedelta(days=days), DAY_ZERO)])
    frames = [value for name, value in vars(found).items() if name != "excluded"]
    told = [sorted(map(repr, frame.to_dict("records"))) for frame in frames]
    return [*told, found.excluded]


READ: dict[str, Callable[[Shop], Any]] = {
    "choices now": lambda shop: choices_now(shop=shop),
    "choices then": lambda shop: choices_at(shop=shop, when=NOON_ZERO - 2 * WEEK),
    "fees": lambda shop: fees_charged(shop.pk),
    "claiming": lambda shop: list(cases_claiming(shop_id=shop.pk, until=NOON_ZERO)),
    "switched": lambda shop: [
        products_switched(
            shop=shop, day=DAY_ZERO - timedelta(days=ago), weeks=1, now=NOON_ZERO
        ) for ago in range(20, 40)
    ],
    "covered": lambda shop: [
        covered_share(trial=trial, span=span_of(trial, NOON_ZERO))
        for trial in Trial.objects.filter(shop=shop).order_by("pk")
    ],
    "windows": lambda shop: windows_counted([shop], fee_sets()[-1], FIRST, DAY_ZERO).to_csv(),
    "returning": lambda shop: returning([shop.pk], DAY_ZERO, (FIRST, DAY_ZERO)),
    "totals": lambda shop: totals_of_late([shop.pk], DAY_ZERO, "service-score-2022"),
    "facts of a while": lambda shop: facts(shop, 20),
    "facts of long": lambda shop: facts(shop, DAYS),
    "days": lambda shop: stored_window([shop.pk], DAY_ZERO, 30).tolist(),
    "judged": lambda shop: [
        judgements_on(DAY_ZERO - timedelta(days=ago), [shop])[shop.pk] for ago in range(DAYS)
    ],
    "courses": lambda shop: [
        [list(read(shop, today=DAY_ZERO - timedelta(days=ago))) for ago in range(DAYS)]
        for read in (courses_running, courses_unrecorded)
    ],
    "blacklisting": lambda shop: complaints_on_blacklisting([shop.pk]).count(),
    "sessions": lambda shop: sorted(
        sessions_to_draw(shop, now=NOON_ZERO, span=10 * WEEK, hours=HOURS)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_nothing_is_read_of_a_namesake(plum: Plum, name: str) -> None:
    before = READ[name](plum.shop)
    assert before
    plum.namesake_comes()
    assert READ[name](plum.shop) == before


def one_more(plum: Plum) -> None:
    for choice in Choice.objects.filter(shop=plum.shop, level="product"):
        wanted = [Wanted("product", choice.key, not choice.is_covered, choice.version)]
        choices_change(actor=plum.owner, shop=plum.shop, wanted=wanted, source="single")


def settle(plum: Plum) -> None:
    statement_settle(shop_id=plum.shop.pk, now=NOON_ZERO)


def settle_nothing(plum: Plum) -> None:
    StatementLine.objects.filter(shop=plum.shop).delete()
    settle(plum)
    assert Reconciled.objects.filter(shop=plum.shop).exists()


def score_checks(plum: Plum) -> None:
    run = finished_run(LATER.date())
    assert checks_score(run_id=run.pk, shop_ids=[plum.shop.pk], now=LATER)


def review(plum: Plum) -> None:
    enrolments_review(run_id=plum.run.pk, shop_ids=[plum.shop.pk], now=NOON_ZERO)


def ask_for_invoices(plum: Plum) -> None:
    for month in (date(2024, 2, 1), date(2024, 1, 1)):
        told = {"month": month, "title": "梅子", "tax_number": "91310000MA1K3YX85X"}
        request, is_new = invoice_request(
            actor=plum.owner,
            shop=plum.shop,
            now=NOON_ZERO,
            **told,  # type: ignore[arg-type]
        )
        assert is_new
        assert request.shop == plum.shop


def count_days(plum: Plum) -> None:
    sale_days_count(run_id=plum.run.pk, shop_ids=[plum.shop.pk], now=NOON_ZERO)


def count_days_first(plum: Plum) -> None:
    SaleDay.objects.filter(shop=plum.shop).delete()
    make_order(plum.shop, external_id="first", paid_at=NOON_ZERO - timedelta(days=LONG_AGO))
    count_days(plum)
    assert SaleDay.objects.filter(shop=plum.shop, day__lt=FIRST).exists()


def drop_views(plum: Plum) -> None:
    for view in ChoiceView.objects.filter(shop=plum.shop):
        view_save(shop=plum.shop, user=plum.owner, name=view.name, query="")


def take_over(plum: Plum) -> None:
    ServiceModeSpell.objects.filter(shop=plum.shop).delete()
    ModeSwitch.objects.filter(shop=plum.shop).delete()
    charge = ground_of(plum.shop, now=NOON_ZERO).charge_fen
    platform_service_take(
        actor=plum.owner, shop=plum.shop, charge_fen=charge, reason="", now=NOON_ZERO
    )


def ask_for_own(plum: Plum) -> None:
    ModeSwitch.objects.filter(shop=plum.shop).delete()
    Shop.objects.filter(pk=plum.shop.pk).update(service_mode=Shop.ServiceMode.PLATFORM)
    own_service_ask(actor=plum.owner, shop=plum.shop, is_signed=True, reason="", now=NOON_ZERO)


def draw(plum: Plum) -> None:
    assert samples_draw(actor=plum.owner, shop=plum.shop, reason="", now=NOON_ZERO)


DONE: dict[str, Callable[[Plum], object]] = {
    "a change of choices": one_more, "a statement": settle, "no statement": settle_nothing,
    "scored weeks": score_checks, "a review": review, "invoices": ask_for_invoices,
    "days counted": count_days, "days counted first": count_days_first,
    "views dropped": drop_views, "the platform takes over": take_over, "a sample drawn": draw,
    "own service asked for": ask_for_own,
    "sales": lambda plum: sales_count(shop_ids=[plum.shop.pk], day=DAY_ZERO),
    "signals": lambda plum: signals_find(shop_id=plum.shop.pk, now=NOON_ZERO),
}  # fmt: skip


@pytest.mark.parametrize("name", DONE)
def test_what_is_done_is_the_same_beside_a_namesake_and_leaves_it_alone(
    plum: Plum, name: str
) -> None:
    with transaction.atomic():
        DONE[name](plum)
        alone = contents(plum.shop)
        transaction.set_rollback(True)
    other = plum.namesake_comes()
    theirs = fingerprint_of([other])
    DONE[name](plum)
    assert contents(plum.shop) == alone
    assert fingerprint_of([other]) == theirs


def test_shops_counted_in_one_go_are_counted_apart(plum: Plum) -> None:
    def counted(*shops: Shop) -> tuple[list[Any], list[Any]]:
        sales_count(shop_ids=[shop.pk for shop in shops], day=DAY_ZERO)
        windows = windows_counted(shops, fee_sets()[-1], FIRST, DAY_ZERO)
        return contents(plum.shop)["ProductSale"], list(windows.loc[plum.shop.pk])

    alone = counted(plum.shop)
    assert counted(plum.shop, plum.namesake_comes()) == alone


def test_a_record_of_a_namesake_is_not_found_by_its_key(plum: Plum) -> None:
    other = plum.namesake_comes()

    def of(model: type[Model]) -> int:
        return int(model._default_manager.filter(shop=other)[0].pk)

    shop = plum.shop
    assert switch_of(shop=shop, key=of(ModeSwitch)) is None
    assert shift_of(shop=shop, key=of(AgentShift)) is None
    assert live_of(shop=shop, key=of(LiveSession)) is None
    assert sample_of(shop=shop, key=of(QualitySample)) is None
    request = InvoiceRequest.objects.filter(shop=other, state="requested")[0]
    asked = {"key": request.pk, "version": request.version, "to": "withdrawn"}
    assert not invoice_step(actor=plum.owner, shop=shop, note="n", **asked)  # type: ignore[arg-type]
    assert not InvoiceRequest.objects.filter(shop=other, note="n").exists()


def test_the_same_agent_and_session_elsewhere_stand_in_nobodys_way(plum: Plum) -> None:
    other = plum.namesake_comes()
    shift = {"agent": "云", "weekdays": [1], "opens": 9, "closes": 18}
    ends = NOON_ZERO + timedelta(hours=2)
    live = {"title": "云", "starts_at": NOON_ZERO, "ends_at": ends, "now": NOON_ZERO}
    for shop in (other, plum.shop):
        assert shifts_add(actor=plum.owner, shop=shop, **shift) == 1  # type: ignore[arg-type]
        assert live_add(actor=plum.owner, shop=shop, **live).shop == shop  # type: ignore[arg-type]


def test_a_buyer_who_came_again_elsewhere_did_not_come_here(plum: Plum) -> None:
    other, bought = plum.namesake_comes(), NOON_ZERO - timedelta(days=50)
    make_order(plum.shop, external_id="z", buyer_ref="z", paid_at=bought)
    AfterSaleCase.objects.create(
        shop=plum.shop, external_id="z", order_ref="z", kind="return_refund", outcome="completed",
        applied_at=bought + timedelta(days=2), as_of=NOON_ZERO,
    )  # fmt: skip
    count_days(plum)
    before = contents(plum.shop)["SaleDay"]
    make_order(other, external_id="z", buyer_ref="z", paid_at=bought + timedelta(days=5))
    count_days(plum)
    assert contents(plum.shop)["SaleDay"] == before


def test_sessions_drawn_elsewhere_take_nobodys_place(plum: Plum) -> None:
    other = plum.namesake_comes()
    week = DAY_ZERO - timedelta(days=DAY_ZERO.weekday())
    given = {"shop": other, "week": week, "started_at": NOON_ZERO, "drawn_at": NOON_ZERO}
    QualitySample.objects.bulk_create(
        QualitySample(consultation_ref=f"z{number}", **given) for number in range(20)
    )
    draw(plum)


def test_dropping_a_view_leaves_that_of_a_colleague(plum: Plum) -> None:
    theirs = plum.colleague_keeps_a_view()
    ChoiceView.objects.create(shop=plum.shop, user=plum.owner, name=theirs.name, query="q=1")
    assert view_save(shop=plum.shop, user=plum.owner, name=theirs.name, query="")
    assert list(ChoiceView.objects.filter(name=theirs.name)) == [theirs]
