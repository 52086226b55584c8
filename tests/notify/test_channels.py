"""Each person chooses how they are told; addresses are proved, secrets shown once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from shopguard import nightly, tasks
from shopguard.lib.days import at_hour
from stores.models import (
    AuditEntry,
    ChannelChoice,
    Delivery,
    Notification,
    OutboxMessage,
    Shop,
    User,
    Webhook,
)
from stores.notices import words_of
from stores.services.notices import notices_deliver
from tests.conftest import DAY_ZERO
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
PAGE = "/account/notifications/"


def levels(client: Client, **changed: str) -> dict[str, str]:
    """The form of the page as it stands, with some fields changed."""
    html = client.get(PAGE).text
    found = {}
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="(\w+)" selected', options)
        assert chosen
        found[name] = chosen[1]
    return found | changed


class TestChoices:
    """Kind by kind and way by way."""

    def test_what_is_urgent_comes_by_mail_unless_somebody_chose(
        self, signed_in: SignedIn, alice: User
    ) -> None:
        found = levels(signed_in(alice))
        assert found["email-score_gate"] == "urgent"
        assert found["app-score_gate"] == "all"
        assert found["email-weekly_digest"] == "all"
        assert "email-run_errors" not in found

    def test_a_choice_is_kept_and_shown(self, signed_in: SignedIn, alice: User) -> None:
        client = signed_in(alice)
        client.post(PAGE, levels(client) | {"email-score_gate": "off"})
        assert levels(client)["email-score_gate"] == "off"
        client.post(PAGE, levels(client) | {"email-score_gate": "all"})
        assert ChannelChoice.objects.get(kind="score_gate", channel="email").level == "all"

    def test_what_is_urgent_cannot_be_hidden_in_the_product(
        self, signed_in: SignedIn, alice: User
    ) -> None:
        client = signed_in(alice)
        answer = client.post(PAGE, levels(client) | {"app-score_gate": "off"})
        assert answer.status_code == 200
        assert ChannelChoice.objects.count() == 0

    def test_what_a_person_hides_is_not_counted(self, signed_in: SignedIn, alice: User) -> None:
        ChannelChoice.objects.create(user=alice, kind="channel_trial", channel="app", level="off")
        notices_deliver(kind="channel_trial", key="1", payload={"user": alice.pk})
        assert Notification.objects.get().in_app is False
        assert "还没有通知" in signed_in(alice).get("/notifications/").text

    def test_admins_choose_about_runs(self, signed_in: SignedIn, dora: User) -> None:
        found = levels(signed_in(dora))
        assert "email-run_errors" in found
        assert "email-weekly_digest" not in found


class TestWebhook:
    """One address, its secret shown once."""

    def test_the_secret_is_in_the_answer_and_never_again(
        self, signed_in: SignedIn, alice: User
    ) -> None:
        client = signed_in(alice)
        answer = client.post(f"{PAGE}webhook/", {"url": "https://hooks.example/x"})
        secret = re.search(r"sgw_[\w-]{43}", answer.text)
        assert secret
        assert secret[0] not in client.get(PAGE).text
        assert "hooks.example" in client.get(PAGE).text
        told = AuditEntry.objects.get(action="webhook.create")
        assert told.after == {"host": "hooks.example"}

    @pytest.mark.parametrize(
        "url", ["http://hooks.example/", "javascript:1", "https://u@h.example"]
    )
    def test_what_cannot_be_an_address_is_refused_with_a_sentence(
        self, signed_in: SignedIn, alice: User, url: str
    ) -> None:
        answer = signed_in(alice).post(f"{PAGE}webhook/", {"url": url})
        assert 'class="field-error"' in answer.text
        assert Webhook.objects.count() == 0

    def test_it_can_be_removed(self, signed_in: SignedIn, alice: User) -> None:
        client = signed_in(alice)
        client.post(f"{PAGE}webhook/", {"url": "https://hooks.example/x"})
        client.post(f"{PAGE}webhook/", {"drop": "1"})
        assert Webhook.objects.count() == 0

    def test_others_keep_theirs(self, signed_in: SignedIn, alice: User, bob: User) -> None:
        for user in (alice, bob):
            signed_in(user).post(f"{PAGE}webhook/", {"url": "https://hooks.example/x"})
        signed_in(alice).post(f"{PAGE}webhook/", {"drop": "1"})
        assert [webhook.user for webhook in Webhook.objects.all()] == [bob]

    def test_others_see_nothing_of_it(self, signed_in: SignedIn, alice: User, bob: User) -> None:
        signed_in(alice).post(f"{PAGE}webhook/", {"url": "https://hooks.example/x"})
        assert "hooks.example" not in signed_in(bob).get(PAGE).text


class TestMailAddress:
    """An address counts once its reader said so."""

    def ask(self, client: Client, email: str) -> str:
        client.post(f"{PAGE}email/", {"email": email})
        return mail.outbox[-1].body if mail.outbox else ""

    def token(self, body: str) -> str:
        found = re.search(r"proof/\?t=(\S+)", body)
        assert found
        return Client().get(f"/sign-in/?t={found[1]}").wsgi_request.GET["t"]

    def test_the_link_confirms_it(self, signed_in: SignedIn, alice: User) -> None:
        client = signed_in(alice)
        body = self.ask(client, "new@shop.example")
        alice.refresh_from_db()
        assert alice.email != "new@shop.example"
        assert mail.outbox[-1].to == ["new@shop.example"]
        client.post(f"{PAGE}email/proof/", {"t": self.token(body)})
        alice.refresh_from_db()
        assert alice.email == "new@shop.example"

    def test_the_link_is_for_the_person_who_asked(
        self, signed_in: SignedIn, alice: User, bob: User
    ) -> None:
        body = self.ask(signed_in(alice), "new@shop.example")
        signed_in(bob).post(f"{PAGE}email/proof/", {"t": self.token(body)})
        bob.refresh_from_db()
        assert bob.email != "new@shop.example"

    def test_the_address_of_somebody_else_is_never_taken_over(
        self, signed_in: SignedIn, alice: User, bob: User
    ) -> None:
        client = signed_in(alice)
        body = self.ask(client, bob.email.upper())
        client.post(f"{PAGE}email/proof/", {"t": self.token(body)})
        alice.refresh_from_db()
        assert alice.email.lower() != bob.email.lower()

    def test_a_link_of_yesterday_is_over(
        self, signed_in: SignedIn, alice: User, time_machine: object
    ) -> None:
        client = signed_in(alice)
        token = self.token(self.ask(client, "new@shop.example"))
        time_machine.move_to(timezone.now() + timedelta(days=1, seconds=5))  # type: ignore[attr-defined]
        signed_in(alice).post(f"{PAGE}email/proof/", {"t": token})
        alice.refresh_from_db()
        assert alice.email != "new@shop.example"

    def test_strangers_are_not_written_to_at_will(self, signed_in: SignedIn, alice: User) -> None:
        client = signed_in(alice)
        for number in range(7):
            self.ask(client, f"stranger{number}@shop.example")
        assert len(mail.outbox) == 5

    def test_it_can_be_forgotten(self, signed_in: SignedIn, alice: User) -> None:
        signed_in(alice).post(f"{PAGE}email/", {"drop": "1"})
        alice.refresh_from_db()
        assert alice.email == ""


class TestDigest:
    """Every member hears once a week how their shops stand, apart from alarms."""

    MONDAY = DAY_ZERO + timedelta(days=3)

    def sweep(self, hours: int) -> int:
        Shop.objects.update(created_at=at_hour(DAY_ZERO, 0))
        nightly.digest_tell(now=at_hour(self.MONDAY, 0) + timedelta(hours=hours))
        tasks.outbox_relay()
        return Notification.objects.filter(kind="weekly_digest").count()

    def test_on_monday_from_noon_on_and_once(self, alice: User, bob: User, dora: User) -> None:
        assert self.sweep(11) == 0
        assert self.sweep(12) == 2
        assert self.sweep(13) == 2
        assert OutboxMessage.objects.filter(key__contains="weekly_digest").count() == 1
        assert set(Delivery.objects.values_list("channel", flat=True)) == {"email"}

    def test_a_digest_days_late_is_left_out(self, alice: User) -> None:
        assert self.sweep(12 + 48) == 0

    def test_who_wants_none_gets_none(self, alice: User) -> None:
        for channel in ("email", "app"):
            ChannelChoice.objects.create(
                user=alice, kind="weekly_digest", channel=channel, level="off"
            )
        self.sweep(12)
        assert Delivery.objects.count() == 0
        assert not Notification.objects.get().in_app

    def test_it_names_the_shops_of_the_person_only(
        self, alice: User, charlie: User, shop: Shop, other_shop: Shop
    ) -> None:
        self.sweep(12)
        for user, name in ((alice, shop.name), (charlie, other_shop.name)):
            words = words_of(Notification.objects.get(user=user, kind="weekly_digest"))
            assert "1 家店" in words.title
            assert [line for line in words.body.split("\n") if "服务分" in line] == [
                f"{name}：还没有服务分"
            ]
            assert text_of(words.title)
