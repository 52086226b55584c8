"""Guessing does not pay, and nobody locks anybody else out."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from stores.models import SignInAttempt, User
from stores.services.sign_in import (
    ACCOUNT_WINDOW,
    ADDRESS_WINDOW,
    DEVICE_COOKIE,
    PAIR_WINDOW,
    Origin,
    TooManyAttemptsError,
    client_address,
    sign_in_check,
)
from tests.factories import PASSWORD, make_user

NOW = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
HOME = Origin("198.51.100.7")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """A clock the test moves."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Settings) -> None:
    """Hundreds of tries: what a hash costs is not what these tests are about."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def victim(db: None) -> User:
    """Somebody whose password others would like to know."""
    user = User(username="alice", email="alice@example.com")
    user.set_password(PASSWORD)
    user.save()
    return user


def guess(origin: Origin = HOME, name: str = "alice") -> None:
    assert sign_in_check(name=name, password="wrong", origin=origin) is None


def is_let_in(origin: Origin = HOME) -> bool:
    return sign_in_check(name="alice", password=PASSWORD, origin=origin) is not None


def stranger(number: int) -> Origin:
    return Origin(f"203.0.113.{number}")


def test_after_five_wrong_tries_even_the_right_password_is_refused(victim: User) -> None:
    for _ in range(PAIR_WINDOW.limit):
        guess()
    with pytest.raises(TooManyAttemptsError):
        is_let_in()


def test_name_and_mail_address_of_an_account_share_one_count(victim: User) -> None:
    for name in ("alice", "alice@example.com", "ALICE@example.com", "alice", "alice@EXAMPLE.com"):
        guess(name=name)
    with pytest.raises(TooManyAttemptsError):
        guess()


def test_the_wait_ends_when_the_oldest_try_leaves_the_window(
    victim: User, clock: time_machine.Traveller
) -> None:
    guess()
    clock.shift(timedelta(minutes=10))
    for _ in range(PAIR_WINDOW.limit - 1):
        guess()
    with pytest.raises(TooManyAttemptsError) as refusal:
        guess()
    assert refusal.value.wait == timedelta(minutes=5)
    clock.shift(refusal.value.wait)
    assert is_let_in()


def test_trying_on_while_refused_does_not_prolong_the_wait(
    victim: User, clock: time_machine.Traveller
) -> None:
    for _ in range(PAIR_WINDOW.limit):
        guess()
    for _ in range(30):
        clock.shift(timedelta(seconds=20))
        with pytest.raises(TooManyAttemptsError):
            guess()
    clock.shift(PAIR_WINDOW.length - timedelta(seconds=600))
    assert is_let_in()


def test_the_right_password_forgives_the_wrong_tries_before_it(victim: User) -> None:
    for _ in range(3):
        for _ in range(PAIR_WINDOW.limit - 1):
            guess()
        assert is_let_in()


def test_signing_in_many_times_is_never_refused(victim: User) -> None:
    for _ in range(2 * ADDRESS_WINDOW.limit):
        assert is_let_in()
    assert not SignInAttempt.objects.exists()


def test_one_address_cannot_try_one_password_on_many_accounts(db: None) -> None:
    for number in range(ADDRESS_WINDOW.limit):
        guess(name=f"somebody{number}")
    with pytest.raises(TooManyAttemptsError):
        guess(name="somebody else")


def test_an_own_account_does_not_wash_an_address_clean(victim: User) -> None:
    for number in range(ADDRESS_WINDOW.limit - 1):
        guess(name=f"somebody{number}")
    assert is_let_in()
    guess(name="one more")
    with pytest.raises(TooManyAttemptsError):
        is_let_in()


def test_twenty_strangers_with_a_wrong_try_each_do_not_lock_the_owner_out(victim: User) -> None:
    for number in range(20):
        guess(stranger(number))
    assert is_let_in()


def test_strangers_at_twelve_addresses_who_use_up_theirs_stop_at_the_account_limit(
    victim: User, clock: time_machine.Traveller
) -> None:
    assert ACCOUNT_WINDOW.limit == 12 * PAIR_WINDOW.limit
    for number in range(12):
        for _ in range(PAIR_WINDOW.limit):
            guess(stranger(number))
    with pytest.raises(TooManyAttemptsError) as refusal:
        guess(stranger(99))
    assert refusal.value.wait <= timedelta(minutes=5)
    clock.shift(ACCOUNT_WINDOW.length)
    assert is_let_in()


def test_a_browser_known_to_the_account_gets_in_whatever_strangers_do(
    client: Client, victim: User
) -> None:
    form = {"username": "alice", "password": PASSWORD}
    assert client.post(reverse("sign_in"), form).status_code == 302
    client.post(reverse("sign_out"))
    for number in range(12):
        for _ in range(PAIR_WINDOW.limit):
            guess(stranger(number))
    assert Client().post(reverse("sign_in"), form).status_code == 429
    assert client.post(reverse("sign_in"), form).status_code == 302


def test_a_known_browser_may_not_guess_on_for_ever_either(client: Client, victim: User) -> None:
    form = {"username": "alice", "password": PASSWORD}
    client.post(reverse("sign_in"), form)
    client.post(reverse("sign_out"))
    for _ in range(PAIR_WINDOW.limit):
        client.post(reverse("sign_in"), form | {"password": "wrong"})
    assert client.post(reverse("sign_in"), form).status_code == 429


@pytest.mark.parametrize("token", ["", "x", "WzEsImEiXQ:1:forged", "é" * 40])
def test_a_forged_browser_token_is_worth_nothing(victim: User, token: str) -> None:
    for _ in range(PAIR_WINDOW.limit):
        guess(Origin(HOME.address, token))
    with pytest.raises(TooManyAttemptsError):
        guess(HOME)


def test_the_browser_token_of_one_account_is_worth_nothing_for_another(
    client: Client, victim: User
) -> None:
    make_user("mallory", password=victim.password)
    client.post(reverse("sign_in"), {"username": "mallory", "password": PASSWORD})
    token = client.cookies[DEVICE_COOKIE].value
    for _ in range(PAIR_WINDOW.limit):
        guess(Origin(HOME.address, token))
    with pytest.raises(TooManyAttemptsError):
        guess(HOME)


def test_the_page_says_how_long_to_wait_and_answers_429(client: Client, victim: User) -> None:
    for _ in range(PAIR_WINDOW.limit):
        client.post(reverse("sign_in"), {"username": "alice", "password": "wrong"})
    response = client.post(reverse("sign_in"), {"username": "alice", "password": PASSWORD})
    assert response.status_code == 429
    assert "请在 15 分钟后再试" in response.text


def test_an_unknown_account_is_refused_after_as_many_tries_as_a_known_one(db: None) -> None:
    for _ in range(PAIR_WINDOW.limit):
        guess(name="nobody")
    with pytest.raises(TooManyAttemptsError):
        guess(name="ＮＯＢＯＤＹ")


def test_neither_names_nor_addresses_are_kept_readable(victim: User) -> None:
    guess()
    row = SignInAttempt.objects.values().get()
    assert "alice" not in repr(row)
    assert HOME.address not in repr(row)


def test_old_tries_are_forgotten(victim: User, clock: time_machine.Traveller) -> None:
    guess(stranger(1))
    clock.shift(timedelta(days=2))
    assert is_let_in()
    assert not SignInAttempt.objects.exists()


def test_djangos_own_way_in_is_throttled_as_well(victim: User) -> None:
    for _ in range(PAIR_WINDOW.limit):
        assert authenticate(None, username="alice", password="wrong") is None
    assert authenticate(None, username="alice", password=PASSWORD) is None


@pytest.mark.django_db(transaction=True)
def test_of_a_parallel_burst_only_five_tries_are_looked_at() -> None:
    make_user("alice")
    start = Barrier(12)

    def try_once(number: int) -> bool:
        start.wait()
        try:
            guess()
        except TooManyAttemptsError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as pool:
        looked_at = sum(pool.map(try_once, range(12)))
    assert looked_at == PAIR_WINDOW.limit


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        (0, "", "198.51.100.7", "198.51.100.7"),
        (0, "203.0.113.9", "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (1, "", "198.51.100.7", "198.51.100.7"),
        (1, "<script>", "198.51.100.7", "198.51.100.7"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, "", "::ffff:198.51.100.7", "198.51.100.7"),
        (0, "", "", "unknown"),
    ],
)
def test_the_address_is_read_only_as_far_as_our_own_proxies_wrote_it(
    settings: Settings, proxies: int, forwarded: str, remote: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=remote)
    assert client_address(request) == address


def test_a_stranger_cannot_wear_the_owners_address(
    client: Client, victim: User, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 0
    form = {"username": "alice", "password": "wrong"}
    for number in range(PAIR_WINDOW.limit):
        client.post(reverse("sign_in"), form, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    response = client.post(reverse("sign_in"), form, headers={"X-Forwarded-For": "198.51.100.7"})
    assert response.status_code == 429


def test_an_unknown_name_costs_as_much_hashing_as_a_wrong_password(
    victim: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    encode: Callable[..., str] = MD5PasswordHasher.encode

    def counting(self: object, password: str, salt: str, *rest: object) -> str:
        hashed.append(password)
        return encode(self, password, salt, *rest)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    guess(name="alice")
    known = len(hashed)
    guess(name="nobody")
    assert known == len(hashed) - known == 1
