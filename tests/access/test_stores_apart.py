"""What is kept of shops and people is found by their own alone, whatever stands beside it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shopguard.lib.days import shanghai_day
from shopguard.shell import Shell
from stores.access import SECOND_FACTOR_URL, SESSION_ENDS_AT, public
from stores.models import (
    Application,
    ChannelChoice,
    DelayReport,
    DepositDue,
    DepositEntry,
    ImportBatch,
    KeptAnswer,
    Notification,
    PenaltyView,
    Product,
    Shop,
    Touch,
    User,
)
from stores.panels import panels_for
from stores.selectors.arrivals import arrivals
from stores.selectors.channels import choices_of, roles_of
from stores.selectors.deposits import deposits_short
from stores.selectors.notifications import notifications_of
from stores.selectors.onboarding import filled_of
from stores.selectors.penalty_page import views_of
from stores.selectors.shop_settings import members_of
from stores.selectors.visit import Visit
from stores.services.delay_reports import (
    ACCEPTED,
    UnknownOrderError,
    delay_report_decide,
    delay_report_file,
)
from stores.services.once import answer_keep
from stores.services.penalty_views import MOST_VIEWS, penalty_view_save
from tests.conftest import DAY_ZERO, NOON_ZERO, SignedIn
from tests.factories import fill, make_order, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def batch(**told: Any) -> ImportBatch:
    usual = {"user": None, "kind": "orders", "status": "applied", "finished_at": None}
    return fill(ImportBatch, "x", **(usual | told))


def test_a_file_came_for_the_shop_it_was_sent_to_or_changed_a_day_of(
    shop: Shop, other_shop: Shop
) -> None:
    batch(shop=other_shop, as_of=NOON_ZERO + DAY)
    of_nobody = batch(shop=None, as_of=NOON_ZERO)
    Touch.objects.create(shop=other_shop, day=DAY_ZERO, batch=of_nobody)
    assert arrivals(shop=shop, kinds=["orders"]) == {}
    batch(shop=shop, as_of=NOON_ZERO - DAY)
    assert arrivals(shop=shop, kinds=["orders"])["orders"].as_of == NOON_ZERO - DAY


def test_what_a_person_is_and_chose_is_not_what_others_are_and_chose(
    alice: User, bob: User
) -> None:
    fill(ChannelChoice, "x", user=bob)
    assert roles_of(user=alice) == {"owner"}
    assert choices_of(user=alice) == {}


def test_a_deposit_of_another_shop_leaves_nobody_short_here(shop: Shop, other_shop: Shop) -> None:
    fill(DepositDue, "x", shop=other_shop, floating=9900)
    fill(DepositEntry, "x", shop=other_shop, amount=1)
    assert len(deposits_short(shop=other_shop)) == 1
    assert len(deposits_short(shop=shop)) == 0


def test_what_was_told_of_a_shop_one_left_is_gone(alice: User, other_shop: Shop) -> None:
    fill(Notification, "x", user=alice, shop=other_shop)
    assert not notifications_of(user=alice).exists()


def test_a_shop_is_open_for_business_by_its_own_goods_and_orders(
    shop: Shop, other_shop: Shop, alice: User
) -> None:
    fill(Product, "x", shop=other_shop)
    make_order(other_shop)
    filled = filled_of(fill(Application, "x", applicant=alice, shop=shop, invitation=None))
    assert not filled.has_product
    assert not filled.has_orders


def test_a_view_of_the_penalty_log_is_its_admins_own(dora: User) -> None:
    other = make_user("erin", is_staff=True)
    for number in range(MOST_VIEWS):
        penalty_view_save(user=other, name=f"v{number}", query="")
    mine = penalty_view_save(user=dora, name="mine", query="")
    assert list(views_of(user=dora)) == [mine]
    assert PenaltyView.objects.count() == MOST_VIEWS + 1


def test_the_people_of_a_shop_are_members_of_it(
    shop: Shop, alice: User, bob: User, charlie: User
) -> None:
    assert {row.user for row in members_of(shop=shop)} == {alice, bob}
    assert charlie.memberships.count() == 1


def test_an_order_is_reported_late_in_its_own_shop(
    shop: Shop, other_shop: Shop, alice: User, dora: User
) -> None:
    said = {"actor": alice, "cause": "暴雪", "evidence": ""}
    make_order(other_shop, external_id="theirs")
    with pytest.raises(UnknownOrderError):
        delay_report_file(shop=shop, order_ref="theirs", **said)
    make_order(other_shop, external_id="both", signed_at=NOON_ZERO + 9 * DAY)
    make_order(shop, external_id="both", signed_at=NOON_ZERO)
    fill(DelayReport, "x", shop=other_shop, order_ref="both", decision="pending")
    report = delay_report_file(shop=shop, order_ref="both", **said)
    delay_report_decide(actor=dora, pk=report.pk, decision=ACCEPTED, reason="属实")
    touched = Touch.objects.get()
    assert (touched.shop, touched.day) == (shop, shanghai_day(NOON_ZERO))


def test_expired_answers_of_others_are_left_to_them(alice: User, bob: User) -> None:
    long_ago = timezone.now() - 99 * DAY
    for user in (alice, bob):
        fill(KeptAnswer, "x", user=user, created_at=long_ago)
    answer_keep(user=alice, key="k", fingerprint="f", status=200, body="")
    assert list(KeptAnswer.objects.filter(created_at=long_ago).values_list("user")) == [(bob.pk,)]


def test_ops_are_drawn_no_panel_that_is_for_owners(shop: Shop) -> None:
    drawn = {
        role: [
            one.panel for slot in panels_for(Visit(shop, role, NOON_ZERO)).values() for one in slot
        ]
        for role in ("owner", "ops")
    }
    assert all("ops" in panel.roles for panel in drawn["ops"])
    assert not all("ops" in panel.roles for panel in drawn["owner"])


def test_a_public_view_says_why_it_is() -> None:
    with pytest.raises(ValueError, match="why"):
        public("")


def test_a_session_that_is_over_is_nobodys(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    assert client.get("/account/notifications/").status_code == 200
    session = client.session
    session[SESSION_ENDS_AT] = timezone.now().timestamp() - 1
    session.save()
    assert asks_to_sign_in(client)


def asks_to_sign_in(client: Client) -> bool:
    response = client.get("/account/notifications/")
    return response.status_code == 302 and reverse("sign_in") in response["Location"]


@pytest.mark.usefixtures("second_factor_asked")
def test_admins_alone_are_asked_for_a_second_factor(
    alice: User, dora: User, signed_in: SignedIn
) -> None:
    told = [signed_in(user).get("/account/notifications/") for user in (alice, dora)]
    assert [response.status_code for response in told] == [200, 302]
    assert reverse(SECOND_FACTOR_URL) in told[1]["Location"]


def test_above_the_shops_admins_alone_are_called_so(alice: User, dora: User) -> None:
    roles = [Shell(SimpleNamespace(user=user)).role for user in (alice, dora)]  # type: ignore[arg-type]
    assert roles == ["ops", "admin"]


def test_tables_are_read_by_admins_alone(alice: User, dora: User, signed_in: SignedIn) -> None:
    path = reverse("admin:index")
    assert [signed_in(user).get(path).status_code for user in (alice, dora)] == [404, 200]
