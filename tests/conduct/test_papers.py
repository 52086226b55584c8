"""Papers of appeals: what they are is read from their content, and hostile ones harm nobody."""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from stores.models import Appeal, AppealPaper, PenaltyLogRow, Shop, User, Violation
from stores.services.appeal_papers import (
    MOST_BYTES,
    MOST_PAPERS,
    PaperRefusedError,
    clean_name,
    paper_read,
)
from stores.services.cases import CaseRefusedError, appeal_file, appeal_papers_add
from tests.conduct.violations import violation
from tests.imports.files import shanghai
from tests.lib.papers import jpeg, pdf, png

SCRIPT = b"<script>alert(1)</script>"
# Most of what is refused is told in tests/lib/test_papers.py.
HOSTILE = {
    "nothing": b"",
    "a page": b"<!doctype html>" + SCRIPT,
    "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
    "a program": b"MZ\x90\x00" + b"\0" * 64,
    "an archive": b"PK\x03\x04" + b"\0" * 64,
    "the first bytes of a picture": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "a picture of ten billion dots": png(100_000, 100_000, pixels=b""),
    "a pdf with a script": pdf(b"<</S/JavaScript/JS(app.alert(1))>>"),
    "a pdf behind something": b"<html>" + pdf(),
}
SignedIn = Callable[[User], Client]


def sent(content: bytes, name: str = "chat.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(png(1, 1), "image/png"), (jpeg(1, 1), "image/jpeg"), (pdf(), "application/pdf")],
)
def test_content_says_what_a_paper_is_whatever_its_name(content: bytes, kind: str) -> None:
    assert paper_read(sent(content, "x.exe")).media_type == kind


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_only_pretends_is_refused(content: bytes) -> None:
    with pytest.raises(PaperRefusedError):
        paper_read(sent(content))


def test_a_paper_beyond_the_limit_is_refused_unread() -> None:
    file = sent(png(1, 1))
    file.size = MOST_BYTES + 1
    with pytest.raises(PaperRefusedError, match="5 MB"):
        paper_read(file)


@given(st.binary(max_size=400), st.sampled_from([png(1, 1), jpeg(1, 1), pdf()]), st.integers(0, 60))
def test_no_bytes_bring_the_reader_down(noise: bytes, real: bytes, cut: int) -> None:
    for content in (noise, real[:cut] + noise, real + noise):
        with suppress(PaperRefusedError):
            assert paper_read(sent(content)).content


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\chat.png", "chat.png"),
        ("a\r\nSet-Cookie: x\0.png", "aSet-Cookie: x.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("", "—"),
        ("x" * 300, "x" * 100),
    ],
)
def test_names_are_only_shown_and_only_in_plain_characters(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@pytest.fixture
def case(shop: Shop) -> Violation:
    """A general case of today, 5 March 2024."""
    return violation(shop, state="pending", notified="2024-03-05 09:00")


@pytest.fixture
def appeal(case: Violation, alice: User) -> Appeal:
    """An appeal that waits."""
    with time_machine.travel(shanghai("2024-03-05 10:00"), tick=False):
        return appeal_file(actor=alice, case=case, statement="对话是另一家店的")


@pytest.mark.django_db
@time_machine.travel(shanghai("2024-03-05 10:00"), tick=False)
def test_an_appeal_takes_its_papers_or_is_not_filed_at_all(
    signed_in: SignedIn, alice: User, case: Violation
) -> None:
    address = f"/s/plum/conduct/{case.pk}/appeal/"
    form = {"statement": "见截图", "papers": [sent(png(1, 1)), sent(SCRIPT, "evil.png")]}
    signed_in(alice).post(address, form)
    assert not Appeal.objects.exists()
    form["papers"] = [sent(png(1, 1), "../聊天<b>.png"), sent(pdf(), "面单.pdf")]
    signed_in(alice).post(address, form)
    assert [row.name for row in AppealPaper.objects.order_by("pk")] == ["聊天<b>.png", "面单.pdf"]
    shown = signed_in(alice).get(f"/s/plum/conduct/{case.pk}/").text
    assert "聊天&lt;b&gt;.png" in shown
    line = PenaltyLogRow.objects.get(key__startswith="appeal:")
    assert line.content["papers"] == sorted(AppealPaper.objects.values_list("digest", flat=True))


@pytest.mark.django_db
def test_a_paper_comes_back_as_a_download_under_a_neutral_name(
    signed_in: SignedIn, alice: User, bob: User, charlie: User, dora: User, appeal: Appeal
) -> None:
    papers = [paper_read(sent(png(1, 1), "evil.html"))]
    appeal_papers_add(actor=alice, appeal=appeal, papers=papers)
    paper = AppealPaper.objects.get()
    address = f"/s/plum/conduct/papers/{paper.pk}/"
    for user in (alice, dora):
        answer = signed_in(user).get(address)
        assert answer.content == png(1, 1)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        name = f"appeal-{appeal.pk}-{paper.pk}.png"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert signed_in(bob).get(address).status_code == 403
    assert signed_in(charlie).get(address).status_code == 404


@pytest.mark.django_db
def test_the_same_paper_again_is_no_second_one_and_there_is_a_most(
    alice: User, appeal: Appeal
) -> None:
    many = [paper_read(sent(png(n, 1), f"{n}.png")) for n in range(1, MOST_PAPERS + 2)]
    assert appeal_papers_add(actor=alice, appeal=appeal, papers=many[:2]) == 2
    assert appeal_papers_add(actor=alice, appeal=appeal, papers=many[:2]) == 0
    with pytest.raises(CaseRefusedError, match="最多"):
        appeal_papers_add(actor=alice, appeal=appeal, papers=many)
    assert AppealPaper.objects.count() == 2


@pytest.mark.django_db
def test_nothing_is_added_once_the_appeal_is_decided(
    signed_in: SignedIn, alice: User, appeal: Appeal, case: Violation
) -> None:
    Appeal.objects.update(state="refused")
    address = f"/s/plum/conduct/appeals/{appeal.pk}/papers/"
    answer = signed_in(alice).post(address, {"papers": [sent(png(1, 1))]}, follow=True)
    assert "不能再补材料" in answer.text
    assert not AppealPaper.objects.exists()


def test_nothing_hangs_behind_a_picture_any_more() -> None:
    assert paper_read(sent(png(1, 1) + SCRIPT)).content == png(1, 1)


def test_a_file_is_read_from_its_beginning() -> None:
    file = SimpleUploadedFile("x.png", png(1, 1))
    file.file = BytesIO(png(1, 1))
    file.read()
    assert paper_read(file).content == png(1, 1)
