"""Papers are told by their content, and what they hide is left out or refused."""

import struct
import zlib

import pytest

from shopguard.lib.papers import JPEG, PDF, PNG, PaperError, paper_of
from tests.lib.papers import chunk, jpeg, pdf, png

EVIL = b"<script>alert(1)</script>"
ZIP = b"PK\x03\x04" + b"\x00" * 40 + b"evil.php" + b"PK\x05\x06" + b"\x00" * 18


def refused(data: bytes, **more: bool) -> str:
    with pytest.raises(PaperError) as refusal:
        paper_of(data, **more)
    return refusal.value.reason


def test_a_picture_and_a_scan_are_taken_as_what_they_are() -> None:
    assert paper_of(png(3, 2)).media == PNG
    assert (paper_of(png(3, 2)).width, paper_of(png(3, 2)).height) == (3, 2)
    assert paper_of(jpeg(4, 5)).media == JPEG
    assert (paper_of(jpeg(4, 5)).width, paper_of(jpeg(4, 5)).height) == (4, 5)
    assert paper_of(pdf()).media == PDF


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><svg/>', b"<!DOCTYPE html><p>", b"GIF89a" + b"\x00" * 20, ZIP,
        b"MZ\x90\x00", b"#!/bin/sh\n", EVIL + png(1, 1), b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\x1f\x8b\x08" + b"\x00" * 9,
        b" " + pdf(),
    ],
)  # fmt: skip
def test_anything_else_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert refused(data) == "unknown_type"


def test_an_empty_file_is_refused() -> None:
    assert refused(b"") == "empty"


def test_a_logo_is_a_picture() -> None:
    assert refused(pdf(), images_only=True) == "unknown_type"


@pytest.mark.parametrize("picture", [png(3, 2), jpeg(4, 5)], ids=["png", "jpeg"])
@pytest.mark.parametrize("tail", [EVIL, ZIP, pdf()], ids=["html", "zip", "pdf"])
def test_what_hangs_behind_a_picture_is_cut_off(picture: bytes, tail: bytes) -> None:
    assert paper_of(picture + tail).content == paper_of(picture).content
    assert tail not in paper_of(picture + tail).content


def test_what_a_picture_says_beside_drawing_is_left_out() -> None:
    told = png(3, 2, before=chunk(b"tEXt", b"Comment\x00" + EVIL) + chunk(b"eXIf", b"GPS"))
    assert paper_of(told).content == paper_of(png(3, 2)).content
    spoken = jpeg(4, 5, before=b"\xff\xfe" + struct.pack(">H", len(EVIL) + 2) + EVIL)
    assert paper_of(spoken).content == paper_of(jpeg(4, 5)).content


def test_of_a_cameras_words_only_how_it_was_held_is_kept() -> None:
    exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00" + struct.pack(
        "<HHIHHHHIII", 0x0112, 3, 1, 6, 0, 0x8825, 4, 1, 0, 0
    ) + b"GPS 31.2N 121.5E"  # fmt: skip
    held = jpeg(4, 5, before=b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    kept = paper_of(held).content
    assert b"GPS" not in kept
    assert (
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06"
        in kept
    )
    assert paper_of(kept).content == kept


def test_a_picture_that_swells_is_refused() -> None:
    bomb = png(3, 2, pixels=zlib.compress(b"\x00" * 50_000_000, 9))
    assert len(bomb) < 60_000
    assert refused(bomb) == "too_many_pixels"


def test_a_picture_of_millions_of_millions_of_pixels_is_refused_unread() -> None:
    assert refused(png(60_000, 60_000, pixels=b"")) == "too_many_pixels"
    assert refused(jpeg(50_000, 4_000)) == "too_many_pixels"


@pytest.mark.parametrize("cut", [9, 20, 40, 60])
def test_half_a_picture_is_refused(cut: int) -> None:
    assert refused(png(30, 20)[:cut]) == "broken"
    assert refused(jpeg(30, 20)[: cut // 2]) == "broken"


def test_a_picture_whose_sums_do_not_match_is_refused() -> None:
    whole = bytearray(png(3, 2))
    whole[40] ^= 1
    assert refused(bytes(whole)) == "broken"


@pytest.mark.parametrize(
    "inside",
    [
        b"<</S/JavaScript/JS(app.alert(1))>>", b"<</S/Java#53cript/JS(x)>>", b"<</S/Launch/F(a)>>",
        b"<</Type/EmbeddedFile>>", b"<</XFA 3 0 R>>", b"<</Encrypt 4 0 R>>",
    ],
)  # fmt: skip
def test_a_scan_that_runs_or_carries_something_is_refused(inside: bytes) -> None:
    assert refused(pdf(inside)) == "lively"


def test_also_where_it_is_squeezed_together() -> None:
    packed = zlib.compress(b"<</S/JavaScript/JS(x)>>")
    assert refused(pdf(b"<</Type/ObjStm/N 1>>stream\n" + packed + b"\nendstream")) == "lively"


def test_a_squeezed_bomb_in_a_scan_is_not_unpacked_whole() -> None:
    packed = zlib.compress(b"\x00" * 60_000_000, 9)
    assert refused(pdf(b"<</Type/ObjStm/N 1>>stream\n" + packed + b"\nendstream")) == "lively"


def test_a_scan_with_something_behind_its_end_is_refused() -> None:
    assert refused(pdf() + ZIP) == "not_whole"
    assert refused(pdf().replace(b"%%EOF", b"")) == "not_whole"
