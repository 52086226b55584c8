"""What is true of every page: language, links, buttons, landmarks, and how often it asks."""

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_shop
from tests.pages.every_page import PAGES, Page
from tests.pages.market import PEERS, Market, fill_days, score_night
from tests.pages.reading import attributes, text_of

SPOKEN = ("aria-label", "title", "placeholder", "alt", "content")
CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]+")
# What stays Chinese in English: the switch, the product's other name, names of shops.
ALSO_CHINESE = ("中文", "店铺守护")
# Latin words of the Chinese pages: the switch, the product's name, accounts, codes.
# Its subject are headers, codes and fields, which have one name only.
FOR_PROGRAMS = ("api documentation",)
LATIN = re.compile(r"\b[A-Za-z]{3,}\b")


def on_every_page(
    market: Market, wrong_with: Callable[[Page, str], object], language: str = "zh-hans"
) -> None:
    """Fails with what ``wrong_with`` finds wrong, page by page; it gets the page and its HTML."""
    found = {page.name: wrong_with(page, html_of(page, market, language)) for page in PAGES}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def html_of(page: Page, market: Market, language: str = "zh-hans") -> str:
    client = page.client(market)
    client.cookies["django_language"] = language
    response = client.get(page.path)
    assert response.status_code == page.status
    return response.content.decode()


def test_english_page_is_english_throughout(market: Market) -> None:
    names = sorted((shop.name for shop in market.shops.values()), key=len, reverse=True)

    def chinese(page: Page, html: str) -> list[str]:
        assert '<html lang="en"' in html
        # What is written to buyers stays as the shop words it, marked with its language.
        html = re.sub(r'<(?!html)[^>]*lang="zh-CN"[^>]*>[^<]*', "", html)
        spoken = [text_of(html), *(value for _, value in attributes(html, *SPOKEN))]
        text = " ".join(spoken)
        for word in (*names, *ALSO_CHINESE, *(name[0] for name in names)):
            text = text.replace(word, "")
        return CHINESE.findall(text)

    on_every_page(market, chinese, "en")


def test_chinese_page_is_chinese_throughout(market: Market) -> None:
    known = {
        "ShopGuard",
        "API",
        "CSV",
        "PDF",
        "XLSX",
        "JSON",
        "SKU",
        "mid",  # of mid-p, a name of a test
        *market.people,
        *market.shops,
        "peer",
    }

    def foreign(page: Page, html: str) -> set[str]:
        assert '<html lang="zh-CN"' in html
        if page.name in FOR_PROGRAMS:
            return set()
        codes = re.sub(r'<code.*?</code>|<[^>]*class="mono"[^>]*>[^<]*', "", html)
        return set(LATIN.findall(text_of(codes))) - known

    on_every_page(market, foreign)


def test_every_link_leads_somewhere(market: Market) -> None:
    visited: dict[tuple[str, str], int] = {}

    def status(page: Page, target: str) -> int:
        where = urljoin(page.path, target)
        if (page.who, where) not in visited:
            visited[page.who, where] = page.client(market).get(where).status_code
        return visited[page.who, where]

    def dead(page: Page, html: str) -> list[str]:
        ids = {value for _, value in attributes(html, "id")}
        links = {target for tag, target in attributes(html, "href", "hx-get") if tag != "link"}
        inside = [target for target in links if target.startswith("#")]
        outside = links.difference(inside)
        lost = [target for target in inside if target[1:] not in ids]
        return lost + [target for target in outside if status(page, target) not in (200, 302)]

    on_every_page(market, dead)


def test_every_button_does_something(market: Market) -> None:
    def dead(page: Page, html: str) -> list[str]:
        outside = re.sub(r"<form\b.*?</form>", "", html, flags=re.DOTALL)
        buttons = re.findall(r"<button\b[^>]*>", outside)
        forms = re.findall(r"<form\b.*?</form>", html, flags=re.DOTALL)
        return [button for button in buttons if "data-" not in button] + [
            form for form in forms if "<button" not in form and 'role="search"' not in form
        ]

    on_every_page(market, dead)


def test_every_form_that_changes_something_carries_its_token(market: Market) -> None:
    def without(page: Page, html: str) -> list[str]:
        forms = re.findall(r'<form\b[^>]*method="post".*?</form>', html, flags=re.DOTALL)
        return [form for form in forms if "csrfmiddlewaretoken" not in form]

    on_every_page(market, without)


def test_one_heading_landmarks_a_title_and_a_way_past_the_navigation(market: Market) -> None:
    def missing(page: Page, html: str) -> list[str]:
        ids = [value for _, value in attributes(html, "id")]
        facts = {
            "one h1": html.count("<h1") == 1,
            "one main": html.count("<main") == 1,
            "skip link": 'href="#main"' in html,
            "title": bool(re.search(r"<title>\s*\S.* · 店铺守护</title>", html)),
            "unique ids": len(ids) == len(set(ids)),
        }
        return [name for name, holds in facts.items() if not holds]

    on_every_page(market, missing)


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(market: Market) -> None:
    def strange(page: Page, html: str) -> list[object]:
        inline = attributes(html, "style", "onclick", "onload", "onchange", "onsubmit")
        scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", html)
        targets = attributes(html, "src", "href", "action")
        return [*inline, *scripts, *(target for _, target in targets if urlsplit(target).netloc)]

    on_every_page(market, strange)


