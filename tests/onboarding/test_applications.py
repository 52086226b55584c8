"""入驻, from the first word to the open shop: who may do what, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shopguard import tasks
from stores.models import (
    Application,
    ApplicationPaper,
    AuditEntry,
    DepositEntry,
    InvitationCode,
    Membership,
    Notification,
    Product,
    Shop,
    User,
)
from stores.notices import words_of
from tests.factories import make_user
from tests.lib.papers import jpeg, pdf, png

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
FILLED = {
    "kind": "ordinary", "company_name": "溪口食品有限公司", "company_type": "limited",
    "licence_no": "91330100MA2XXXX01", "brand_name": "溪口", "brand_intro": "山货",
    "shop_name": "溪口山货", "shop_type": "enterprise", "industry": "food",
    "shop_address": "溪口镇 2 号", "contact_phone": "0571-8801", "service_mode": "own",
    "agrees": "on",
}  # fmt: skip


@pytest.fixture
def erin(db: None) -> User:
    """Applies."""
    return make_user("erin")


def file(data: bytes, name: str = "licence.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def begun(client: Client) -> Application:
    client.post("/onboarding/")
    return Application.objects.latest("pk")


def page_of(application: Application) -> str:
    return f"/onboarding/{application.pk}/"


def send_papers(client: Client, application: Application) -> None:
    for kind, data in (("licence", pdf()), ("logo", png(8, 8))):
        client.post(f"{page_of(application)}papers/", {"kind": kind, "file": file(data)})


def filled(client: Client, **changed: str) -> Application:
    application = begun(client)
    client.post(page_of(application), FILLED | {"version": application.version} | changed)
    send_papers(client, application)
    return again(application)


def again(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def submitted(client: Client, **changed: str) -> Application:
    application = filled(client)
    client.post(f"{page_of(application)}send/", changed)
    return again(application)


def decide(client: Client, application: Application, move: str, **more: str) -> Application:
    client.post(f"/admin-desk/applications/{application.pk}/word/", {"move": move} | more)
    return again(application)


def approved(erin: Client, dora: Client) -> Application:
    return decide(dora, submitted(erin), "approve")


class TestTheWay:
    """Step by step, each ticked by itself."""

    def test_from_the_first_word_to_the_open_shop(
        self, signed_in: SignedIn, erin: User, dora: User
    ) -> None:
        applicant, admin = signed_in(erin), signed_in(dora)
        application = approved(applicant, admin)
        assert (application.state, application.deposit_due) == ("approved", 1_000_000)
        first = {"title": "笋干", "price": "39.90"}
        assert (
            "保证金还没有到账"
            in applicant.post(f"{page_of(application)}open/", first, follow=True).text
        )
        admin.post(
            f"/admin-desk/applications/{application.pk}/deposit/",
            {"amount": "10000.00", "note": "流水 1"},
        )
        applicant.post(f"{page_of(application)}open/", first)
        shop = Shop.objects.get(name="溪口山货")
        assert again(application).shop == shop
        assert Membership.objects.get(shop=shop).user == erin
        assert DepositEntry.objects.get(shop=shop).amount == 1_000_000
        assert Product.objects.get(shop=shop).price == 3990
        moves = AuditEntry.objects.filter(object_type="application").values_list(
            "action", flat=True
        )
        assert {"application.submit", "application.approve", "application.open"} <= set(moves)

    def test_the_checklist_ticks_itself(self, signed_in: SignedIn, erin: User) -> None:
        client = signed_in(erin)
        application = begun(client)
        assert "1 / 11 步完成" in client.get(page_of(application)).text
        assert "5 / 11 步完成" in client.get(page_of(filled(client))).text

    def test_what_is_missing_is_named_and_holds_it_up(
        self, signed_in: SignedIn, erin: User
    ) -> None:
        client = signed_in(erin)
        application = filled(client, licence_no="")
        assert "还差：统一社会信用代码" in client.get(page_of(application)).text
        answer = client.post(f"{page_of(application)}send/", follow=True)
        assert "还有没填的" in answer.text
        assert again(application).state == "draft"

    def test_local_life_says_its_scope(self, signed_in: SignedIn, erin: User) -> None:
        client = signed_in(erin)
        application = filled(client, kind="local_life")
        client.post(f"{page_of(application)}send/")
        assert again(application).state == "draft"

    def test_an_individual_opens_without_a_deposit(
        self, signed_in: SignedIn, erin: User, dora: User
    ) -> None:
        client = signed_in(erin)
        application = filled(client, shop_type="individual")
        client.post(f"{page_of(application)}send/")
        assert decide(signed_in(dora), application, "approve").deposit_due == 0
        client.post(f"{page_of(application)}open/", {"title": "笋干", "price": "39.90"})
        assert again(application).state == "opened"

    def test_more_is_asked_for_and_sent_in_again(
        self, signed_in: SignedIn, erin: User, dora: User
    ) -> None:
        client, admin = signed_in(erin), signed_in(dora)
        application = submitted(client)
        assert decide(admin, application, "ask").state == "submitted"
        assert decide(admin, application, "ask", note="执照看不清").state == "info_requested"
        assert "执照看不清" in client.get(page_of(application)).text
        client.post(f"{page_of(application)}send/")
        assert again(application).state == "submitted"

    def test_a_rejection_has_a_reason_of_the_list(
        self, signed_in: SignedIn, erin: User, dora: User
    ) -> None:
        client, admin = signed_in(erin), signed_in(dora)
        application = submitted(client)
        assert decide(admin, application, "reject", note="不符").state == "submitted"
        found = decide(admin, application, "reject", reason="scope", note="不在范围")
        assert (found.state, found.reason) == ("rejected", "scope")
        assert "经营范围不符" in client.get(page_of(application)).text
        assert decide(admin, application, "approve").state == "rejected"

    def test_what_was_sent_in_is_not_changed_any_more(
        self, signed_in: SignedIn, erin: User
    ) -> None:
        client = signed_in(erin)
        application = submitted(client)
        client.post(
            page_of(application), FILLED | {"version": application.version, "brand_name": "x"}
        )
        assert again(application).brand_name == "溪口"
        client.post(f"{page_of(application)}papers/", {"kind": "other", "file": file(pdf())})
        assert ApplicationPaper.objects.count() == 2

    def test_nobody_decides_their_own(self, signed_in: SignedIn, dora: User) -> None:
        client = signed_in(dora)
        assert decide(client, submitted(client), "approve").state == "submitted"

    def test_a_shop_is_opened_once(self, signed_in: SignedIn, erin: User, dora: User) -> None:
        client = signed_in(erin)
        application = approved(client, signed_in(dora))
        Application.objects.update(deposit_paid=1_000_000)
        for _ in range(2):
            client.post(f"{page_of(application)}open/", {"title": "笋干", "price": "39.90"})
        assert Shop.objects.count() == 1


class TestInvitations:
    """A code puts an application on the fast lane, as often as it says."""

    def code(self, uses: int = 1, days: int = 1) -> InvitationCode:
        return InvitationCode.objects.create(
            code="FASTLANE22", uses_left=uses, created_by="dora",
            valid_until=timezone.localdate() + timedelta(days=days),
        )  # fmt: skip

    def test_it_stands_first_and_is_used_up(
        self, signed_in: SignedIn, erin: User, dora: User
    ) -> None:
        self.code()
        other = submitted(signed_in(make_user("fay")))
        fast = submitted(signed_in(erin), code=" fastlane22 ")
        assert fast.invitation
        html = signed_in(dora).get("/admin-desk/applications/").text
        assert html.index(f"applications/{fast.pk}/") < html.index(f"applications/{other.pk}/")
        assert submitted(signed_in(make_user("gil")), code="FASTLANE22").state == "draft"

    @pytest.mark.parametrize("code", ["WRONG", "FASTLANE22", "a\x00b"])
    def test_one_that_is_over_or_wrong_is_refused_with_a_sentence(
        self, signed_in: SignedIn, erin: User, code: str
    ) -> None:
        self.code(days=-1)
        client = signed_in(erin)
        application = filled(client)
        answer = client.post(f"{page_of(application)}send/", {"code": code}, follow=True)
        assert "邀请码不对" in answer.text
        assert again(application).state == "draft"

    def test_an_admin_makes_one(self, signed_in: SignedIn, dora: User) -> None:
        day = (timezone.localdate() + timedelta(days=9)).isoformat()
        signed_in(dora).post("/admin-desk/applications/", {"uses": "3", "valid_until": day})
        assert InvitationCode.objects.get().uses_left == 3


class TestPapers:
    """Told by content, kept under no name, shown to two sides only."""

    def upload(self, client: Client, data: bytes, name: str, kind: str = "licence") -> Any:
        application = begun(client)
        answer = client.post(
            f"{page_of(application)}papers/", {"kind": kind, "file": file(data, name)}, follow=True
        )
        return application, answer

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "logo.png"),
            (b"<!DOCTYPE html><script>alert(1)</script>", "licence.pdf"),
            (b"PK\x03\x04" + b"\x00" * 40, "licence.pdf"),
            (pdf(b"<</S/JavaScript/JS(x)>>"), "licence.pdf"),
            (pdf() + b"PK\x03\x04zip behind", "licence.pdf"),
            (png(60_000, 60_000), "huge.png"),
            (b"\x00" * (5 * 1024 * 1024 + 1), "big.pdf"),
        ],
        ids=["svg", "html", "zip", "script", "polyglot", "bomb", "large"],
    )
    def test_hostile_ones_are_refused_with_a_sentence(
        self, signed_in: SignedIn, erin: User, data: bytes, name: str
    ) -> None:
        _application, answer = self.upload(signed_in(erin), data, name)
        assert ApplicationPaper.objects.count() == 0
        assert 'class="note page-note note-watch"' in answer.text

    @pytest.mark.parametrize(
        "name", ["../../etc/passwd.png", "..\\..\\x.png", "a\r\nX: y.png", "/a"]
    )
    def test_no_name_of_theirs_is_kept(self, signed_in: SignedIn, erin: User, name: str) -> None:
        client = signed_in(erin)
        application, _answer = self.upload(client, jpeg(4, 4) + b"<?php evil();", name)
        paper = ApplicationPaper.objects.get()
        assert b"evil" not in bytes(paper.content)
        answer = client.get(f"{page_of(application)}papers/{paper.pk}/")
        assert answer["Content-Disposition"] == f'attachment; filename="licence-{paper.pk}.jpg"'
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"

    def test_a_logo_is_a_picture(self, signed_in: SignedIn, erin: User) -> None:
        self.upload(signed_in(erin), pdf(), "logo.png", "logo")
        assert ApplicationPaper.objects.count() == 0

    def test_others_see_neither_application_nor_paper(
        self, signed_in: SignedIn, erin: User, alice: User, dora: User
    ) -> None:
        application = submitted(signed_in(erin))
        paper = ApplicationPaper.objects.latest("pk")
        there = (page_of(application), f"{page_of(application)}papers/{paper.pk}/")
        assert [signed_in(alice).get(path).status_code for path in there] == [404, 404]
        assert [signed_in(dora).get(path).status_code for path in there] == [200, 200]
        assert Client().get(there[1]).status_code == 302

    def test_an_admin_reads_and_changes_nothing_there(
        self, signed_in: SignedIn, erin: User, dora: User
    ) -> None:
        application = filled(signed_in(erin))
        client = signed_in(dora)
        for path in ("send/", "back/", "open/", "papers/"):
            assert client.post(page_of(application) + path).status_code == 404
        assert client.post(page_of(application), FILLED).status_code == 404


def test_both_sides_are_told(signed_in: SignedIn, erin: User, dora: User) -> None:
    application = submitted(signed_in(erin))
    tasks.outbox_relay()
    assert words_of(Notification.objects.get(user=dora)).title == "新的入驻申请：溪口山货"
    decide(signed_in(dora), application, "ask", note="执照看不清")
    tasks.outbox_relay()
    told = Notification.objects.get(user=erin)
    assert (words_of(told).title, words_of(told).body) == (
        "入驻申请要补材料：溪口山货", "执照看不清",
    )  # fmt: skip
    assert words_of(told).url == page_of(application)
