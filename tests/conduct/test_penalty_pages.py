"""Admins find and decide cases on the penalty log; owners see their own part and appeal."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from stores.models import Appeal, PenaltyView, Shop, User, Violation
from stores.services.penalty_log import log_renew
from stores.services.penalty_views import penalty_view_save
from tests.conduct.violations import violation
from tests.factories import make_shop, make_user
from tests.imports.files import shanghai

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
LOG = "/admin-desk/penalties/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is Wednesday, 13 March 2024."""
    with time_machine.travel(shanghai("2024-03-13 10:00"), tick=False):
        yield


@pytest.fixture
def cases(shop: Shop) -> dict[str, Violation]:
    """Severe and general cases of this week and last week, in several states."""
    told = {
        "s-last": {"clause": "6", "notified": "2024-03-06 10:00", "state": "pending"},
        "s-sunday": {"clause": "9", "notified": "2024-03-10 23:59", "state": "pending"},
        "s-now": {"clause": "6", "notified": "2024-03-11 00:00", "state": "pending"},
        "s-older": {"clause": "6", "notified": "2024-03-03 23:59", "state": "pending"},
        "s-done": {"clause": "6", "notified": "2024-03-06 10:00", "executed": "2024-03-09 10:00"},
        "g-last": {"clause": "4", "notified": "2024-03-07 10:00", "state": "pending"},
        "r-last": {"clause": "12", "kind": "severe", "points": 25, "state": "pending"}
        | {"notified": "2024-03-08 10:00"},
    }
    made = {name: violation(shop, id=name, **fields) for name, fields in told.items()}
    with transaction.atomic():
        log_renew(shops=[shop])
    return made


def test_pending_severe_cases_of_last_week_are_two_clicks_away(
    signed_in: SignedIn, dora: User, cases: dict[str, Violation]
) -> None:
    client = signed_in(dora)
    assert f'href="{LOG}"' in client.get("/admin-desk/runs/").text
    assert 'href="?view=severe_week"' in client.get(LOG).text
    shown = client.get(LOG + "?view=severe_week").text
    found = {name for name in cases if f'>{name}</a><span class="second">' in shown}
    assert found == {"s-last", "s-sunday", "r-last"}


def test_a_case_tells_why_each_point_was_given(
    signed_in: SignedIn, dora: User, cases: dict[str, Violation]
) -> None:
    page = signed_in(dora).get(f"{LOG}{cases['s-done'].pk}/").text
    assert "小红书客服管理规则第十三条" in page
    assert "由 0 分变为 25 分" in page
    assert "限流 7 天" in page
    assert "记入日志" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kind=general", {"g-last"}),
        ("state=executed", {"s-done"}),
        ("clause=9", {"s-sunday"}),
        ("shop=plum&state=pending&kind=general", {"g-last"}),
        ("shop=nobody", set()),
        ("since=2024-03-11", {"s-now"}),
        ("until=2024-03-03", {"s-older"}),
        ("since=never", set()),
        ("person=dora", set()),
        ("appeal=open", set()),
    ],
)
def test_the_log_is_narrowed(
    signed_in: SignedIn, dora: User, cases: dict[str, Violation], query: str, names: set[str]
) -> None:
    shown = signed_in(dora).get(f"{LOG}?{query}").text
    assert {name for name in cases if f'>{name}</a><span class="second">' in shown} == names


def test_the_export_holds_what_is_on_screen(
    signed_in: SignedIn, dora: User, cases: dict[str, Violation]
) -> None:
    answer = signed_in(dora).get(f"{LOG}export/csv/?view=severe_week")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("\n") == 4
    assert "s-sunday" in text


def test_an_admin_keeps_a_view_of_the_log(
    signed_in: SignedIn, dora: User, cases: dict[str, Violation]
) -> None:
    client = signed_in(dora)
    assert "保存为视图" not in client.get(LOG).text
    asked = "clause=6&state=pending"
    assert f'value="{asked.replace("&", "&amp;")}"' in client.get(f"{LOG}?{asked}").text
    client.post(LOG + "views/", {"name": "辱骂", "query": asked})
    shown = client.get(f"{LOG}?{asked}").text
    assert 'class="saved-view is-chosen"' in shown
    dropped = client.post(f"{LOG}views/{PenaltyView.objects.get().pk}/drop/")
    assert dropped.status_code == 302
    assert "辱骂" not in client.get(f"{LOG}?{asked}").text.partition("saved-views")[2]


