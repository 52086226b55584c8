"""People work on cases in the browser's forms: urgent ones first, many at once, back again."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.models import AfterSaleCase, CaseView, ReplyTemplate
from aftersales.selectors.case_filters import chosen_from
from aftersales.selectors.queue_counts import queues_and_answers
from stores.models import Shop, User
from tests.aftersales.conftest import MakeCase
from tests.conftest import NOON_ZERO, SignedIn
from tests.pages.cases import CASE, cases_build

HOUR = timedelta(hours=1)
PAGE = "/s/plum/aftersales/"
MOST_OF_A_CASE = 17
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def browser(bob: User, signed_in: SignedIn) -> Client:
    """Bob's."""
    return signed_in(bob)


def refs(text: str) -> list[str]:
    """The ids of the cases on the workbench in their order."""
    return re.findall(r'class="mono">([^<]+)</a><span class="second">', text)


def test_what_is_about_to_expire_or_chased_stands_first(
    browser: Client, make_case: MakeCase
) -> None:
    make_case("later", due_at=NOON_ZERO + 30 * HOUR)
    make_case("chased", due_at=NOON_ZERO + 40 * HOUR, chases=2)
    make_case("near", due_at=NOON_ZERO + HOUR)
    make_case("buyers", due_at=NOON_ZERO + HOUR, state="buyer_sends")
    make_case("over", due_at=NOON_ZERO - HOUR)
    make_case("done", outcome="completed", state="completed", closed_at=NOON_ZERO)
    text = browser.get(PAGE).text
    assert refs(text) == ["over", "near", "chased", "later", "buyers"]
    assert "3 件先处理" in text


def test_queues_count_what_they_show(shop: Shop, browser: Client, make_case: MakeCase) -> None:
    for number, state in enumerate(["review", "review", "receipt", "platform", "buyer_confirms"]):
        make_case(f"c{number}", state=state, due_at=NOON_ZERO + HOUR)
    make_case("done", outcome="closed", state="closed", closed_at=NOON_ZERO - HOUR)
    counts, _ = queues_and_answers(shop=shop, now=NOON_ZERO, days=1)
    for queue in ("open", "today", "chased", "review", "receipt", "buyer", "platform", "ended"):
        assert len(refs(browser.get(PAGE, {"queue": queue}).text)) == counts[queue], queue
    assert counts["review"] == 2


@pytest.mark.parametrize(("query", "found"), [
    ({"kind": "exchange"}, ["b"]), ({"reason": "质量"}, ["a", "b"]), ({"most": "20"}, ["b"]),
    ({"q": "a"}, ["a"]), ({"q": "o-b"}, ["b"]), ({"product": "zzz"}, []),
    ({"most": "abc", "kind": "nothing"}, ["a", "b", "c"]),
])  # fmt: skip
def test_filters_narrow_the_list(
    browser: Client, make_case: MakeCase, query: dict[str, str], found: list[str]
) -> None:
    make_case("a", order_ref="o-a")
    make_case("b", order_ref="o-b", kind="exchange", requested=1500)
    make_case("c", reason="不想要")
    assert sorted(refs(browser.get(PAGE, query).text)) == found


def test_the_next_step_is_one_click_and_can_be_taken_back(
    browser: Client, make_case: MakeCase
) -> None:
    case = make_case(kind="refund_shipped")
    answer = browser.post(
        f"{PAGE}cases/{case.pk}/step/", {"name": "refund", "version": 0, "next": PAGE}, follow=True
    )
    assert "c1：退款" in answer.text
    case.refresh_from_db()
    assert case.outcome == "completed"
    undo = re.search(r'action="([^"]*/undo/1/)"', answer.text)
    assert undo is not None
    browser.post(undo[1])
    case.refresh_from_db()
    assert case.outcome == "open"


def test_a_refusal_says_what_and_why(browser: Client, make_case: MakeCase) -> None:
    case = make_case()
    url = f"{PAGE}cases/{case.pk}/step/"
    assert (
        "没有这一步：退款" in browser.post(url, {"name": "refund", "version": 0}, follow=True).text
    )
    told = browser.post(url, {"name": "reject", "version": 0, "note": "旧"}, follow=True).text
    assert "驳回前要先登记与买家的联系" in told
    browser.post(url, {"name": "approve", "version": 0})
    told = browser.post(url, {"name": "approve", "version": 0}, follow=True).text
    assert "bob 刚刚改了这件售后（同意申请）" in told


def test_many_are_previewed_then_done_with_one_reason(browser: Client, make_case: MakeCase) -> None:
    make_case("a")
    make_case("b", kind="refund_shipped")
    make_case("c", state="receipt")
    ticked = {"case": ["a@0", "b@0", "c@0"], "name": "reject"}
    preview = browser.post(f"{PAGE}bulk/", ticked | {"name": "approve"}).text
    assert "同意申请：2 件" in preview
    assert "现在是「待收货」，不能同意申请" in preview
    both = {"case": ["a@0", "c@0"], "name": "reject", "note": "超过期限", "apply": "1"}
    told = browser.post(f"{PAGE}bulk/", both, follow=True).text
    assert "2 件没有处理" in told
    told = browser.post(f"{PAGE}bulk/", both | {"contact_at": "2024-03-01T11:00"}, follow=True).text
    assert "2 件已处理" in told
    assert AfterSaleCase.objects.filter(outcome="rejected").count() == 2


