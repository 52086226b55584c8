"""A real Chromium in front of a real server, and what it complains about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.factories import PASSWORD

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Runs before any script of the page: what the policy refuses is kept for the test to read.
NOTE_VIOLATIONS = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth <= wide ? [] :
    [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > wide + 1)
      .slice(0, 5).map((element) => `${element.tagName}.${element.className}`);
}"""


@dataclass
class Visitor:
    """One person's browser. ``complaints`` collects console errors and uncaught exceptions."""

    context: BrowserContext
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """A page of that address, loaded and settled."""
        page = self.context.pages[0] if self.context.pages else self._new_page()
        page.goto(self.base + path, wait_until="load")
        return page

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._note)
        return page

    def _note(self, message: Any) -> None:
        # A page that answers 404 on purpose is reported as an error by the browser itself.
        if message.type == "error" and "status of 404" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, who: str) -> Page:
        """Through the form, as a person does."""
        page = self.open("/sign-in/")
        page.fill("[name=username]", who)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda address: "/sign-in/" not in address)
        return page


VisitorMaker = Callable[..., Visitor]


def visitor_of(browser: Browser, base: str, **options: Any) -> Visitor:
    """A new browser profile; ``options`` as playwright knows them."""
    context = browser.new_context(**({"viewport": WIDE, "reduced_motion": "reduce"} | options))
    context.add_init_script(NOTE_VIOLATIONS)
    context.set_default_timeout(15_000)
    return Visitor(context, base)
