"""Chinese text in every encoding people save it in; what cannot be decided is refused."""

import codecs

import pytest

from stores.models import Review
from tests.imports.files import REVIEW, Desk, counts, csv_text

TEXT = "质量很好，没有色差（推荐）"
WHOLE = csv_text([REVIEW | {"text": TEXT}])


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (WHOLE.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + WHOLE.encode(), "UTF-8 BOM"),
        (WHOLE.encode("gbk"), "GB18030"),
        (WHOLE.encode("gb18030"), "GB18030"),
        (codecs.BOM_UTF16_LE + WHOLE.encode("utf-16-le"), "UTF-16"),
        (codecs.BOM_UTF16_BE + WHOLE.encode("utf-16-be"), "UTF-16"),
    ],
)
def test_the_same_text_arrives_from_every_encoding(desk: Desk, data: bytes, encoding: str) -> None:
    """And the report names the encoding."""
    report = desk.data("reviews", data)
    assert report["encoding"] == encoding
    assert counts(report) == (1, 0, 0, 0)
    assert Review.objects.get().text == TEXT


def test_rare_characters_survive(desk: Desk) -> None:
    """Four bytes in GB18030 as in UTF-8."""
    text = csv_text([REVIEW | {"text": "𠮷🙂"}])
    desk.data("reviews", text.encode("gb18030"))
    assert Review.objects.get().text == "𠮷🙂"


@pytest.mark.parametrize(
    "data",
    [
        WHOLE.encode() + b"\xff",
        WHOLE.encode() + csv_text([REVIEW]).encode("gbk") + b"\x80\x20\xff",
        codecs.BOM_UTF16_LE + WHOLE.encode("utf-16-le") + b"\x00",
        b"PK\x03\x04" + WHOLE.encode(),
        b"\xd0\xcf\x11\xe0" + bytes(100),
    ],
)
def test_what_is_no_text_is_refused_whole(desk: Desk, data: bytes) -> None:
    """Even if only the last byte does not fit."""
    report = desk.data("reviews", data)
    assert report["status"] == "refused"
    assert report["reason"]
    assert not Review.objects.exists()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_one(desk: Desk, line_end: str) -> None:
    """Lines are counted alike."""
    bad = REVIEW | {"review_id": "r2", "rating": 9}
    text = csv_text([REVIEW, bad]).replace("\n", line_end)
    report = desk.text("reviews", text)
    assert counts(report) == (1, 0, 0, 1)
    assert report["problems"][0]["line"] == 3
