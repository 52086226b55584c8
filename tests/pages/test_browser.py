"""The pages in a real Chromium: what only a browser can tell."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from servicescore.models.scores import published_through
from tests.pages.browser import CONTRAST, OVERFLOW, PHONE, Visitor, VisitorMaker, visitor_of
from tests.pages.cases import CASES
from tests.pages.every_page import PAGES
from tests.pages.market import market_build, score_night

# The mark is what makes pytest-django set up a test database at all.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PLUM = "/s/plum/score/"
# As the page marks cases whose parcel has come back.
WAIT_FOR_RECEIPT = "document.getElementsByName('case').forEach(box => box.dataset.step = 'receive')"
# One page of each layout.
LAYOUTS = (
    "sign-in", "shops of an admin", "shops that match nothing", "no shop", "score of an owner",
    "too few orders", "never scored", "metric of an owner", "metric of ops",
    "receipt of an owner", "explanation of an owner", "what if of an owner",
    "recovery of an owner", "rules of an admin", "search that finds orders", "password",
    "api tokens", "api documentation", "no such page",
)  # fmt: skip
KINDS = tuple(page for page in PAGES if page.name in LAYOUTS)
BASE_ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The market of today behind a real server; everything is removed at the end."""
    with django_db_blocker.unblock():
        day = published_through(timezone.now())
        market_build(day, nights=9)
        score_night(day + timedelta(days=1))  # ops and admins see it, pending
        live = LiveServer("127.0.0.1")
        yield live.url
        live.stop()
        with connection.cursor() as cursor:
            cursor.execute(END_OTHER_SESSIONS)
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def browser(server: str, chromium_path: str) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium_path, args=BASE_ARGS)
        yield browser
        browser.close()
        # Beside playwright's loop Django has a connection of its own; END_OTHER_SESSIONS ends it.
        connection.close()


@pytest.fixture
def visitor(browser: Browser, server: str) -> Iterator[VisitorMaker]:
    """Makes browser profiles; at the end none of them may have complained."""
    made: list[Visitor] = []

    def make(**options: object) -> Visitor:
        made.append(visitor_of(browser, server, **options))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    assert [complaint for one in made for complaint in one.complaints] == []


def at_score(person: Visitor) -> Page:
    """The score page before the eyes of the owner."""
    person.sign_in("alice")
    return person.open(PLUM)


def refused(page: Page) -> list[str]:
    return page.evaluate("window.refused")


def test_owner_signs_in_and_reads_the_score(visitor: VisitorMaker) -> None:
    person = visitor()
    assert person.sign_in("alice").url.endswith("/s/plum/")
    page = person.open(PLUM)
    expect(page.locator("h1")).to_contain_text("服务分")
    expect(page.locator(".fig-xl")).to_have_text(page.locator(".fig-xl").inner_text())
    assert 3 <= float(page.locator(".fig-xl").inner_text()) <= 5
    assert page.locator(".dimension").count() == 5
    assert refused(page) == []


def test_chart_is_drawn_and_its_table_is_one_click_away(visitor: VisitorMaker) -> None:
    page = at_score(visitor())
    lines = page.locator("#trend .scatterlayer .js-line")
    expect(lines).to_have_count(6)
    assert all(len(lines.nth(i).get_attribute("d") or "") > 10 for i in range(6))
    assert page.locator("#trend .modebar, #trend a").count() == 0
    page.click("#trend [data-show=table]")
    expect(page.locator("#trend table")).to_be_visible()
    expect(page.locator("#trend .chart-plot")).to_be_hidden()
    assert page.locator("#trend tbody tr").count() == 9
    assert refused(page) == []


def test_another_trend_is_drawn_without_a_new_page(visitor: VisitorMaker) -> None:
    page = at_score(visitor())
    page.evaluate("window.samePage = true")
    page.select_option("#trend-choice", "ship_on_time_rate")
    expect(page.locator("#trend-title")).to_have_text("发货及时率")
    expect(page.locator("#trend .scatterlayer .js-line")).to_have_count(1)
    assert page.url.endswith("?trend=ship_on_time_rate")
    assert page.evaluate("window.samePage")
    assert refused(page) == []


def test_slider_moves_the_total_without_a_new_page(visitor: VisitorMaker) -> None:
    person = visitor()
    person.sign_in("alice")
    page = person.open(f"{PLUM}what-if/")
    page.evaluate("window.samePage = true")
    slider = page.locator(".slider-row:has([name=reply_3min_rate]) .slider")
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator("#moved-count")).to_have_text("改了 1 项")
    expect(page.locator("#effect-reply_3min_rate b")).to_contain_text("+")
    assert "reply_3min_rate=100.00" in page.url
    assert page.evaluate("window.samePage")
    assert slider.evaluate("e => e === document.activeElement")
    page.locator("#chips-return_refund_hours .chip").first.click()
    expect(page.locator("#moved-count")).to_have_text("改了 2 项")
    assert refused(page) == []


