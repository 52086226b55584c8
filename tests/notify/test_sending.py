"""Notices reach a real mail server and a real web server, once, and are tried again when not."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from shopguard import tasks
from shopguard.sending import delivery_send, signature
from stores.models import ChannelChoice, Delivery, Membership, Notification, Shop, User, Webhook
from stores.notices import notice_named
from stores.services.channels import webhook_secret, webhook_set
from stores.services.deliveries import WAITS, choices_for, deliveries_claim, deliveries_plan
from stores.services.notices import notice_put, notices_deliver
from stores.services.outbox import outbox_relay
from tests.notify.listener import Listener, reachable, web_server
from tests.notify.mailbox import Mailbox, mail_server

pytestmark = pytest.mark.django_db

GATE = {
    "day": "2024-03-01", "shop": "plum", "total": "4.580000000", "before": "4.620000000",
    "gate": "freight_insurance", "limit": "4.600000000",
}  # fmt: skip
State = Delivery.State


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with web_server() as server, reachable():
        yield server


@pytest.fixture(autouse=True)
def quiet(mailbox: Mailbox, listener: Listener) -> None:
    mailbox.letters.clear()
    mailbox.refusal = ""
    listener.heard.clear()
    listener.status, listener.location = 204, ""


def tell(
    user: User, shop: Shop, severity: str = "urgent", kind: str = "score_gate"
) -> Notification:
    """Tell a person that a gate was crossed, as the kind would."""
    key = f"{kind}:{Notification.objects.count()}"
    row = Notification(
        user=user, shop=shop, kind=kind, severity=severity, payload=GATE, key=key
    )  # fmt: skip
    row.save()
    choices = choices_for(notice=notice_named(kind), users=[user.pk])
    deliveries_plan(notifications=[row], choices=choices)
    return row


def send_due(now: Any = None) -> int:
    """Send what is due, as the worker does; returns how many attempts that were."""
    claimed = deliveries_claim(now=now or timezone.now())
    for key, attempt in claimed:
        delivery_send(key=key, attempt=attempt)
    return len(claimed)


def with_mail(user: User) -> User:
    user.email = f"{user.username}@shop.example"
    user.save(update_fields=["email"])
    return user


class TestMail:
    """What is urgent comes by e-mail, in the person's language."""

    def test_an_urgent_notice_arrives_with_its_words_and_a_link(
        self, mailbox: Mailbox, alice: User, shop: Shop
    ) -> None:
        tell(with_mail(alice), shop)
        assert send_due() == 1
        (letter,) = mailbox.letters
        assert letter["To"] == "alice@shop.example"
        assert letter["Subject"].strip() == "梅子小铺：服务分跌破运费险门槛 4.60"
        body = letter.get_content()
        assert "2024-03-01 发布 4.58，前一天 4.62。" in body
        assert "https://guard.example/s/plum/score/" in body
        assert letter["Auto-Submitted"] == "auto-generated"
        assert Delivery.objects.get().state == State.SENT

    def test_in_english_for_who_reads_english(
        self, mailbox: Mailbox, alice: User, shop: Shop
    ) -> None:
        User.objects.filter(pk=alice.pk).update(language="en")
        tell(with_mail(alice), shop)
        send_due()
        assert "below" in mailbox.letters[0]["Subject"]

    def test_what_is_not_urgent_stays_in_the_product(self, alice: User, shop: Shop) -> None:
        tell(with_mail(alice), shop, severity="good")
        assert Delivery.objects.count() == 0

    def test_who_wants_everything_gets_everything(
        self, mailbox: Mailbox, alice: User, shop: Shop
    ) -> None:
        ChannelChoice.objects.create(user=alice, kind="score_gate", channel="email", level="all")
        tell(with_mail(alice), shop, severity="good")
        assert send_due() == 1

    def test_who_wants_none_gets_none(self, alice: User, shop: Shop) -> None:
        ChannelChoice.objects.create(user=alice, kind="score_gate", channel="email", level="off")
        tell(with_mail(alice), shop)
        assert Delivery.objects.count() == 0

    def test_nothing_goes_to_who_left_the_shop_meanwhile(
        self, mailbox: Mailbox, alice: User, shop: Shop
    ) -> None:
        tell(with_mail(alice), shop)
        Membership.objects.filter(user=alice).delete()
        send_due()
        assert mailbox.letters == []
        assert Delivery.objects.get().state == State.DROPPED

    def test_a_refused_letter_is_given_up_at_once(
        self, mailbox: Mailbox, alice: User, shop: Shop
    ) -> None:
        mailbox.refusal = "550 no such person"
        tell(with_mail(alice), shop)
        send_due()
        row = Delivery.objects.get()
        assert (row.state, row.error) == (State.FAILED, "mail_refused")

    def test_a_busy_server_is_asked_again(self, mailbox: Mailbox, alice: User, shop: Shop) -> None:
        mailbox.refusal = "451 try again later"
        tell(with_mail(alice), shop)
        now = timezone.now()
        send_due(now)
        row = Delivery.objects.get()
        assert (row.state, row.error, row.attempts) == (State.WAITING, "mail_failed", 1)
        assert send_due(now) == 0
        mailbox.refusal = ""
        assert send_due(timezone.now() + WAITS[0]) == 1
        assert len(mailbox.letters) == 1

    def test_a_title_of_several_lines_cannot_add_headers(
        self, mailbox: Mailbox, alice: User, shop: Shop
    ) -> None:
        Shop.objects.filter(pk=shop.pk).update(name="a\r\nBcc: all@shop.example")
        shop.refresh_from_db()
        tell(with_mail(alice), shop)
        send_due()
        assert mailbox.letters[0]["Bcc"] is None