def test_a_view_is_kept_and_dropped(browser: Client, bob: User, make_case: MakeCase) -> None:
    query = chosen_from({"kind": "exchange"}).query()
    browser.post(f"{PAGE}views/", {"name": "早班", "query": query})
    view = CaseView.objects.get()
    assert f'href="?{query.replace("&", "&amp;")}">早班' in browser.get(PAGE).text
    browser.post(f"{PAGE}views/{view.pk}/drop/")
    assert not CaseView.objects.exists()


def test_the_page_of_a_case_tells_its_story(browser: Client, make_case: MakeCase) -> None:
    case = make_case(due_at=NOON_ZERO + HOUR, due_is_estimated=True)
    keep = f"{PAGE}cases/{case.pk}/keep/"
    browser.post(keep, {"what": "reply", "version": 0, "text": "稍等"})
    browser.post(keep, {"what": "note", "version": 1, "text": "批次 A17"})
    text = browser.get(f"{PAGE}cases/{case.pk}/").text
    for words in ("按规则推算", "已回复买家", "批次 A17", "还没签收，保障期还没开始", "质量问题"):
        assert words in text
    assert browser.get(f"{PAGE}cases/999999/").status_code == 404


def test_a_reply_is_filled_in_and_worded_anew(
    browser: Client, make_case: MakeCase, shop: Shop
) -> None:
    case = make_case()
    page = f"{PAGE}cases/{case.pk}/"
    assert "核对您的订单o1" in browser.get(page, {"template": "moment"}).text
    assert "运费险" not in browser.get(page).text.split('id="reply"')[1].split("</section>")[0]
    words = {
        "key": "moment",
        "version": 0,
        "group": "quick",
        "title": "稍等",
        "text": "马上【订单】",
    }
    browser.post(f"{PAGE}replies/", words)
    assert "马上o1" in browser.get(page, {"template": "moment"}).text
    assert "别人改过" in browser.post(f"{PAGE}replies/", words, follow=True).text
    browser.post(f"{PAGE}replies/", words | {"version": 1, "drop": "1"})
    assert ReplyTemplate.objects.get().is_hidden
    assert 'template=moment"' not in browser.get(page).text


def test_the_guarantee_is_switched_and_a_category_gets_its_days(
    browser: Client, shop: Shop
) -> None:
    page = f"{PAGE}guarantee/"
    assert "7 天" in browser.get(page).text
    browser.post(f"{page}days/", {"version": 0, "working_days": "yes"})
    assert "7 个工作日" in browser.get(page).text
    assert "别人改过" in browser.post(f"{page}days/", {"version": 0}, follow=True).text
    browser.post(f"{page}term/", {"category": "shirt", "days": 30})
    assert "30 天" in browser.get(page).text
    browser.post(f"{page}term/", {"category": "shirt"})
    assert 'value="shirt"' not in browser.get(page).text


def test_the_number_of_queries_does_not_grow(browser: Client, make_case: MakeCase) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE)
        return len(queries)

    make_case("first")
    few = asked()
    for number in range(30):
        make_case(f"c{number}", order_ref=f"o{number}")
    assert asked() <= few


def test_a_case_with_everything_asks_little(browser: Client, shop: Shop) -> None:
    cases_build(shop)
    with CaptureQueriesContext(connection) as asked:
        text = browser.get(f"{PAGE}cases/{CASE}/").text
    assert len(asked) <= MOST_OF_A_CASE
    # The other three are of the same SKU and of the same buyer.
    assert [text.count(f">{ref}<") for ref in ("200002", "200003", "200004")] == [2, 2, 2]


def test_a_step_goes_on_to_the_next_case_and_none_is_met_twice(
    browser: Client, make_case: MakeCase
) -> None:
    cases = [
        make_case(ref, due_at=NOON_ZERO + n * HOUR)
        for n, ref in enumerate(("a", "b", "c"), start=1)
    ]
    pages = [f"{PAGE}cases/{case.pk}/" for case in cases]
    # Passing over a case leads on, and from the last one back to the most urgent.
    for page, after in zip(pages, pages[1:] + pages[:1], strict=True):
        text = browser.get(page).text
        assert re.findall(r'href="([^"]+)" data-next-case', text) == [after]
        assert re.findall(r'name="next" value="([^"]+)" data-step-next', text) == [after]
    step = {"name": "approve", "version": 0, "next": pages[1]}
    assert browser.post(f"{pages[0]}step/", step)["Location"] == pages[1]
    # What waits for the buyer is no place to go on from: the most urgent comes next.
    assert f'href="{pages[1]}" data-next-case' in browser.get(pages[0]).text


def test_the_download_is_what_is_on_screen(browser: Client, make_case: MakeCase) -> None:
    make_case("a", reason="=1+1")
    make_case("b", kind="exchange")
    answer = browser.get(f"{PAGE}export/csv/", {"kind": "return_refund"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "'=1+1" in lines[1]


def test_a_narrowed_list_counts_itself_on_every_page(browser: Client, make_case: MakeCase) -> None:
    for number in range(27):
        make_case(f"c{number}", reason="质量问题" if number < 26 else "不想要")
    second = browser.get(PAGE, {"reason": "质量", "page": "2"}).text
    assert "第 26–26 条，共 26 条" in second
    assert len(refs(second)) == 1