# Queries of each page, all told: session, person, door, shell and content.
QUERIES = {
    "settings of an owner": 10,
    "settings of an admin": 10,
    "how I am told": 12,
    "how an admin is told": 12,
    "an address to confirm": 4,
    "sign-in": 3,
    "shops of an admin": 12,
    "shops of ops": 12,
    "shops that match nothing": 9,
    "no shop": 5,
    "overview of a new shop": 14,
    "overview of an owner": 19,
    "overview of ops": 18,
    "overview with too few orders": 16,
    "overview never scored": 17,
    "overview of a late score": 19,
    "score of an owner": 12,
    "score of ops": 12,
    "score of an admin": 12,
    "trend of a metric": 12,
    "too few orders": 10,
    "never scored": 10,
    "estimate": 12,
    "late score": 12,
    "metric of an owner": 12,
    "metric of ops": 12,
    "metric without a score": 13,
    "metric of an estimate": 12,
    "earlier score": 12,
    "explanation of an owner": 10,
    "explanation of a first day": 9,
    "explanation with too few orders": 10,
    "what if of an owner": 8,
    "what if with too few orders": 8,
    "recovery of an owner": 12,
    "recovery with too few orders": 8,
    "receipt of an owner": 7,
    "receipt with too few orders": 7,
    "receipt never scored": 7,
    "rules of an owner": 10,
    "rules of an admin": 11,
    "rules with too few orders": 11,
    "worth of an owner": 13,
    "worth of products of ops": 10,
    "planned promotion of ops": 10,
    "trials of ops": 12,
    "model check of an owner": 9,
    "fee model of all shops": 5,
    "cases to work on": 13,
    "findings": 14,
    "one finding": 13,
    "search of ops": 6,
    "search that finds orders": 12,
    "search that finds nothing": 13,
    "returns day by day": 9,
    "returns day by day by application": 9,
    "cuts of returns": 8,
    "cut by application": 8,
    "goods that come back": 10,
    "one product": 12,
    "rows behind a number": 8,
    "one fix": 12,
    "fixes": 10,
    "no fixes": 8,
    "what returns cost": 10,
    "late parcels to write about": 9,
    "buyers to win back": 10,
    "week of returns": 11,
    "returns never counted": 7,
    "service of an owner": 13,
    "service of an admin": 13,
    "service mode of an owner": 13,
    "service mode of ops": 13,
    "quality samples of ops": 11,
    "violations of an owner": 11,
    "rota of ops": 9,
    "imports of an owner": 9,
    "imports of an admin": 9,
    "password": 4,
    "password changed": 4,
    "api tokens": 5,
    "api documentation": 4,
    "runs": 8,
    "audit log": 9,
    "audit log without a match": 9,
    "notifications": 6,
    "onboarding": 6,
    "onboarding of nobody's": 5,
    "onboarding of an opened shop": 8,
    "application draft": 8,
    "application submitted": 8,
    "application info_requested": 8,
    "application approved": 8,
    "application rejected": 8,
    "application opened": 10,
    "application read by an admin": 8,
    "application draft at the desk": 8,
    "application submitted at the desk": 8,
    "application info_requested at the desk": 8,
    "application approved at the desk": 8,
    "application rejected at the desk": 8,
    "application opened at the desk": 10,
    "applications": 8,
    "applications without a match": 8,
    "shops at the desk": 9,
    "people at the desk": 7,
    "no such page": 4,
    "foreign shop": 5,
}


# What a page may ask; at its first look at a new score it also reads what is kept afterwards.
MOST_QUERIES, MOST_AT_FIRST = 12, 19


def queries(page: Page, market: Market, *, again: bool = False) -> int:
    client = page.client(market)
    if not again:
        cache.clear()
    with CaptureQueriesContext(connection) as asked:
        client.get(page.path)
    return len(asked)


def test_pages_ask_as_often_as_recorded(market: Market) -> None:
    assert {page.name: queries(page, market) for page in PAGES} == QUERIES
    assert max(QUERIES.values()) <= MOST_AT_FIRST


def test_pages_seen_before_ask_little(market: Market) -> None:
    long = [page for page in PAGES if QUERIES[page.name] > MOST_QUERIES]
    asked = {page.name: (queries(page, market), queries(page, market, again=True)) for page in long}
    assert {name: again for name, (_first, again) in asked.items() if again > MOST_QUERIES} == {}


def test_more_shops_cost_no_more_queries(market: Market) -> None:
    def asked_among(names: range) -> dict[str, int]:
        for number in names:
            shop = make_shop(f"more-{number}", name=f"更多 {number}", industry="apparel")
            fill_days(shop, market.day, skill=0.5)
        score_night(market.day)
        return {page.name: queries(page, market) for page in PAGES}

    assert asked_among(range(PEERS)) == asked_among(range(PEERS, 2 * PEERS))
