"""A desk shows and does the same whether or not other shops use the same ids."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.http import QueryDict

from aftersales.models import (
    AfterSaleCase,
    CaseView,
    ComplaintWork,
    GuaranteeTerm,
    ReplyTemplate,
    ShopChoice,
)
from aftersales.selectors.asked import asked_from
from aftersales.selectors.case_goods import cases_about, guarantee_of
from aftersales.selectors.case_page import case_page, replies_of_case
from aftersales.selectors.complaints import complaints_page
from aftersales.selectors.earlier_cases import cases_earlier, cases_of_buyer
from aftersales.selectors.guarantee import guarantee_page
from aftersales.selectors.lookup import lookup
from aftersales.selectors.replies import replies_of
from aftersales.selectors.reviews import SHOWS, reviews_page
from aftersales.selectors.services import cases_known, services_of, waiting_for_review
from aftersales.selectors.shipping import parcels, reports, warnings
from aftersales.selectors.workbench import case_views, workbench
from aftersales.services.case_views import MOST_VIEWS, case_view_drop, case_view_save
from aftersales.services.cases import case_step
from aftersales.services.guarantee import choice_set, guarantee_term_set
from aftersales.services.replies import reply_save
from aftersales.services.talk import Work, complaint_answer, complaint_work_save, review_answer
from shopguard.lib.days import shanghai_day
from stores.models import Complaint, Review, Role, Shop, Touch, User
from tests.access.told import told
from tests.aftersales.conftest import MakeCase
from tests.aftersales.desk import PRODUCTS, lay_desk
from tests.conftest import NOON_ZERO
from tests.factories import make_member, make_order, make_shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = NOON_ZERO
DAY = timedelta(days=1)


@pytest.fixture
def elder(db: None) -> Shop:
    """A shop with lower keys than every other: first in tables and in indexes."""
    return make_shop("elder")


def shown(shop: Shop, user: User) -> dict[str, Any]:
    """Whatever the pages of a desk read, of this shop."""
    cases = list(AfterSaleCase.objects.filter(shop=shop).order_by("pk"))
    services, *_rest = services_of(shop=shop)
    here = {"shop": shop, "now": NOW}
    queues = [*({"product": ref} for ref in PRODUCTS), {"queue": "ended"}, {}]
    return {
        "about": cases_about(shop=shop, cases=cases),
        "guarantee": guarantee_of(shop=shop),
        "terms": guarantee_page(**here),
        "buyers": [
            cases_of_buyer(shop=shop, case_ref=case.external_id).order_by("pk") for case in cases
        ],
        "earlier": [cases_earlier(case=case, **here) for case in cases],
        "page": [case_page(pk=case.pk, template="sorry", **here) for case in cases[:3]],
        "replies": replies_of(shop=shop),
        "replies of cases": [
            replies_of_case(shop=shop, case_ref=case.external_id) for case in cases
        ],
        "complaints": complaints_page(asked=asked(), **here),
        "reviews": [reviews_page(asked=asked(show=show), **here) for show in SHOWS],
        "services": services_of(shop=shop),
        "known": {
            told(case)
            for is_open in (False, True)
            for case in cases_known(services=services, is_open=is_open, **here)
        },
        "warnings": [warnings(asked=asked(show=show), **here) for show in ("due", "overdue")],
        "parcels": parcels(asked=asked(), **here),
        "reports": reports(asked=asked(), **here),
        "search": [
            lookup(asked=asked_from(text), **here)
            for text in (*(f"{kind}{n}" for kind in "oc" for n in range(8)), *PRODUCTS, "s", "t")
        ],
        "desks": [workbench(user=user, asked=asked(**queue), **here) for queue in queues],
    }


def asked(**words: str) -> QueryDict:
    return QueryDict("&".join(f"{name}={word}" for name, word in words.items()))


@pytest.mark.parametrize("seed", range(2))
def test_nothing_shown_is_other_than_it_would_be_without_namesakes(
    seed: int, elder: Shop, shop: Shop, other_shop: Shop, alice: User
) -> None:
    for number, one in enumerate((elder, shop, other_shop)):
        lay_desk(one, alice, Random(seed * 10 + number))
    beside = {name: told(answer) for name, answer in shown(shop, alice).items()}
    elder.delete()
    other_shop.delete()
    alone = {name: told(answer) for name, answer in shown(shop, alice).items()}
    assert [name for name in alone if beside[name] != alone[name]] == []


def test_nothing_waits_for_review_where_only_a_namesake_has_such_a_case(
    shop: Shop, other_shop: Shop, make_case: MakeCase
) -> None:
    make_case("c1")
    assert waiting_for_review(shop=shop)
    assert not waiting_for_review(shop=other_shop)


def test_a_step_is_taken_in_the_case_of_its_shop(
    shop: Shop, other_shop: Shop, bob: User, make_case: MakeCase
) -> None:
    theirs = case_of(other_shop, make_case)
    mine = make_case("c1", order_ref="o1", kind="refund_shipped")
    make_order(other_shop, external_id="o1", signed_at=NOW - 9 * DAY)
    make_order(shop, external_id="o1", signed_at=NOW - 5 * DAY)
    case_step(actor=bob, shop=shop, case_ref="c1", version=0, name="refund")
    for case in (mine, theirs):
        case.refresh_from_db()
    assert (mine.outcome, theirs.outcome) == ("completed", "open")
    days = [shanghai_day(NOW), shanghai_day(NOW - 5 * DAY)]
    assert {(touch.shop, touch.day) for touch in Touch.objects.all()} == {
        (shop, day) for day in days
    }


def case_of(shop: Shop, make_case: MakeCase) -> AfterSaleCase:
    """The case c1, of that shop."""
    case = make_case("c1")
    case.shop = shop
    case.save()
    return case


def test_what_a_namesake_chose_is_not_what_is_changed(
    shop: Shop, other_shop: Shop, alice: User
) -> None:
    ShopChoice.objects.create(shop=other_shop, name="guarantee", version=7)
    ReplyTemplate.objects.create(shop=other_shop, key="own-1", version=7)
    ReplyTemplate.objects.create(shop=shop, key="own-1", version=2)
    for one in (other_shop, shop):
        GuaranteeTerm.objects.create(shop=one, category="shirts", days=7)
    here = {"actor": alice, "shop": shop}
    assert choice_set(**here, name="guarantee", version=0, value={}).version == 1
    said = {"group": "reply", "title": "谢谢", "text": "谢谢"}
    assert reply_save(**here, key="own-1", version=2, **said).shop == shop
    guarantee_term_set(**here, category="shirts", days=None, unsealed_exempt=False)
    assert GuaranteeTerm.objects.get().shop == other_shop


def test_a_view_is_kept_and_dropped_by_its_person_in_its_shop_alone(
    shop: Shop, other_shop: Shop, alice: User, bob: User
) -> None:
    make_member(alice, other_shop, Role.OWNER)
    foreign = [(shop, bob), (other_shop, alice)]
    for one, user in foreign:
        for number in range(MOST_VIEWS):
            CaseView.objects.create(shop=one, user=user, name=f"v{number}")
    mine = case_view_save(shop=shop, user=alice, name="mine", query="")
    assert list(case_views(shop=shop, user=alice)) == [mine]
    for view in CaseView.objects.exclude(pk=mine.pk):
        case_view_drop(shop=shop, user=alice, view=view.pk)
    assert CaseView.objects.count() == 2 * MOST_VIEWS + 1


def test_nothing_of_a_namesake_is_answered(shop: Shop, other_shop: Shop, alice: User) -> None:
    known = {"external_id": "x1", "order_ref": "o1", "as_of": NOW}
    review = Review.objects.create(shop=other_shop, rating=1, created_at=NOW, **known)
    complaint = Complaint.objects.create(shop=other_shop, opened_at=NOW, **known)
    here = {"actor": alice, "shop": shop}
    with pytest.raises(Review.DoesNotExist):
        review_answer(**here, pk=review.pk, text="谢谢")
    with pytest.raises(Complaint.DoesNotExist):
        complaint_answer(**here, pk=complaint.pk, text="谢谢")
    with pytest.raises(Complaint.DoesNotExist):
        complaint_work_save(**here, pk=complaint.pk, version=0, work=Work())


def test_work_on_a_complaint_is_that_of_its_shop(shop: Shop, other_shop: Shop, alice: User) -> None:
    ComplaintWork.objects.create(shop=other_shop, complaint_ref="x1", version=7)
    complaint = Complaint.objects.create(
        shop=shop, external_id="x1", order_ref="o1", opened_at=NOW, as_of=NOW
    )
    row = complaint_work_save(actor=alice, shop=shop, pk=complaint.pk, version=0, work=Work())
    assert (row.shop, row.version) == (shop, 1)