def test_a_view_is_nobody_elses(signed_in: SignedIn, dora: User) -> None:
    other = make_user("emil", is_staff=True)
    view = penalty_view_save(user=other, name="他的", query="state=pending")
    assert "他的" not in signed_in(dora).get(LOG).text
    assert signed_in(dora).post(f"{LOG}views/{view.pk}/drop/").status_code == 404
    assert PenaltyView.objects.exists()


def test_several_are_executed_for_one_reason(
    signed_in: SignedIn, dora: User, cases: dict[str, Violation]
) -> None:
    client = signed_in(dora)
    chosen = [cases["s-last"].pk, cases["g-last"].pk]
    form = {"case": chosen, "move": "execute", "reason": "", "query": "view=pending"}
    answer = client.post(LOG + "decide/", form)
    assert answer.headers["Location"] == LOG + "?view=pending"
    assert Violation.objects.filter(state="executed").count() == 1
    client.post(LOG + "decide/", form | {"reason": "事实清楚"})
    assert Violation.objects.filter(state="executed").count() == 3
    assert "dora" in client.get(f"{LOG}?person=dora").text


def test_a_violation_is_registered_and_its_appeal_decided(
    signed_in: SignedIn, alice: User, dora: User, shop: Shop
) -> None:
    admin, owner = signed_in(dora), signed_in(alice)
    form = {"shop_id": "plum", "clause": "4", "note": "推诿", "occurred_at": "2024-03-12T09:00"}
    assert admin.post(LOG + "new/", form | {"shop_id": "nobody"}).status_code == 200
    assert admin.post(LOG + "new/", form).status_code == 302
    case = Violation.objects.get()
    address = reverse("conduct_case", args=["plum", case.pk])
    assert "写申诉" in owner.get(address).text
    owner.post(address + "appeal/", {"statement": ""})
    assert not Appeal.objects.exists()
    owner.post(address + "appeal/", {"statement": "对话是另一家店的"})
    appeal = Appeal.objects.get()
    decide = f"/admin-desk/appeals/{appeal.pk}/decide/"
    admin.post(decide, {"move": "uphold", "reason": ""})
    admin.post(decide, {"move": "uphold", "reason": "查实"})
    case.refresh_from_db()
    assert case.state == "revoked"
    assert "查实" in owner.get(address).text


def test_a_reviewer_weighs_an_open_clause_on_its_page(
    signed_in: SignedIn, dora: User, shop: Shop
) -> None:
    case = violation(shop, clause="12", executed="2024-03-10 10:00")
    client = signed_in(dora)
    assert "待定性" in client.get(LOG).text
    assert "等待认定" in client.get(f"{LOG}{case.pk}/").text
    client.post(f"{LOG}{case.pk}/weigh/", {"kind": "severe", "points": 25, "reason": "情节重"})
    assert "由 0 分变为 25 分" in client.get(f"{LOG}{case.pk}/").text


def test_the_most_valuable_appeal_comes_first(
    signed_in: SignedIn, alice: User, cases: dict[str, Violation]
) -> None:
    shown = signed_in(alice).get("/s/plum/conduct/").text
    head = shown[: shown.index("全部违规")]
    assert head.index("s-now") < head.index("g-last")


def test_only_owners_and_admins_see_the_conduct_of_a_shop(
    signed_in: SignedIn, alice: User, bob: User, charlie: User, dora: User, shop: Shop
) -> None:
    case = violation(shop, executed="2024-03-10 10:00")
    other = violation(make_shop("cherry"), executed="2024-03-10 10:00")
    for path in ("/s/plum/conduct/", reverse("conduct_case", args=["plum", case.pk])):
        answers = [signed_in(user).get(path).status_code for user in (alice, dora, bob, charlie)]
        assert answers == [200, 200, 403, 404]
    assert signed_in(alice).get(LOG).status_code == 404
    foreign = reverse("conduct_case", args=["plum", other.pk])
    assert signed_in(alice).get(foreign).status_code == 404