def test_theme_changes_at_once_with_the_chart_and_stays(visitor: VisitorMaker) -> None:
    page = at_score(visitor(color_scheme="light"))
    line = page.locator("#trend .scatterlayer .js-line").first
    before = (line.evaluate(STROKE), page.evaluate(GROUND))
    page.click(".top summary[aria-label=外观]")
    page.click(".top [name=theme][value=dark]")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(line).not_to_have_css("stroke", before[0])
    assert page.evaluate(GROUND) != before[1]
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_language_changes_and_stays(visitor: VisitorMaker) -> None:
    page = at_score(visitor())
    page.click(".top [name=language][value=en]")
    expect(page.locator("h1")).to_contain_text("Service score")
    assert page.url.endswith(PLUM)
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.click(".top [name=language][value=zh-hans]")
    expect(page.locator("h1")).to_contain_text("服务分")


def test_ops_switch_the_shop(visitor: VisitorMaker) -> None:
    page = visitor().sign_in("bob")
    page.click(".shop-switch summary")
    page.click(".shop-switch >> text=梅子小铺")
    expect(page.locator(".shop-switch summary")).to_contain_text("梅子小铺")
    page.click(".shop-switch summary")
    page.keyboard.press("Escape")
    expect(page.locator(".shop-switch .menu-body")).to_be_hidden()


def test_search_narrows_while_typing(visitor: VisitorMaker) -> None:
    page = visitor().sign_in("dora")
    page.evaluate("window.samePage = true")
    page.keyboard.press("/")
    page.keyboard.type("梅子")
    expect(page.locator(".shop-row")).to_have_count(1)
    assert page.evaluate("window.samePage")
    assert "q=" in page.url
    assert page.locator("#shop-search").evaluate("e => e === document.activeElement")


def test_ticked_cases_are_summed_up_and_offered_their_common_step(visitor: VisitorMaker) -> None:
    person = visitor()
    person.sign_in("dora")
    page = person.open("/s/lone/aftersales/")
    page.evaluate(WAIT_FOR_RECEIPT)
    page.check("[data-tick-all]")
    expect(page.locator("[data-bulk-count]")).to_have_text(f"已选 {CASES} 件")
    expect(page.locator("[data-bulk-sum]")).to_have_text(f"申请退款共 {99 * CASES}.00 元")
    expect(page.locator("#bulk-name")).to_have_value("receive")
    page.uncheck("input[name=case] >> nth=0")
    assert page.locator("[data-tick-all]").evaluate("box => box.indeterminate")
    expect(page.locator("[data-bulk-sum]")).to_have_text(f"申请退款共 {99 * (CASES - 1)}.00 元")
    page.select_option("#bulk-name", "extend")
    page.check("input[name=case] >> nth=0")
    expect(page.locator("#bulk-name")).to_have_value("extend")
    assert page.locator("[data-tick-all]").is_checked()


def test_the_header_searches_by_one_key_and_leads_to_the_case(visitor: VisitorMaker) -> None:
    page = visitor().sign_in("dora")
    page.goto(page.url.rstrip("/") + "/s/lone/score/")
    page.keyboard.press("/")
    page.keyboard.type("200002")
    page.keyboard.press("Enter")
    expect(page.locator(".found-head b")).to_have_text("200002")
    page.click(".found-order a[href*='/aftersales/cases/']")
    expect(page.locator(".crumbs [aria-current=page]")).to_have_text("200002")


def test_a_phone_searches_on_a_page_of_its_own(visitor: VisitorMaker) -> None:
    page = visitor(viewport=PHONE).sign_in("dora")
    page.goto(page.url.rstrip("/") + "/s/lone/score/")
    expect(page.locator(".top-search")).to_be_hidden()
    page.click("[data-search-link]")
    expect(page.locator("main [name=q]")).to_be_focused()
    page.keyboard.type("20000")
    page.keyboard.press("Enter")
    expect(page.locator(".found-order")).to_have_count(4)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_fit_a_phone_and_every_text_is_readable(visitor: VisitorMaker, language: str) -> None:
    found: dict[str, list[str]] = {}
    for who in sorted({page.who for page in KINDS}):
        person = visitor(viewport=PHONE, color_scheme="light")
        cookie = {"name": "django_language", "value": language, "url": person.base}
        person.context.add_cookies([cookie])
        if who:
            person.sign_in(who)
        for entry in (page for page in KINDS if page.who == who):
            found[entry.name] = wrong_with(person.open(entry.path))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def wrong_with(page: Page) -> list[str]:
    """What sticks out at 390 px, what is hard to read by day and by night, what was refused."""
    wrong = [*page.evaluate(OVERFLOW), *page.evaluate(CONTRAST)]
    page.emulate_media(color_scheme="dark")
    page.evaluate(NEXT_FRAMES)
    wrong += page.evaluate(CONTRAST)
    page.emulate_media(color_scheme="light")
    return [*wrong, *refused(page)]


