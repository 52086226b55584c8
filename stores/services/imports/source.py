"""What kind of bytes a file is: size, encoding, fingerprint. Nothing is kept in memory or on disk.

The whole file is decoded once before anything is read from it, so that a file that breaks in its
last line is refused before the first row has been stored.
"""

import codecs
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

BLOCK = 1 << 20

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 BOM"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
NOT_TEXT = (ZIP, OLE, b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")
# How an encrypted workbook names its content in the directory of the old container format.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class RefusedError(Exception):
    """The file is refused whole; code and particulars become a sentence when shown."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Source:
    """A file that can be opened several times. ``name`` is shown and kept in the ledger."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True)
class Examined:
    """A source whose every byte has been looked at.

    ``codec`` is Python's, ``encoding`` the name people know. ``suspicious`` tells that a NUL or a
    replacement character occurs somewhere, so that rows need a closer look; ``has_endless_line``
    that no line ends within a whole block.
    """

    source: Source
    codec: str
    encoding: str
    content_hash: str
    suspicious: bool
    has_endless_line: bool

    def text(self) -> TextIOWrapper:
        """The decoded text, line ends untouched."""
        return TextIOWrapper(self.source.open(), encoding=self.codec, errors="strict", newline="")


def file_source(path: Path) -> Source:
    """A source over a file on disk; one that cannot be read is refused when it is examined."""
    size = path.stat().st_size if path.is_file() else 0
    return Source(name=path.name, size=size, open=lambda: path.open("rb"))


def beginning(source: Source, max_bytes: int) -> bytes:
    """The first bytes. Raises RefusedError for a file that is too large, empty or unreadable."""
    if source.size > max_bytes:
        raise RefusedError("too_large", size=source.size, limit=max_bytes)
    try:
        with source.open() as file:
            start = file.read(BLOCK)
    except OSError as error:
        raise RefusedError("unreadable", error=error.strerror or str(error)) from error
    if not start.strip():
        raise RefusedError("empty_file")
    return start


def examine(source: Source, start: bytes, max_bytes: int) -> Examined:
    """The encoding of a text. Raises RefusedError where there is none."""
    if start.startswith(NOT_TEXT):
        raise RefusedError("not_text")
    for codec, name in _candidates(start):
        marks = _decodes(source, codec)
        if marks is not None:
            return Examined(source, codec, name, digest_of(source, max_bytes), *marks)
    raise RefusedError("undecodable")


def is_encrypted(source: Source) -> bool:
    """Whether an old container holds an encrypted workbook (else it is an old workbook)."""
    tail = b""
    for block in _blocks(source):
        if ENCRYPTED in tail + block:
            return True
        tail = block[-len(ENCRYPTED) :]
    return False


def _candidates(start: bytes) -> list[tuple[str, str]]:
    for bom, codec, name in BOMS:
        if start.startswith(bom):
            return [(codec, name)]
    return [("utf-8", "UTF-8"), ("gb18030", "GB18030")]


def _decodes(source: Source, codec: str) -> tuple[bool, bool] | None:
    """None when the codec does not fit throughout.

    Else whether suspicious characters occur, and whether a line is longer than a block.
    """
    decoder = codecs.getincrementaldecoder(codec)(errors="strict")
    suspicious = endless = False
    try:
        for block in _blocks(source):
            text = decoder.decode(block)
            suspicious = suspicious or "\x00" in text or "\ufffd" in text
            if len(block) == BLOCK:
                endless = endless or not ("\n" in text or "\r" in text)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return None
    return suspicious, endless


def digest_of(source: Source, max_bytes: int) -> str:
    """SHA-256 of the bytes. Raises RefusedError when there are more than were announced."""
    digest = hashlib.sha256()
    size = 0
    for block in _blocks(source):
        size += len(block)
        if size > max_bytes:
            raise RefusedError("too_large", size=size, limit=max_bytes)
        digest.update(block)
    return digest.hexdigest()


def _blocks(source: Source) -> Iterator[bytes]:
    with source.open() as file:
        while block := file.read(BLOCK):
            yield block
