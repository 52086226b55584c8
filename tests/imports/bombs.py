"""Archives made to hurt whoever opens them."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from tests.imports.files import ORDER
from tests.imports.workbooks import archive, table, workbook

BOOK = (
    '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
SHEET_PART = "xl/worksheets/sheet1.xml"
GOOD = workbook(table(ORDER))
MIB = 1 << 20


def inside(sheet: bytes) -> bytes:
    """A good workbook with another sheet."""
    out = BytesIO()
    with ZipFile(BytesIO(GOOD)) as read, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for info in read.infolist():
            is_sheet = info.filename == SHEET_PART
            made.writestr(info.filename, sheet if is_sheet else read.read(info))
    return out.getvalue()


def blown_up() -> bytes:
    """Half a gigabyte of blanks in one sheet."""
    return inside(b"<worksheet><sheetData>" + b" " * (512 * MIB))


def lying() -> bytes:
    """Says a megabyte, holds half a gigabyte."""
    data = bytearray(blown_up())
    size = struct.pack("<I", 512 * MIB + 22)
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<I", MIB)
    return bytes(data)


def endless_rows() -> bytes:
    """Two million rows that pack well enough to pass for a table."""
    row = '<row r="%d"><c r="A%d"><v>%d</v></c></row>'
    rows = "".join(row % (n, n, n * 7919 % 10_007) for n in range(1, 400_000))
    return inside(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode())


def far_corner() -> bytes:
    """Two cells, as far from each other as a sheet allows."""
    cell = '<row r="%d"><c r="%s%d" t="inlineStr"><is><t>x</t></is></c></row>'
    rows = cell % (1, "A", 1) + cell % (1_048_576, "XFD", 1_048_576)
    return inside(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode())


def laughing() -> bytes:
    """A billion laughs."""
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    text = f'<?xml version="1.0"?><!DOCTYPE sst [{names}]><sst><si><t>&l9;</t></si></sst>'
    return changed_part("xl/sharedStrings.xml", text.encode())


def changed_part(name: str, content: bytes) -> bytes:
    """A good workbook with another content of one part."""
    out = BytesIO()
    with ZipFile(BytesIO(GOOD)) as read, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for info in read.infolist():
            made.writestr(info.filename, content if info.filename == name else read.read(info))
    return out.getvalue()


def overlapping() -> bytes:
    """Ten thousand names for one block of blanks."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b" " * (32 * MIB)) + packed.flush()
    head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 33, 0, len(body), 32 * MIB, 0, 0)
    names = ["xl/workbook.xml", *(f"xl/worksheets/sheet{n}.xml" for n in range(9_000))]
    central = b"".join(
        struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 33, 0, len(body), 32 * MIB,
            len(name), 0, 0, 0, 0, 0, 0,
        ) + name.encode()
        for name in names
    )  # fmt: skip
    end = struct.pack(
        "<4sHHHHIIH",
        b"PK\5\6",
        0,
        0,
        len(names),
        len(names),
        len(central),
        len(head) + len(body),
        0,
    )
    return head + body + central + end


def repeated_text() -> bytes:
    """One long shared text in very many cells."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 150_000))
    shared = changed_part(
        "xl/sharedStrings.xml", b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    )
    out = BytesIO()
    with ZipFile(BytesIO(shared)) as read, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for info in read.infolist():
            sheet = f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()
            made.writestr(info.filename, sheet if info.filename == SHEET_PART else read.read(info))
    return out.getvalue()


def nested() -> bytes:
    """An archive in an archive."""
    return archive(**{"inner.zip": GOOD})


def climbing() -> bytes:
    """A name that leads out of the folder it would be unpacked in."""
    return archive(**{"../../etc/cron.d/x": "boo", "book": BOOK})


BOMBS = {
    "blown up": blown_up,
    "lying": lying,
    "endless rows": endless_rows,
    "far corner": far_corner,
    "laughing": laughing,
    "overlapping": overlapping,
    "repeated text": repeated_text,
    "nested": nested,
    "climbing": climbing,
}
