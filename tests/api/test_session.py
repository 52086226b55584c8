"""A browser that is signed in may use the API; for a write it must bring its CSRF token."""

from django.test import Client
from django.urls import reverse

from stores.models import User

PREFERENCES = "/api/v1/me/preferences/"


def browser_of(user: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def test_a_session_reads(alice: User) -> None:
    assert browser_of(alice).get(PREFERENCES).json() == {"language": "zh-hans", "theme": "system"}


def test_a_session_without_csrf_token_writes_nothing(alice: User) -> None:
    client = browser_of(alice)
    refusal = client.patch(PREFERENCES, {"theme": "dark"}, content_type="application/json")
    assert refusal.status_code == 403
    assert refusal["Content-Type"] == "application/problem+json"
    alice.refresh_from_db()
    assert alice.theme == ""


def test_a_session_with_csrf_token_writes(alice: User) -> None:
    client = browser_of(alice)
    client.get(reverse("password_change"))
    token = client.cookies["csrftoken"].value
    answer = client.patch(
        PREFERENCES,
        {"theme": "dark"},
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.json() == {"language": "zh-hans", "theme": "dark"}
