"""Papers people send: photos and scans, told by their content and written anew from their parts.

Only PNG, JPEG and PDF are taken. Of an image nothing is kept but what draws it: descriptions,
places, hidden files and whatever hangs behind its end are left out, so that a file that is two
things at once ends as one. The pixels are inflated once to see that they are no bomb, and never
held as a whole.
A PDF is kept as it came; one that runs, carries or hides something is refused.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

PNG, JPEG, PDF = "image/png", "image/jpeg", "application/pdf"
IMAGES = frozenset({PNG, JPEG})
ENDINGS = {PNG: "png", JPEG: "jpg", PDF: "pdf"}

MOST_SIDE, MOST_PIXELS = 12_000, 40_000_000
PNG_MARK = b"\x89PNG\r\n\x1a\n"
DRAWING = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
DEPTHS = frozenset({1, 2, 4, 8, 16})
BLOCK = 1 << 16

EOI, SOS, APP1, APP14 = 0xD9, 0xDA, 0xE1, 0xEE
FRAMES = frozenset({0xC0, 0xC1, 0xC2})
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
TABLES = frozenset({0xC4, 0xDB, 0xDD})
EXIF_MARK, TURNED = b"Exif\x00\x00", 0x0112
TURNS = range(1, 9)

PDF_MARK = re.compile(rb"%PDF-[12]\.\d")
PDF_END = b"%%EOF"
PDF_LIVELY = (
    b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA", b"/SubmitForm",
    b"/ImportData", b"/GoToR", b"/Encrypt",
)  # fmt: skip
PDF_STREAM = re.compile(rb"/ObjStm.{0,400}?stream\r?\n", re.DOTALL)
PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
PDF_INFLATED = 32 * 1024 * 1024


class PaperError(Exception):
    """The file is not taken; ``reason`` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Paper:
    """What is kept: its true type and its bytes. Sides are in pixels, 0 for a PDF."""

    media: str
    content: bytes
    width: int = 0
    height: int = 0


def paper_of(data: bytes, *, images_only: bool = False) -> Paper:
    """What a file is and what of it is kept.

    Raises PaperError: ``empty``, ``unknown_type``, ``broken``, ``too_many_pixels``, ``not_whole``
    (something hangs behind a PDF's end) or ``lively`` (a PDF that runs or carries something).
    """
    if not data:
        raise PaperError("empty")
    reader = _reader(data)
    if reader is None or (images_only and reader is _pdf):
        raise PaperError("unknown_type")
    try:
        return reader(data)
    except (struct.error, IndexError, zlib.error):
        raise PaperError("broken") from None


def _reader(data: bytes) -> Callable[[bytes], Paper] | None:
    if data.startswith(PNG_MARK):
        return _png
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg
    return _pdf if PDF_MARK.match(data) else None


def _sides(width: int, height: int) -> None:
    if not width or not height:
        raise PaperError("broken")
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise PaperError("too_many_pixels")


