"""The overview of a shop: the answer, why, what to do today, and how each state looks."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from aftersales.models import AfterSaleCase
from servicescore.models import ScoreRevision
from shopguard.lib import formats
from shopguard.lib.days import at_hour
from stores.models import ImportBatch, Order, Review
from stores.panels import _panels
from stores.panels import todo as todo_panel
from stores.panels._declare import Panel
from tests.conftest import DAY_ZERO
from tests.factories import fill, make_order, make_shop
from tests.pages.conftest import AFTERNOON
from tests.pages.market import Market
from tests.pages.reading import attributes, text_of

PLUM = "/s/plum/"
HOUR = timedelta(hours=1)


def page(client: Client, path: str = PLUM) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def panel(html: str, name: str) -> str:
    found = re.search(rf'<section class="[^"]*" id="{name}".*?</section>', html, re.DOTALL)
    assert found, f"there is no panel {name}"
    return found[0]


def panels(html: str) -> list[str]:
    return re.findall(r'<section class="panel overview-\w+" id="(\w+)"', html)


def unshipped(market: Market, due_in: timedelta, **fields: object) -> Order:
    return make_order(market.shops["plum"], ship_by=AFTERNOON + due_in, **fields)


def revisions(market: Market, name: str) -> list[ScoreRevision]:
    return list(ScoreRevision.objects.filter(shop=market.shops[name]).order_by("date"))


def test_the_only_shop_of_a_person_opens_with_its_overview(market: Market) -> None:
    assert market.client("alice").get("/").headers["Location"] == PLUM


def test_title_is_the_answer_and_the_score_stands_with_change_and_rank(market: Market) -> None:
    html = page(market.client("alice"))
    before, newest = revisions(market, "plum")[-2:]
    total = formats.score(newest.total)
    assert total in text_of(re.findall(r"<h1>.*?</h1>", html, re.DOTALL)[0])
    score = text_of(panel(html, "score"))
    assert total in score
    assert (
        f"超过 {formats.percent(newest.percentile, 0)} 的同行（服饰 {newest.peers_n} 家）" in score
    )
    if formats.rounded(newest.total, 2) != formats.rounded(before.total, 2):
        assert f"较昨日 {formats.score(before.total)}" in score
    assert "数据截至 2月29日 24:00" in text_of(html)


def test_how_sure_the_total_is_stands_beside_it(market: Market) -> None:
    said = re.search(
        r"八成可能在 (\d\.\d\d)–(\d\.\d\d)", text_of(panel(page(market.client("alice")), "score"))
    )
    assert said
    low, high = map(float, said.groups())
    assert low <= round(revisions(market, "plum")[-1].total, 2) <= high


def test_every_dimension_has_a_row(market: Market) -> None:
    score = text_of(panel(page(market.client("alice")), "score"))
    for label, value in revisions(market, "plum")[-1].dimensions.items():
        assert value["score"] is not None, label
        assert formats.score(value["score"]) in score


def test_before_noon_the_owner_sees_yesterdays_score_and_ops_the_pending_one(
    market: Market, afternoon: time_machine.Traveller
) -> None:
    afternoon.move_to(at_hour(DAY_ZERO, 9))
    before, newest = (formats.number(row.total, 3) for row in revisions(market, "plum")[-2:])
    assert before != newest
    assert f"→ {before}" in text_of(panel(page(market.client("alice")), "why"))
    assert f"→ {newest}" in text_of(panel(page(market.client("bob")), "why"))


def test_the_change_is_told_metric_by_metric(market: Market) -> None:
    before, newest = revisions(market, "plum")[-2:]
    why = text_of(panel(page(market.client("alice")), "why"))
    assert formats.signed(newest.total - before.total, 3) in why
    assert f"{formats.number(before.total, 3)} → {formats.number(newest.total, 3)}" in why


def test_shipments_stand_by_deadline_with_time_left_and_worth(market: Market) -> None:
    unshipped(market, 2 * HOUR)
    unshipped(market, -5 * HOUR)
    todo = text_of(panel(page(market.client("alice")), "todo"))
    assert todo.index("补发 1 单已超时的订单") < todo.index("发出 1 单即将超时的订单")
    assert "已超 5 小时 今天 10:00" in todo
    assert "2 小时 今天 17:00" in todo
    assert re.search(r"不做约 −0\.\d{3} 分", todo)


def test_what_has_no_deadline_comes_last(market: Market) -> None:
    unshipped(market, 20 * HOUR)
    fill(
        Review,
        "r",
        shop=market.shops["plum"],
        rating=2,
        replied_at=None,
        created_at=AFTERNOON - HOUR,
    )
    todo = text_of(panel(page(market.client("alice")), "todo"))
    assert todo.index("发出 1 单") < todo.index("回复 1 条中差评")
    assert "尽快 无固定期限" in todo


@pytest.mark.parametrize(("most", "is_folded"), [(1, True), (2, False)])
def test_only_a_long_list_folds_what_has_no_deadline(
    market: Market, monkeypatch: pytest.MonkeyPatch, most: int, *, is_folded: bool
) -> None:
    monkeypatch.setattr(todo_panel, "MOST_OPEN", most)
    unshipped(market, 20 * HOUR)
    bad = {"rating": 2, "replied_at": None, "created_at": AFTERNOON - HOUR}
    fill(Review, "r", shop=market.shops["plum"], **bad)
    todo = panel(page(market.client("alice")), "todo")
    (fold,) = re.findall(r"<details[^>]*>.*?</details>", todo, re.DOTALL)
    assert "发出 1 单" not in fold
    assert "回复 1 条中差评" in fold
    assert ('data-fold="closed"' in fold, " open " in fold.split(">")[0]) == (
        is_folded, not is_folded,
    )  # fmt: skip


def test_urgent_tasks_are_counted_under_the_title_and_the_first_is_named(market: Market) -> None:
    unshipped(market, HOUR)
    fill(
        AfterSaleCase, "c", shop=market.shops["plum"], outcome="open", closed_at=None,
        due_at=AFTERNOON + 3 * HOUR,
    )  # fmt: skip
    text = text_of(page(market.client("alice")))
    assert "先处理 2 件紧急 的事" in text
    assert "先发出 1 单即将超时的订单 1 小时，另有 1 件紧急" in text


def test_a_line_leads_to_the_page_where_it_is_done(market: Market) -> None:
    unshipped(market, HOUR)
    html = panel(page(market.client("alice")), "todo")
    assert ("a", reverse("orders", args=["plum"])) in attributes(html, "href")


def test_nothing_due_is_said_with_something_to_do_better(market: Market) -> None:
    html = panel(page(market.client("alice")), "todo")
    assert "今天没有到期的事" in text_of(html)
    assert ("a", "/s/plum/score/#metrics") in attributes(html, "href")


def test_files_stand_with_their_age_and_those_that_never_came(market: Market) -> None:
    batch = {"shop": market.shops["plum"], "status": ImportBatch.Status.APPLIED}
    fill(ImportBatch, "a", kind="orders", as_of=AFTERNOON - 2 * HOUR, **batch)
    fill(ImportBatch, "b", kind="reviews", as_of=AFTERNOON - timedelta(days=4), **batch)
    text = text_of(panel(page(market.client("alice")), "freshness"))
    assert "订单 2 小时前 今天 13:00" in text
    assert text.index("评价 4 天前 2月26日 15:00") < text.index("订单")
    assert "从没导入过：售后、投诉工单、咨询、超期报备" in text
    todo = text_of(panel(page(market.client("alice")), "todo"))
    assert "导入 1 种没更新的文件 超过 3 天没有新文件" in todo


def test_a_new_shop_is_told_to_import_and_what_is_left_of_opening_it(market: Market) -> None:
    html = page(market.client("charlie"), "/s/empty/")
    assert "还没有数据，先导入订单" in text_of(html)
    assert ("a", "/s/empty/imports/") in attributes(html, "href")
    assert panels(html) == ["opening"]
    assert "完成基础设置" in text_of(panel(html, "opening"))


def test_orders_without_a_score_have_their_tasks_already(market: Market) -> None:
    make_order(make_shop("fresh", name="刚来的店"), ship_by=AFTERNOON + HOUR)
    html = page(market.client("dora"), "/s/fresh/")
    assert "订单到了，今晚算第一次服务分" in text_of(html)
    assert panels(html) == ["todo", "conduct", "freshness"]
    assert "发出 1 单" in text_of(panel(html, "todo"))


def test_too_few_orders_are_counted(market: Market) -> None:
    html = page(market.client("bob"), "/s/twig/")
    assert "近 180 天签收 24 单， 还差 6 单 才计算总分" in text_of(panel(html, "score"))
    assert "why" not in panels(html)
    assert "trend" not in panels(html)


def test_an_industry_without_scores_says_so(market: Market) -> None:
    html = page(market.client("dora"), "/s/class/")
    assert "本地生活行业不参与服务分" in text_of(panel(html, "score"))
    assert "行业不评分" in text_of(panel(html, "score"))


def test_a_late_night_is_amber_and_says_what_is_shown(market: Market) -> None:
    html = page(market.client("dora"), "/s/late/")
    assert "asof-late" in html
    assert "今天的分数还没算出来" in text_of(html)


def test_owners_wait_until_noon_where_ops_see_the_pending_score(
    market: Market, afternoon: time_machine.Traveller
) -> None:
    afternoon.move_to(at_hour(DAY_ZERO, 9))
    assert "今天的分数待发布" in text_of(page(market.client("bob")))
    assert "今天的分数待发布" not in text_of(page(market.client("alice")))


def test_a_panel_that_fails_fails_alone(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(visit: object) -> None:
        raise RuntimeError("no luck")

    freshness = _panels["freshness"]
    copy = Panel(**{**vars(freshness), "read": broken})
    monkeypatch.setitem(_panels, "freshness", copy)
    html = page(market.client("alice"))
    failed = text_of(panel(html, "freshness"))
    assert "这一块没有读出来" in failed
    assert "no luck" not in html
    assert re.search(r"编号 \S+", failed)
    assert panels(html) == ["score", "todo", "why", "returns", "conduct", "trend", "freshness"]


def test_a_panel_is_for_its_roles_only(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = Panel(**{**vars(_panels["freshness"]), "roles": frozenset({"ops"})})
    monkeypatch.setitem(_panels, "freshness", copy)
    assert "freshness" in panels(page(market.client("bob")))
    assert "freshness" not in panels(page(market.client("alice")))


def test_a_file_of_another_shop_is_not_told_of(market: Market) -> None:
    applied = ImportBatch.Status.APPLIED
    fill(ImportBatch, "x", shop=market.shops["lone"], kind="orders", status=applied)
    fill(ImportBatch, "y", shop=None, kind="reviews", status=applied)
    assert "还没有文件来过" in text_of(panel(page(market.client("alice")), "freshness"))
