"""The overview says how many goods come back for their quality, and whether that is usual."""

import re

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.models import ReturnSumsRow
from tests.pages.market import Market

LINES, QUALITY = 0, 2
SHOWN, YOUNG = 30, 10  # days on the panel, and how many of them may still grow


def returns_of(market: Market, name: str = "plum", who: str = "alice") -> str:
    """The words of the panel on a first look; empty where there is none."""
    cache.clear()
    html = market.client(who).get(f"/s/{name}/").content.decode()
    found = re.search(r'<section class="[^"]*" id="returns".*?</section>', html, re.DOTALL)
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", found[0] if found else "", flags=re.DOTALL)
    return " ".join(words.split())


def days_change(
    market: Market, quality: dict[int, int], lines: int = 400, newest: int = 90
) -> None:
    """So many lines on each of the newest days, none before them; ``quality`` returns by day,
    counted back from the newest, of the others one in a hundred.
    """
    row = ReturnSumsRow.objects.get(shop=market.shops["plum"], basis="signed")
    for at, day in enumerate(reversed(row.days)):
        day[LINES] = lines if at < newest else 0
        day[QUALITY] = quality.get(at, day[LINES] // 100)
    row.save()


def test_the_rate_stands_with_its_counts_its_day_and_its_range(market: Market) -> None:
    days_change(market, {})
    told = returns_of(market)
    assert told.startswith("品退率 近 30 天，按签收日 良好 1.00% 签收 12,000 件，品质退货 120 件")
    assert "每天都在正常范围里" in told
    assert f"近 {YOUNG} 天还会增加，不判断" in told


def test_the_table_holds_the_days_that_are_judged(market: Market) -> None:
    days_change(market, {})
    assert returns_of(market).count("1.00% 0.0%–") == SHOWN - YOUNG


def test_days_above_the_range_lately_are_urgent(market: Market) -> None:
    days_change(market, {YOUNG: 40, YOUNG + 1: 40})
    told = returns_of(market)
    assert "按签收日 紧急" in told
    assert "连续 2 天高出正常范围" in told
    assert told.count("10.00% 偏高") == 2


def test_one_day_above_it_says_when(market: Market) -> None:
    days_change(market, {SHOWN - 1: 40})
    told = returns_of(market)
    assert "按签收日 关注" in told
    assert "1 天高出正常范围 ，最近是 2月1日" in told


def test_young_days_are_not_judged(market: Market) -> None:
    days_change(market, dict.fromkeys(range(YOUNG), 200))
    assert "按签收日 良好" in returns_of(market)


def test_too_few_days_have_no_range(market: Market) -> None:
    days_change(market, {}, newest=1)
    told = returns_of(market)
    assert "按签收日 不足 1.00% 签收 400 件，品质退货 4 件" in told
    assert "天数还不够划正常范围" in told
    assert "走势图" not in told


def test_a_handful_of_lines_is_not_judged(market: Market) -> None:
    days_change(market, {}, lines=1, newest=19)
    told = returns_of(market)
    assert "按签收日 不足" in told
    assert "签收满 20 件才判断" in told


def test_nothing_signed_for_has_no_panel(market: Market) -> None:
    days_change(market, {}, newest=0)
    assert returns_of(market) == ""


def test_a_shop_no_night_has_counted_has_no_panel(market: Market) -> None:
    assert returns_of(market, "birch", "charlie") == ""


def test_it_asks_once_and_leaves_the_cuts_aside(market: Market) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert returns_of(market)
    table = ReturnSumsRow._meta.db_table
    own = [query["sql"] for query in asked.captured_queries if table in query["sql"]]
    assert len(own) == 1
    assert '"cuts"' not in own[0]
