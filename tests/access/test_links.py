"""No page offers somebody a link to a page that is closed to them."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import resolve

from stores.access import Audience, policy_of
from tests.access.routes import routes_for
from tests.access.world import World

pytestmark = pytest.mark.django_db

ROLES = {"alice": "owner", "bob": "ops"}


class Links(HTMLParser):
    """Collects where a page leads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        self.found |= {value for name, value in attrs if tag == "a" and name == "href" and value}


def closed(page: str, html: str, role: str) -> set[str]:
    """The links of a page that lead to a view which does not let the role in."""
    links = Links()
    links.feed(html)
    paths = {urlsplit(urljoin(page, link)) for link in links.found}
    policies = {one.path: policy_of(resolve(one.path).func) for one in paths if not one.netloc}
    return {
        path
        for path, policy in policies.items()
        if policy
        and (policy.audience is Audience.ADMIN or (policy.roles and role not in policy.roles))
    }


@pytest.mark.parametrize("who", ROLES)
def test_nobody_is_led_to_a_closed_page(world: World, who: str) -> None:
    led = {}
    for route in routes_for(Audience.SHOP, Audience.SIGNED_IN):
        page = world.path(route, "a")
        response = world.client(who).get(page)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            led[page] = closed(page, response.text, ROLES[who])
    assert len(led) > 50
    assert {page: links for page, links in led.items() if links} == {}
