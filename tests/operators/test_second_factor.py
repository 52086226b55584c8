"""Admins pass a second factor before anything of anybody is shown to them."""

import re
from base64 import b32decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from shopguard.demo.cast import DEMO_SIGN_INS
from stores.models import ApiToken, AuditEntry, Shop, User
from stores.selectors.second_factor import app_of
from stores.services.people import admin_grant, user_create
from stores.services.second_factor import Way, second_factor_check, second_factor_reset
from stores.services.sign_in import Origin, TooManyAttemptsError
from stores.services.tokens import token_create
from tests.factories import PASSWORD
from tests.operators.second_factor import (
    NOW,
    PAGE,
    SECRET,
    code_at,
    enrolled,
    half_way,
    now,
    typed,
)

pytestmark = pytest.mark.django_db

ENROL = f"{PAGE}enrol/"
CODES = f"{PAGE}codes/"
HERE, THERE = Origin("203.0.113.1"), Origin("203.0.113.2")


@pytest.fixture(autouse=True)
def half_of_it(second_factor_asked: None) -> None:
    """Here a sign-in is only half of it."""


def hidden(html: str, name: str) -> str:
    """A hidden field of the page's own form, which stands after those of the frame."""
    return re.findall(rf'name="{name}" value="([^"]*)"', html)[-1]


def secret_in(html: str) -> str:
    found = re.search(r"secret=([A-Z2-7]+)", html)
    assert found
    return b32decode(found[1]).hex()