class TestWebhook:
    """A program hears the same, signed."""

    def hook(self, user: User, listener: Listener) -> tuple[Webhook, str]:
        User.objects.filter(pk=user.pk).update(email="")
        return webhook_set(user=user, url=listener.url)

    def test_it_is_signed_so_that_the_program_can_check_it(
        self, listener: Listener, alice: User, shop: Shop
    ) -> None:
        _webhook, secret = self.hook(alice, listener)
        row = tell(alice, shop)
        send_due()
        (heard,) = listener.heard
        event = json.loads(heard.body)
        assert event["id"] == str(row.pk)
        assert event["shop"] == {"id": "plum", "name": "梅子小铺"}
        assert (event["kind"], event["severity"]) == ("score_gate", "urgent")
        stamp = heard.headers["X-ShopGuard-Timestamp"]
        expected = signature(secret, stamp, heard.body)
        assert heard.headers["X-ShopGuard-Signature"] == expected
        assert abs(timezone.now().timestamp() - int(stamp)) < 300
        assert signature(secret, stamp, heard.body + b" ") != expected
        assert signature(secret, str(int(stamp) + 1), heard.body) != expected

    def test_the_secret_stands_nowhere_and_changes_with_the_address(
        self, listener: Listener, alice: User
    ) -> None:
        webhook, first = self.hook(alice, listener)
        assert first not in str(Webhook.objects.filter(pk=webhook.pk).values())
        assert webhook_secret(webhook) == first
        assert self.hook(alice, listener)[1] != first

    def test_it_is_tried_five_more_times_later_and_later_and_then_given_up(
        self, listener: Listener, alice: User, shop: Shop
    ) -> None:
        self.hook(alice, listener)
        listener.status = 500
        tell(alice, shop)
        waited = []
        for _ in range(len(WAITS) + 1):
            row = Delivery.objects.get()
            before = timezone.now()
            assert send_due(row.next_at) == 1
            waited.append(round((Delivery.objects.get().next_at - before) / timedelta(minutes=1)))
        row = Delivery.objects.get()
        assert (row.state, row.error, row.attempts) == (State.FAILED, "status_500", 6)
        assert waited[:5] == [1, 5, 30, 120, 720]
        numbers = {heard.headers["X-ShopGuard-Delivery"] for heard in listener.heard}
        assert numbers == {str(row.pk)}
        assert len(listener.heard) == 6

    def test_a_redirect_into_the_network_is_not_followed(
        self, listener: Listener, alice: User, shop: Shop
    ) -> None:
        self.hook(alice, listener)
        listener.status, listener.location = 302, f"http://127.0.0.1:{listener.port}/inner"
        tell(alice, shop)
        send_due()
        assert [heard.path for heard in listener.heard] == ["/hook?shop=1"]
        assert Delivery.objects.get().error == "status_302"

    def test_an_inner_address_is_refused_for_good(
        self, listener: Listener, alice: User, shop: Shop
    ) -> None:
        self.hook(alice, listener)
        tell(alice, shop)
        with override_settings(WEBHOOK_EXTRA_NETWORKS=[]):
            send_due()
        row = Delivery.objects.get()
        assert (row.state, row.error) == (State.FAILED, "inner_address")
        assert listener.heard == []

    def test_a_removed_webhook_hears_nothing_more(
        self, listener: Listener, alice: User, shop: Shop
    ) -> None:
        self.hook(alice, listener)
        tell(alice, shop)
        Webhook.objects.all().delete()
        send_due()
        assert Delivery.objects.get().state == State.DROPPED


class TestOnce:
    """Whatever is delivered twice or dies half-way, a person is written to once."""

    def test_the_same_event_twice_is_one_letter(self, mailbox: Mailbox, alice: User) -> None:
        with_mail(alice)
        for _ in range(2):
            notices_deliver(kind="channel_trial", key="1", payload={"user": alice.pk})
            send_due()
        assert len(mailbox.letters) == 1
        assert Delivery.objects.count() == 1

    def test_a_doubled_message_sends_nothing(
        self, mailbox: Mailbox, alice: User, shop: Shop
    ) -> None:
        tell(with_mail(alice), shop)
        ((key, attempt),) = deliveries_claim(now=timezone.now())
        for _ in range(3):
            tasks.send_delivery(key, attempt)
        assert len(mailbox.letters) == 1

    def test_a_claim_nobody_began_is_due_again_when_its_loan_ends(
        self, mailbox: Mailbox, alice: User, shop: Shop
    ) -> None:
        tell(with_mail(alice), shop)
        now = timezone.now()
        ((key, lost),) = deliveries_claim(now=now)
        assert deliveries_claim(now=now) == []
        assert send_due(now + timedelta(minutes=2)) == 1
        delivery_send(key=key, attempt=lost)
        assert len(mailbox.letters) == 1

    def test_the_relay_rings_for_what_is_due(
        self, monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox, alice: User
    ) -> None:
        with_mail(alice)
        notice_put(kind="channel_trial", key="1", payload={"user": alice.pk})
        rung: list[tuple[int, int]] = []
        monkeypatch.setattr(tasks.send_delivery, "apply_async", rung.append)
        tasks.relay()
        ((key, attempt),) = rung
        tasks.send_delivery(key, attempt)
        assert outbox_relay() == 0
        assert len(mailbox.letters) == 1
