"""Advice on the score page: what is worth doing first, with its gain and its steps."""

import re

from shopguard.lib import formats
from tests.pages.market import Market
from tests.pages.reading import text_of
from tests.pages.test_receipt_page import number
from tests.pages.test_score_page import PLUM, page


def test_largest_gain_stands_first(market: Market) -> None:
    html = page(market.client("alice"), PLUM)
    panel = re.search(r'<ol class="advice-list">(.*?)</ol>', html, re.DOTALL)
    assert panel
    gains = [number(text) for text in re.findall(r'text-good">([^<]+)</b>', panel[1])]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] > 0
    assert "看拖后腿的记录" in text_of(panel[1])


def test_gain_of_the_advice_is_that_of_the_what_if(market: Market) -> None:
    client = market.client("alice")
    html = page(client, PLUM)
    first = re.search(
        r'advice-rank">1</span><b>[^<]+</b><span[^>]*>[^<]*→ ([\d.]+)(%?)[^<]*</span>'
        r"<b[^>]*>([^<]+)</b>.*?metrics/(\w+)/",
        html,
        re.DOTALL,
    )
    assert first
    target, _unit, gain, metric = first.groups()
    moved = page(client, f"{PLUM}what-if/?{metric}={target}")
    told = re.search(rf'id="effect-{metric}">.*?<b class="[^"]*">([^<]+)</b>', moved)
    assert told
    assert abs(number(told[1]) - number(gain)) < 0.01


def test_shop_without_a_total_gets_no_advice(market: Market) -> None:
    assert "先做哪一项最值" not in page(market.client("bob"), "/s/twig/score/")
    assert formats.UNKNOWN in page(market.client("bob"), "/s/twig/score/")
