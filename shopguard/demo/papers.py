"""A logo and a licence for applications of the demo, drawn here byte by byte."""

import struct
import zlib

SIDE = 96
GREEN, PAPER = b"\x2f\x6b\x4f", b"\xf4\xf1\xea"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _logo() -> bytes:
    """A green disc on paper, as PNG."""
    middle, radius = SIDE // 2, SIDE * 2 // 5
    lines = []
    for y in range(SIDE):
        inside = ((x - middle) ** 2 + (y - middle) ** 2 <= radius**2 for x in range(SIDE))
        lines.append(b"\x00" + b"".join(GREEN if is_in else PAPER for is_in in inside))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(lines), 9)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", head), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    )


def _licence() -> bytes:
    """One page that says it is a sample, as PDF."""
    text = b"BT /F1 24 Tf 72 700 Td (Business licence - demo sample) Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(written)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows)
    return written + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        count, start,
    )  # fmt: skip


LOGO, LICENCE = _logo(), _licence()