def test_wide_pages_are_readable_by_day_and_by_night(visitor: VisitorMaker) -> None:
    person = visitor(color_scheme="light")
    person.sign_in("bob")
    for path in ("/", PLUM):
        assert wrong_with(person.open(path)) == []


def test_keyboard_reaches_everything_and_shows_where_it_is(visitor: VisitorMaker) -> None:
    page = visitor().sign_in("bob")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.reload()
    reachable = page.evaluate(COUNT_STOPS)
    seen = 0
    for _ in range(reachable):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["body"]:
            break
        assert stop["ring"], stop
        seen += 1
    assert seen >= reachable - 1


def test_menu_works_by_keyboard(visitor: VisitorMaker) -> None:
    page = visitor().sign_in("alice")
    page.focus(".user-menu summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".user-menu [data-keys-open]")).to_be_focused()
    while not page.evaluate("document.activeElement.matches('.user-menu [type=submit]')"):
        assert page.evaluate("document.activeElement.closest('.user-menu') !== null")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/")


def test_drawer_opens_on_a_phone_keeps_the_focus_and_closes(visitor: VisitorMaker) -> None:
    page = visitor(viewport=PHONE).sign_in("bob")
    page.click(".tabbar [data-drawer-open]")
    expect(page.locator(".side")).to_be_in_viewport()
    expect(page.locator("[data-drawer-close]").first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.side') !== null")
    page.keyboard.press("Escape")
    expect(page.locator(".side")).not_to_be_in_viewport()
    expect(page.locator(".tabbar [data-drawer-open]")).to_be_focused()


def test_everything_works_without_javascript(visitor: VisitorMaker) -> None:
    person = visitor(java_script_enabled=False)
    page = person.sign_in("dora")
    page.fill("#shop-search", "梅子")
    page.click("button:has-text('筛选')")
    assert page.locator(".shop-row").count() == 1
    page.click(".shop-row a")
    page.click(".side a[href$='/score/']")
    expect(page.locator("#trend table")).to_be_visible()
    page.select_option("#trend-choice", "ship_on_time_rate")
    page.click(".trend-choice button")
    expect(page.locator("#trend-title")).to_have_text("发货及时率")
    page.click("#ship_on_time_rate summary")
    expect(page.locator("#ship_on_time_rate-definition")).to_be_visible()
    page.click(".top summary[aria-label=外观]")
    page.click(".top [name=theme][value=dark]")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.click(".top [name=language][value=en]")
    expect(page.locator("h1")).to_contain_text("Service score")
    page.click(".user-menu summary")
    page.click(".user-menu [type=submit]")
    page.wait_for_url("**/sign-in/")


def test_the_weekly_report_prints_on_one_sheet_of_a4_without_a_cut_line(
    visitor: VisitorMaker,
) -> None:
    one = visitor(viewport={"width": 703, "height": 1017})
    one.sign_in("alice")
    page = one.open("/s/plum/diagnostics/week/")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
    page.emulate_media(media="print")
    assert page.evaluate(CUT_SIDEWAYS) == []


CUT_SIDEWAYS = """() => [...document.querySelectorAll(".week, .week *")].filter(
  (part) => part.clientWidth && part.scrollWidth > part.clientWidth + 1
).map((part) => part.outerHTML.slice(0, 80))"""
# A thread of the server may still hold a connection to the test database.
END_OTHER_SESSIONS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# The chart is drawn anew in the frame after the theme changed.
NEXT_FRAMES = """() => new Promise(
  (done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)))
)"""
STROKE = "line => getComputedStyle(line).stroke"
GROUND = "getComputedStyle(document.body).backgroundColor"
COUNT_STOPS = """() => [...document.querySelectorAll(
  "a[href], button, summary, select, input:not([type=hidden]), [tabindex='0']"
)].filter(
  (stop) => stop.tabIndex >= 0 && stop.checkVisibility({ checkVisibilityCSS: true })
).length"""
STOP = """() => {
  const stop = document.activeElement;
  const style = getComputedStyle(stop);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return { body: stop === document.body, ring, tag: stop.outerHTML.slice(0, 120) };
}"""
