"""The page on which a person makes and ends tokens."""

import re

from django.test import Client
from django.urls import reverse

from stores.models import ApiToken, User
from stores.services.tokens import token_create
from tests.conftest import SignedIn

TOKENS = "/account/tokens/"
SECRET = re.compile(r"sgt_[\w-]{43}")


def test_a_new_token_is_shown_once_and_works(signed_in: SignedIn, alice: User) -> None:
    browser = signed_in(alice)
    answer = browser.post(TOKENS, {"name": "收银台", "days": "90"})
    (secret,) = SECRET.findall(answer.text)
    assert "no-store" in answer["Cache-Control"]
    assert not SECRET.search(browser.get(TOKENS).text)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/me/").json()["username"] == "alice"
    assert not ApiToken.objects.get().can_write


def test_a_form_with_a_mistake_makes_no_token(signed_in: SignedIn, alice: User) -> None:
    browser = signed_in(alice)
    for form in ({"name": "", "days": "90"}, {"name": "收银台", "days": "9999"}, {}):
        answer = browser.post(TOKENS, form)
        assert answer.status_code == 200
        assert not SECRET.search(answer.text)
    assert not ApiToken.objects.exists()


def test_a_token_is_ended_from_the_page(signed_in: SignedIn, alice: User) -> None:
    token, _secret = token_create(user=alice, name="收银台", days=30)
    answer = signed_in(alice).post(reverse("token_revoke", args=[token.pk]), follow=True)
    assert "收银台" not in answer.text
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_nobody_ends_or_sees_the_tokens_of_others(
    signed_in: SignedIn, alice: User, bob: User
) -> None:
    token, _secret = token_create(user=bob, name="收银台", days=30)
    browser = signed_in(alice)
    assert "收银台" not in browser.get(TOKENS).text
    assert browser.post(reverse("token_revoke", args=[token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_token_makes_no_token(alice: User) -> None:
    _token, secret = token_create(user=alice, name="till", days=30, can_write=True)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.post(TOKENS, {"name": "x", "days": "90"}).status_code == 302
    assert ApiToken.objects.count() == 1
