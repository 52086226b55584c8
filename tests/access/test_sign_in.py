"""Signing in and out."""

from datetime import UTC, datetime, timedelta
from http.cookies import Morsel

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from shopguard.demo.cast import DEMO_SIGN_INS
from stores.models import SignInAttempt, User
from tests.factories import PASSWORD, make_user

NOW = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
WRONG = "账号或密码不正确"


def sign_in(client: Client, name: str, password: str = PASSWORD, **fields: str) -> int:
    response = client.post(reverse("sign_in"), {"username": name, "password": password, **fields})
    return response.status_code


def is_signed_in(client: Client) -> bool:
    return bool(client.get(reverse("password_change")).status_code == 200)


def session_cookie(client: Client) -> Morsel[str]:
    return client.cookies[settings.SESSION_COOKIE_NAME]


def test_a_person_signs_in_by_user_name(client: Client, alice: User) -> None:
    assert sign_in(client, "alice") == 302
    assert is_signed_in(client)


@pytest.mark.parametrize("address", ["alice@example.com", "Alice@Example.com"])
def test_a_person_signs_in_by_mail_address(client: Client, alice: User, address: str) -> None:
    assert sign_in(client, address) == 302


def test_an_address_two_people_share_lets_nobody_in(client: Client, alice: User) -> None:
    make_user("erin", email="alice@example.com")
    assert sign_in(client, "alice@example.com") == 200
    assert not is_signed_in(client)


def test_a_user_name_that_looks_like_anothers_address_opens_only_its_own_account(
    client: Client, alice: User
) -> None:
    make_user("alice@example.com", email="", password="!")
    assert sign_in(client, "alice@example.com") == 200


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("alice", "wrong"),
        ("nobody", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("alice ", "hunter-2"),
    ],
)
def test_wrong_name_and_wrong_password_look_the_same(
    client: Client, alice: User, name: str, password: str
) -> None:
    response = client.post(reverse("sign_in"), {"username": name, "password": password})
    assert response.status_code == 200
    assert WRONG in response.text
    assert password not in response.text


def test_a_name_that_no_database_can_hold_is_a_form_error(client: Client, alice: User) -> None:
    assert sign_in(client, "ali\x00ce") == 200


def test_empty_fields_are_form_errors_and_count_nothing(client: Client, alice: User) -> None:
    assert sign_in(client, "", "") == 200
    assert not SignInAttempt.objects.exists()


def test_a_deactivated_person_does_not_get_in(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in(client, "alice") == 200
    assert not is_signed_in(client)


def test_a_deactivated_person_is_out_at_once(client: Client, alice: User) -> None:
    sign_in(client, "alice")
    User.objects.update(is_active=False)
    assert not is_signed_in(client)


def test_without_the_wish_to_stay_the_cookie_ends_with_the_browser(
    client: Client, alice: User
) -> None:
    sign_in(client, "alice")
    assert session_cookie(client)["max-age"] == ""
    assert session_cookie(client)["expires"] == ""


def test_without_the_wish_to_stay_the_session_ends_after_a_working_day(
    client: Client, alice: User
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(client, "alice")
        clock.shift(timedelta(hours=11, minutes=59))
        assert is_signed_in(client)
        clock.shift(timedelta(minutes=1))
        assert not is_signed_in(client)
    assert not Session.objects.exists()


def test_with_the_wish_to_stay_the_session_lasts_14_days_and_no_longer(
    client: Client, alice: User
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(client, "alice", remember="on")
        assert session_cookie(client)["max-age"] == 14 * 24 * 3600
        clock.shift(timedelta(days=14) - timedelta(seconds=1))
        assert is_signed_in(client)
        clock.shift(timedelta(seconds=1))
        assert not is_signed_in(client)


def test_the_session_key_changes_at_sign_in_and_the_old_one_is_dead(
    client: Client, alice: User
) -> None:
    session = client.session
    session["planted"] = "by somebody"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    sign_in(client, "alice")
    assert session_cookie(client).value != session.session_key
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    assert not is_signed_in(thief)


def test_signing_out_ends_the_session_on_the_server(client: Client, alice: User) -> None:
    sign_in(client, "alice")
    key = session_cookie(client).value
    response = client.post(reverse("sign_out"))
    assert response["Location"] == reverse("sign_in")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_signed_in(thief)


def test_signing_out_by_a_link_does_nothing(client: Client, alice: User) -> None:
    sign_in(client, "alice")
    assert client.get(reverse("sign_out")).status_code == 405
    assert is_signed_in(client)


def test_who_is_signed_in_is_sent_on_from_the_sign_in_page(client: Client, alice: User) -> None:
    sign_in(client, "alice")
    assert client.get(reverse("sign_in"))["Location"] == reverse("home")


def test_after_signing_in_one_arrives_where_one_wanted_to_go(client: Client, alice: User) -> None:
    turned_away = client.get(reverse("password_change") + "?a=1&b=%E6%97%A5")
    page = client.get(turned_away["Location"])
    response = client.post(
        reverse("sign_in"),
        {"username": "alice", "password": PASSWORD, "next": page.context["next"]},
    )
    assert response["Location"] == reverse("password_change") + "?a=1&b=%E6%97%A5"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example",
        "\\\\evil.example", "http:evil.example", "javascript:alert(1)", "https:///evil.example",
        "/%09/evil.example\t", " //evil.example", "\t//evil.example", "http://testserver@evil.example/",
        "evil.example", "/\x00//evil.example",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(client: Client, alice: User, elsewhere: str) -> None:
    sent = {"username": "alice", "password": PASSWORD, "next": elsewhere}
    location = client.post(reverse("sign_in"), sent)["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\t" not in location


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(
    client: Client, alice: User
) -> None:
    client.get(reverse("sign_in"))
    sign_in(client, "alice")
    for cookie in client.cookies.values():
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["httponly"], cookie.key
        assert cookie["path"] == "/", cookie.key
        assert cookie["domain"] == "", cookie.key


def test_a_password_in_the_address_is_not_looked_at(client: Client, alice: User) -> None:
    client.get(reverse("sign_in"), {"username": "alice", "password": PASSWORD})
    assert not is_signed_in(client)


def test_one_click_demo_needs_a_demo(client: Client, alice: User, settings: Settings) -> None:
    for allowed in (True, False):
        settings.DEMO_SIGN_IN = allowed
        assert client.post(reverse("demo_sign_in"), {"account": "alice"}).status_code == 404
        assert not is_signed_in(client)


def test_one_click_is_offered_only_while_the_password_of_the_demo_opens(
    client: Client, db: None, settings: Settings
) -> None:
    settings.DEMO_SIGN_IN = True
    person = DEMO_SIGN_INS[0]
    button = f'value="{person.username}"'
    User.objects.create_user(person.username, password=person.password)
    assert button in client.get(reverse("sign_in")).text
    changed = User.objects.get(username=person.username)
    changed.set_password("a-password-of-my-own")
    changed.save()
    assert button not in client.get(reverse("sign_in")).text
    answer = client.post(reverse("demo_sign_in"), {"account": person.username})
    assert answer.status_code == 404
    assert not is_signed_in(client)
