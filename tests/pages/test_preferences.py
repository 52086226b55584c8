"""Language and theme: chosen in the header, kept in the browser and with the person."""

import pytest
from django.test import Client

from tests.pages.market import Market


def html_of(client: Client, path: str = "/sign-in/") -> str:
    return client.get(path).content.decode()


def test_language_is_chinese_until_somebody_switches(db: None) -> None:
    client = Client(headers={"Accept-Language": "en-GB,en"})
    assert '<html lang="zh-CN"' in html_of(client)


def test_switch_brings_back_to_the_page_it_was_on(market: Market) -> None:
    client = market.client("alice")
    here = "/s/plum/score/?trend=dispute_rate"
    response = client.post("/language/", {"language": "en", "next": here})
    assert response.headers["Location"] == here
    assert '<html lang="en"' in html_of(client, here)


def test_choice_follows_the_person_to_another_browser(market: Market) -> None:
    market.client("alice").post("/language/", {"language": "en"})
    market.client("alice").post("/theme/", {"theme": "dark"})
    html = html_of(market.client("alice"), "/s/plum/score/")
    assert '<html lang="en" data-bs-theme="dark"' in html


def test_choice_before_signing_in_stays_in_the_browser(db: None) -> None:
    client = Client()
    client.post("/theme/", {"theme": "dark"})
    client.post("/language/", {"language": "en"})
    assert '<html lang="en" data-bs-theme="dark"' in html_of(client)
    assert "data-bs-theme" not in html_of(Client())


def test_system_theme_takes_the_choice_back(market: Market) -> None:
    client = market.client("alice")
    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": "system"})
    assert "data-bs-theme" not in html_of(client, "/s/plum/score/")


@pytest.mark.parametrize(
    ("path", "choice"),
    [("/language/", {"language": "tlh"}), ("/theme/", {"theme": "neon"}), ("/theme/", {})],
)
def test_unknown_choice_is_refused(db: None, path: str, choice: dict[str, str]) -> None:
    assert Client().post(path, choice).status_code == 400


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example"])
def test_switch_leads_to_no_other_site(db: None, target: str) -> None:
    response = Client().post("/language/", {"language": "en", "next": target})
    assert response.headers["Location"] == "/"