class TestTheDoor:
    """What is open half-way, and what is not."""

    @pytest.mark.parametrize(
        "path",
        ["/", "/admin-desk/runs/", "/admin-desk/audit/", "/admin/", "/s/plum/score/", "/nothing/",
         "/account/tokens/", "/notifications/"],
    )  # fmt: skip
    def test_a_page_leads_to_the_second_factor_and_back(
        self, dora: User, shop: Shop, path: str
    ) -> None:
        answer = half_way(dora).get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith(PAGE)
        assert path == "/" or f"next={path.replace('/', '%2F')}" in answer["Location"]

    def test_the_api_says_what_is_missing(self, dora: User) -> None:
        answer = half_way(dora).get("/api/v1/runs/")
        assert answer.status_code == 403
        assert "两步验证" in answer.json()["detail"]

    def test_a_part_of_a_page_sends_the_whole_page(self, dora: User) -> None:
        answer = half_way(dora).get("/admin-desk/runs/", headers={"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Redirect"]) == (403, PAGE)

    def test_others_are_not_asked(self, alice: User) -> None:
        assert half_way(alice).get("/account/tokens/").status_code == 200

    def test_the_way_out_is_open(self, dora: User) -> None:
        client = half_way(dora)
        client.post("/sign-out/")
        assert client.get(PAGE)["Location"].startswith("/sign-in/")

    def test_who_becomes_an_admin_is_asked_at_once(self, alice: User) -> None:
        client = half_way(alice)
        admin_grant(actor="test", user=alice)
        assert client.get("/")["Location"] == PAGE

    def test_tokens_of_before_do_not_carry_the_new_right(self, alice: User) -> None:
        _token, secret = token_create(user=alice, name="x", days=30)
        admin_grant(actor="test", user=alice)
        answer = Client().get("/api/v1/runs/", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 401
        assert ApiToken.objects.get().revoked_at


class TestEnrolment:
    """The first sign-in of an admin."""

    def test_an_admin_without_an_app_is_shown_a_secret(self, dora: User) -> None:
        html = half_way(dora).get(PAGE).text
        assert "otpauth://totp/ShopGuard%3Adora" in html
        assert TOTPDevice.objects.count() == 0

    def test_the_right_code_enrols_shows_the_codes_once_and_lets_in(
        self, dora: User, clock: time_machine.Traveller
    ) -> None:
        client = half_way(dora)
        html = client.get(f"{PAGE}?next=/admin-desk/audit/").text
        code = code_at(now(), secret_in(html))
        answer = client.post(
            ENROL, {"sealed": hidden(html, "sealed"), "code": code, "next": hidden(html, "next")}
        )
        shown = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", answer.content.decode())
        assert len(shown) == len(set(shown)) == 10
        assert 'href="/admin-desk/audit/"' in answer.content.decode()
        assert client.get("/admin-desk/audit/").status_code == 200
        assert AuditEntry.objects.get(action="second_factor.enrol").actor == "dora"

    def test_a_wrong_code_enrols_nothing_and_keeps_the_secret(self, dora: User) -> None:
        client = half_way(dora)
        html = client.get(PAGE).text
        again = client.post(ENROL, {"sealed": hidden(html, "sealed"), "code": "000000"}).text
        assert "验证码不对" in again
        assert secret_in(again) == secret_in(html)
        assert TOTPDevice.objects.count() == 0

    def test_a_form_of_long_ago_or_of_another_person_is_refused(
        self, dora: User, clock: time_machine.Traveller
    ) -> None:
        client = half_way(dora)
        html = client.get(PAGE).text
        clock.move_to(NOW + timedelta(hours=1))
        for sealed in (hidden(html, "sealed"), "forged", ""):
            client.post(ENROL, {"sealed": sealed, "code": code_at(now(), secret_in(html))})
        assert TOTPDevice.objects.count() == 0

    def test_half_way_nobody_replaces_the_app_there_is(self, with_app: User) -> None:
        client = half_way(with_app)
        answer = client.post(ENROL, {"sealed": "x", "code": "000000"})
        assert answer["Location"] == PAGE
        assert "otpauth" not in client.get(PAGE).text
        assert client.get(ENROL)["Location"] == PAGE

    def test_who_passed_may_take_another_phone(self, with_app: User) -> None:
        client = half_way(with_app)
        typed(client, code_at(now()))
        html = client.get(ENROL).text
        code = code_at(now(), secret_in(html))
        client.post(ENROL, {"sealed": hidden(html, "sealed"), "code": code})
        assert TOTPDevice.objects.get().key == secret_in(html)


class TestTheCode:
    """After the password."""

    def test_the_code_of_the_app_lets_in_under_a_new_session_key(self, with_app: User) -> None:
        client = half_way(with_app)
        before = client.session.session_key
        answer = typed(client, code_at(now()), next="/admin-desk/runs/")
        assert answer["Location"] == "/admin-desk/runs/"
        assert client.session.session_key != before
        assert client.get("/admin-desk/runs/").status_code == 200

    @pytest.mark.parametrize("shape", ["{0} {1}", " {0}{1} ", "{0}\u3000{1}"])
    def test_blanks_are_meant_well(self, with_app: User, shape: str) -> None:
        code = code_at(now())
        typed_code = shape.format(code[:3], code[3:])
        assert second_factor_check(user=with_app, code=typed_code, origin=HERE) is Way.APP

    def test_full_width_digits_are_meant_well(self, with_app: User) -> None:
        wide = code_at(now()).translate({ord("0") + n: ord("０") + n for n in range(10)})
        assert second_factor_check(user=with_app, code=wide, origin=HERE) is Way.APP

    @pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "-12345", "1_2345", "٣" * 6])
    def test_anything_else_does_not(self, with_app: User, code: str) -> None:
        assert second_factor_check(user=with_app, code=code, origin=HERE) is None

    def test_a_code_is_good_once(self, with_app: User) -> None:
        code = code_at(now())
        assert second_factor_check(user=with_app, code=code, origin=HERE) is Way.APP
        assert second_factor_check(user=with_app, code=code, origin=HERE) is None

    @pytest.mark.parametrize("minutes", [-3, 3])
    def test_codes_of_other_times_are_no_good(self, with_app: User, minutes: int) -> None:
        code = code_at(now() + timedelta(minutes=minutes))
        assert second_factor_check(user=with_app, code=code, origin=HERE) is None

    def test_a_foreign_next_is_not_followed(self, with_app: User) -> None:
        answer = typed(half_way(with_app), code_at(now()), next="https://evil.example/")
        assert answer["Location"] == "/"

    def test_five_wrong_codes_and_the_next_right_one_waits(
        self, with_app: User, clock: time_machine.Traveller
    ) -> None:
        client = half_way(with_app)
        for _ in range(5):
            typed(client, "000000")
        answer = typed(client, code_at(now()))
        assert "尝试次数过多" in answer.content.decode()
        clock.move_to(now() + timedelta(minutes=16))
        assert typed(client, code_at(now())).status_code == 302

    def test_many_addresses_guess_no_more_than_ten_times(self, with_app: User) -> None:
        for number in range(10):
            self.guess(with_app, f"198.51.100.{number}")
        with pytest.raises(TooManyAttemptsError):
            self.guess(with_app, "198.51.100.10")

    def guess(self, user: User, address: str) -> None:
        assert second_factor_check(user=user, code="000000", origin=Origin(address)) is None

    def test_the_throttle_of_codes_does_not_shut_the_sign_in(self, with_app: User) -> None:
        for number in range(10):
            second_factor_check(user=with_app, code="000000", origin=Origin(f"198.51.100.{number}"))
        assert half_way(with_app).get("/")["Location"] == PAGE


