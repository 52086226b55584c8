"""The import page in a real Chromium: dropped, sent without a script, read on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from stores.models import Order, Role, User
from tests.factories import make_member, make_shop, make_user
from tests.imports_web.conftest import orders_csv, work
from tests.pages.browser import CONTRAST, OVERFLOW, PHONE, Visitor, VisitorMaker, visitor_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/s/plum/imports/"
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/csv" }));
  for (const kind of ["dragover", "drop"]) {
    document.getElementById("drop").dispatchEvent(
      new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def owner(transactional_db: None) -> User:
    """Alice, who owns the plum shop."""
    return make_member(make_user("alice"), make_shop("plum", name="梅子小铺"), Role.OWNER)


@pytest.fixture
def visitor(browser: Browser, live_server: LiveServer, owner: User) -> Iterator[VisitorMaker]:
    """Makes browser profiles; at the end none of them may have complained."""
    made: list[Visitor] = []

    def make(**options: object) -> Visitor:
        made.append(visitor_of(browser, live_server.url, **options))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    complaints = [complaint for one in made for complaint in one.complaints]
    assert [said for said in complaints if "status of 422" not in said] == []


def at_imports(person: Visitor) -> Page:
    person.sign_in("alice")
    return person.open(HOME)


def wrong_with(page: Page) -> list[str]:
    """What sticks out, what is hard to read by day and by night, what the policy refused."""
    page.wait_for_load_state()  # a form leads to another page, which has to have its styles
    wrong = [*page.evaluate(OVERFLOW), *page.evaluate(CONTRAST)]
    page.emulate_media(color_scheme="dark")
    wrong += page.evaluate(CONTRAST)
    page.emulate_media(color_scheme="light")
    return [*wrong, *page.evaluate("window.refused")]


def test_a_dropped_file_is_checked_confirmed_and_followed_to_its_end(visitor: VisitorMaker) -> None:
    page = at_imports(visitor(color_scheme="light"))
    page.evaluate("window.samePage = true")
    page.evaluate(DROP, ["orders.csv", orders_csv(good=3, bad=1)])
    expect(page.locator("h1")).to_contain_text("1 行会退回")
    assert page.evaluate("window.samePage")
    assert wrong_with(page) == []
    page.click("#work .btn-primary")
    expect(page.locator("#progress-title")).to_be_visible()
    work()
    expect(page.locator("h1")).to_contain_text("3 行订单已收下，1 行退回")
    assert wrong_with(page) == []
    assert Order.objects.count() == 3
    with page.expect_download() as told:
        page.click("#work a[download] >> text=CSV")
    lines = Path(told.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].endswith(",error")


def test_columns_are_mapped_without_choosing_the_file_again(visitor: VisitorMaker) -> None:
    page = at_imports(visitor())
    text = "单号,下单,谁的电话\nx1,2024-03-01 10:00:00,13800000000\n"
    page.evaluate(DROP, ["unknown.csv", text])
    expect(page.locator("h1")).to_contain_text("认不出表头")
    page.select_option("#format", "orders:canonical")
    page.click("text=按这样的对应重新读")
    expect(page.locator("select[name=column-0]")).to_be_visible()
    page.select_option("select[name=column-0]", "order_id")
    page.select_option("select[name=column-1]", "placed_at")
    assert page.locator("select[name=column-2]").count() == 0
    page.click("text=按这样的对应重新读")
    expect(page.locator("h1")).to_contain_text("1 行订单都可以导入")


def test_a_refused_file_says_why_and_the_next_one_is_taken(visitor: VisitorMaker) -> None:
    page = at_imports(visitor())
    page.evaluate(DROP, ["orders.csv", ""])
    expect(page.locator("#file-error")).to_contain_text("文件是空的")
    page.evaluate(DROP, ["orders.pdf", "%PDF-1.7 not a table"])
    expect(page.locator("#work .note-urgent")).to_be_visible()
    page.evaluate(DROP, ["orders.csv", orders_csv()])
    expect(page.locator("h1")).to_contain_text("3 行订单都可以导入")


@pytest.mark.parametrize("size", [PHONE, {"width": 1440, "height": 900}], ids=["phone", "wide"])
def test_everything_works_without_javascript(
    visitor: VisitorMaker, tmp_path: Path, size: dict[str, int]
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(orders_csv(good=2, bad=1), "utf-8")
    page = at_imports(visitor(java_script_enabled=False, viewport=size))
    page.set_input_files("#file", file)
    page.click("#send-button")
    expect(page.locator("h1")).to_contain_text("1 行会退回")
    page.click("#work .btn-primary")
    work()
    page.click("text=刷新")
    expect(page.locator("h1")).to_contain_text("2 行订单已收下")
    page.click("text=导入记录")
    assert page.locator(".file-cell").count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_state_fits_a_phone_and_is_readable(visitor: VisitorMaker, language: str) -> None:
    person = visitor(viewport=PHONE, color_scheme="light")
    cookie = {"name": "django_language", "value": language, "url": person.base}
    person.context.add_cookies([cookie])
    page = at_imports(person)
    wrong = wrong_with(page)
    page.evaluate(DROP, ["odd.csv", "单号,下单时刻,电话\nx1,2024-03-01 10:00:00,1\n"])
    expect(page.locator("#unclear-title")).to_be_visible()
    wrong += wrong_with(page)
    page.evaluate(DROP, ["orders.csv", orders_csv(good=2, bad=1)])
    expect(page.locator("#confirm-title")).to_be_visible()
    wrong += wrong_with(page)
    page.click("#work .btn-primary")
    expect(page.locator("#progress-title")).to_be_visible()
    wrong += wrong_with(page)
    page.click(".btn-danger-quiet")
    expect(page.locator("#work .note-watch")).to_be_visible()
    wrong += wrong_with(page)
    page.click("#work .btn-primary")
    work()
    expect(page.locator("#score-title")).to_be_visible()
    wrong += wrong_with(page)
    assert wrong + wrong_with(person.open(HOME)) == []