def _png(data: bytes) -> Paper:
    kept = list(_chunks(data))
    kinds = [kind for kind, _ in kept]
    if kinds[:1] != [b"IHDR"] or kinds.count(b"IHDR") != 1 or b"IDAT" not in kinds:
        raise PaperError("broken")
    width, height, depth, colour, _squeeze, _filter, is_laced = struct.unpack(
        ">IIBBBBB", kept[0][1]
    )
    _sides(width, height)
    if depth not in DEPTHS or colour not in CHANNELS:
        raise PaperError("broken")
    line = (width * depth * CHANNELS[colour] + 7) // 8 + 1
    # Interlacing draws seven passes, each with a byte more on every line.
    most = line * height + (8 * (height + width) if is_laced else 0)
    _inflate((body for kind, body in kept if kind == b"IDAT"), most)
    content = PNG_MARK + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in kept
    )
    return Paper(PNG, content, width, height)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks that draw, up to the end of the image."""
    at = len(PNG_MARK)
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        (told,) = struct.unpack_from(">I", data, at + 8 + length)
        if len(body) != length or told != zlib.crc32(kind + body):
            raise PaperError("broken")
        if kind in DRAWING:
            yield kind, body
        if kind == b"IEND":
            return
        at += 12 + length


def _inflate(pieces: Iterator[bytes], most: int) -> None:
    """Inflate to the end without keeping anything. Raises PaperError beyond ``most`` bytes."""
    engine, seen = zlib.decompressobj(), 0
    for piece in pieces:
        left = piece
        while left and not engine.eof:
            seen += len(engine.decompress(left, BLOCK))
            left = engine.unconsumed_tail
            if seen > most:
                raise PaperError("too_many_pixels")
    while not engine.eof and (more := engine.decompress(engine.unconsumed_tail, BLOCK)):
        seen += len(more)
    if seen > most or not engine.eof:
        raise PaperError("broken")


def _jpeg(data: bytes) -> Paper:
    parts, sides, turn, has_scan = [b"\xff\xd8"], (0, 0), 0, False
    for marker, body, coded in _segments(data):
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", body, 3)
            sides = (width, height)
            _sides(width, height)
        if marker == APP1 and body[2:8] == EXIF_MARK:
            turn = turn or _turned(body[8:])
        if _is_drawing(marker):
            parts += [bytes((0xFF, marker)), body, coded]
        has_scan = has_scan or marker == SOS
    if not sides[0] or not has_scan:
        raise PaperError("broken")
    if turn:
        parts.insert(1, _turn_told(turn))
    return Paper(JPEG, b"".join(parts) + b"\xff\xd9", *sides)


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, body and the coded pixels that follow it, up to the end of the image."""
    at = 2
    while True:
        at, marker = _marker(data, at)
        if marker == EOI:
            return
        if marker in ALONE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        body = data[at : at + length]
        if len(body) != length or len(body) < 2:
            raise PaperError("broken")
        at += length
        end = _scan_end(data, at) if marker == SOS else at
        yield marker, body, data[at:end]
        at = end


def _is_drawing(marker: int) -> bool:
    """Whether a segment is needed to draw; colours of printers stand in APP14."""
    return marker in FRAMES | TABLES | {SOS, APP14}


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """Where the next marker's body begins, and the marker."""
    if data[at] != 0xFF:
        raise PaperError("broken")
    while data[at] == 0xFF:
        at += 1
    return at + 1, data[at]


def _scan_end(data: bytes, at: int) -> int:
    """Where the coded pixels end: at the next marker that is neither stuffed nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise PaperError("broken")
        if data[at + 1] == 0 or data[at + 1] in ALONE:
            at += 2
        else:
            return at


def _turned(exif: bytes) -> int:
    """How a camera held it (1 to 8), 0 where it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 0
    try:
        (start,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, start)
        for number in range(min(count, 200)):
            tag, _kind, _n, value = struct.unpack_from(
                order + "HHIH", exif, start + 2 + 12 * number
            )
            if tag == TURNED:
                return int(value) if value in TURNS else 0
    except struct.error:
        return 0
    return 0


def _turn_told(turn: int) -> bytes:
    """A segment that says nothing but how the camera was held."""
    body = EXIF_MARK + struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, TURNED, 3, 1, turn, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _pdf(data: bytes) -> Paper:
    end = data.rfind(PDF_END)
    if end < 0 or data[end + len(PDF_END) :].strip(b"\r\n\t \x00"):
        raise PaperError("not_whole")
    looked_at = [data, *_packed(data)]
    for text in looked_at:
        plain = PDF_ESCAPE.sub(lambda code: bytes((int(code[1], 16),)), text)
        if any(word in plain for word in PDF_LIVELY):
            raise PaperError("lively")
    return Paper(PDF, data)


def _packed(data: bytes) -> Iterator[bytes]:
    """The objects a PDF keeps squeezed together, where something lively could hide."""
    left = PDF_INFLATED
    for found in PDF_STREAM.finditer(data):
        engine = zlib.decompressobj()
        try:
            text = engine.decompress(data[found.end() :], left + 1)
        except zlib.error:
            continue
        left -= len(text)
        if left < 0:
            raise PaperError("lively")
        yield text