class TestBackupCodes:
    """For the day the phone is lost."""

    def test_each_is_good_once(self, dora: User, clock: time_machine.Traveller) -> None:
        codes = enrolled(dora)
        assert second_factor_check(user=dora, code=codes[0], origin=HERE) is Way.BACKUP
        assert second_factor_check(user=dora, code=codes[0], origin=HERE) is None
        assert second_factor_check(user=dora, code=codes[1].upper(), origin=HERE) is Way.BACKUP
        plain = codes[2].replace("-", "")
        assert second_factor_check(user=dora, code=plain, origin=HERE) is Way.BACKUP

    def test_they_are_of_one_person(self, dora: User, clock: time_machine.Traveller) -> None:
        codes = enrolled(dora)
        other = user_create(actor="t", username="erin", password=PASSWORD, is_admin=True)
        assert second_factor_check(user=other, code=codes[0], origin=HERE) is None

    def test_the_database_does_not_hold_them(
        self, dora: User, clock: time_machine.Traveller
    ) -> None:
        codes = enrolled(dora)
        stored = set(StaticToken.objects.values_list("token", flat=True))
        assert len(stored) == 10
        assert not stored & {code.replace("-", "") for code in codes}

    def test_new_ones_end_the_old_ones(self, dora: User, clock: time_machine.Traveller) -> None:
        old = enrolled(dora)
        clock.move_to(NOW + timedelta(minutes=1))
        client = half_way(dora)
        typed(client, code_at(now()))
        html = client.post(CODES).text
        new = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", html)
        assert second_factor_check(user=dora, code=old[0], origin=THERE) is None
        assert second_factor_check(user=dora, code=new[0], origin=THERE) is Way.BACKUP

    def test_the_page_says_how_many_are_left(self, with_app: User) -> None:
        client = half_way(with_app)
        typed(client, code_at(now()))
        assert "还有 10 个" in client.get(PAGE).text


class TestTwoAdmins:
    """What one enrols, uses up or loses is nothing of the other's."""

    @pytest.fixture
    def erin(self, db: None) -> User:
        return user_create(actor="t", username="erin", password=PASSWORD, is_admin=True)

    def test_each_has_an_app_and_codes_of_their_own(
        self, dora: User, erin: User, clock: time_machine.Traveller
    ) -> None:
        codes = {person: enrolled(person) for person in (dora, erin)}
        for person, own in codes.items():
            app = app_of(user=person)
            assert app is not None
            assert app.user == person
            assert second_factor_check(user=person, code=own[0], origin=HERE) is Way.BACKUP

    def test_who_is_reset_is_reset_alone(
        self, dora: User, erin: User, clock: time_machine.Traveller
    ) -> None:
        enrolled(dora)
        codes = enrolled(erin)
        second_factor_reset(actor="t", user=dora)
        assert app_of(user=dora) is None
        assert app_of(user=erin) is not None
        assert second_factor_check(user=erin, code=codes[0], origin=HERE) is Way.BACKUP


class TestTheDemo:
    """The demo's admin has no phone."""

    def demo_admin(self) -> User:
        person = next(person for person in DEMO_SIGN_INS if person.role == "admin")
        user_create(actor="t", username=person.username, password=person.password, is_admin=True)
        self.password = person.password
        return User.objects.get(username=person.username)

    def test_one_click_is_enough(self, settings: Any) -> None:
        settings.DEMO_SIGN_IN = True
        user = self.demo_admin()
        client = Client()
        client.post("/demo-sign-in/", {"account": user.username})
        assert client.get("/admin-desk/runs/").status_code == 200

    def test_so_is_the_printed_password(self, settings: Any) -> None:
        settings.DEMO_SIGN_IN = True
        user = self.demo_admin()
        client = Client()
        client.post("/sign-in/", {"username": user.username, "password": self.password})
        assert client.get("/admin-desk/runs/").status_code == 200

    def test_not_where_the_demo_is_off(self, settings: Any) -> None:
        settings.DEMO_SIGN_IN = False
        user = self.demo_admin()
        client = Client()
        client.post("/sign-in/", {"username": user.username, "password": self.password})
        assert client.get("/")["Location"] == PAGE

    def test_not_for_a_real_account_of_that_name(self, settings: Any) -> None:
        settings.DEMO_SIGN_IN = True
        user = self.demo_admin()
        user.set_password(PASSWORD)
        user.save()
        assert half_way(user).get("/")["Location"] == PAGE


def test_secrets_are_not_shown_in_the_admin(
    with_app: User, signed_in: Callable[[User], Client]
) -> None:
    client = half_way(with_app)
    typed(client, code_at(now()))
    device = TOTPDevice.objects.get()
    token = StaticToken.objects.all()[0]
    pages = [
        reverse("admin:otp_totp_totpdevice_changelist"),
        reverse("admin:otp_totp_totpdevice_change", args=[device.pk]),
        reverse("admin:otp_static_statictoken_changelist"),
        reverse("admin:otp_static_statictoken_change", args=[token.pk]),
    ]
    for path in pages:
        html = client.get(path).text
        assert SECRET not in html
        assert token.token not in html
