"""Any published score date can be opened, with every computation of it."""

from datetime import date, timedelta

import time_machine

from servicescore.models import DailyRow, ScoreRevision
from shopguard.lib import formats
from shopguard.lib.days import at_hour
from tests.conftest import DAY_ZERO
from tests.factories import make_member, make_shop
from tests.pages.market import Market, fill_days, score_night
from tests.pages.reading import text_of
from tests.pages.test_score_page import PLUM, page

YESTERDAY = DAY_ZERO - timedelta(days=1)
BEFORE_2022 = date(2022, 8, 10)


def total(market: Market, day: date, revision: int) -> str:
    found = ScoreRevision.objects.get(shop=market.shops["plum"], date=day, revision=revision)
    return formats.score(found.total)


def test_an_earlier_date_is_opened_by_its_address(market: Market) -> None:
    text = text_of(page(market.client("alice"), f"{PLUM}?date={YESTERDAY}"))
    assert f"这是 {YESTERDAY} 的分数" in text
    assert total(market, YESTERDAY, 1) in text
    assert "没有更正" in text


def test_a_date_without_a_score_does_not_exist(market: Market) -> None:
    client = market.client("alice")
    assert client.get(f"{PLUM}?date=2020-01-01").status_code == 404
    assert client.get(f"{PLUM}?date=yesterday").status_code == 200


def test_a_correction_keeps_what_was_published(market: Market) -> None:
    DailyRow.objects.filter(shop=market.shops["plum"]).update(dispute_rate_num=1)
    score_night(YESTERDAY)
    client = market.client("alice")
    html = page(client, f"{PLUM}?date={YESTERDAY}")
    assert "第 2 次" in text_of(html)
    assert "补录或更正的数据" in text_of(html)
    assert f"?date={YESTERDAY}&amp;revision=1" in html
    first = text_of(page(client, f"{PLUM}?date={YESTERDAY}&revision=1"))
    assert "第 1 次计算，后来有更正" in first
    assert total(market, YESTERDAY, 1) in first
    assert total(market, YESTERDAY, 1) != total(market, YESTERDAY, 2)
    assert total(market, YESTERDAY, 2) in text_of(html)


def test_while_a_score_is_pending_staff_see_what_the_owner_sees(
    market: Market, afternoon: time_machine.Traveller
) -> None:
    afternoon.move_to(at_hour(DAY_ZERO, 9))
    text = text_of(page(market.client("bob")))
    assert f"店主现在看到的是 2月29日 的 {total(market, YESTERDAY, 1)}" in text


def test_dates_of_the_old_rules_show_their_own_weights(market: Market) -> None:
    shop = make_shop("veteran", name="老店", industry="shoes")
    fill_days(shop, BEFORE_2022, skill=0.6)
    days = DailyRow.objects.filter(shop=shop)
    days.update(collect_on_time_rate_num=4, collect_on_time_rate_den=4)
    days.update(delivery_hours_num=4 * 50 * 3600, delivery_hours_den=4)
    score_night(BEFORE_2022, "shoes")
    make_member(market.people["alice"], shop, "owner")
    client = market.client("alice")
    html = page(client, f"/s/veteran/score/?date={BEFORE_2022}")
    text = text_of(html)
    assert "店铺分（2022 年 8 月前）" in text
    for weight in ("权重 25%", "权重 20%", "权重 10%"):
        assert weight in text
    assert "物流体验 25%" in text
    assert "揽收及时率" in text
    assert "支签时长" not in text
    metric = page(client, f"/s/veteran/score/metrics/delivery_hours/?date={BEFORE_2022}")
    assert "50.0" in text_of(metric)
    missing = f"/s/veteran/score/metrics/pay_to_sign_hours/?date={BEFORE_2022}"
    assert client.get(missing).status_code == 404
