"""Reads the files people send with an appeal: what they are by their content, named by nobody."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from shopguard.lib.papers import PaperError, paper_of
from stores.services.paper_words import refusal_words

MOST_BYTES = 5 * 1024 * 1024
MOST_PAPERS = 6
NAME_CHARS = 100
# What a file field may offer to choose from.
ACCEPTED = ".png,.jpg,.jpeg,.pdf"


class PaperRefusedError(Exception):
    """A file is no paper we take; the message says which, why and what to do."""


@dataclass(frozen=True)
class SentPaper:
    """A file that was looked through. ``name`` is its sender's name for it, only to be shown."""

    name: str
    media_type: str
    content: bytes
    digest: str


def paper_read(file: "UploadedFile[Any]") -> SentPaper:
    """Look through a sent file. Raises PaperRefusedError."""
    name = clean_name(file.name or "")
    if (file.size or 0) > MOST_BYTES:
        raise PaperRefusedError(f"{name}: {refusal_words('too_large', MOST_BYTES)}")
    file.seek(0)
    try:
        paper = paper_of(file.read(MOST_BYTES + 1))
    except PaperError as error:
        raise PaperRefusedError(f"{name}: {refusal_words(error.reason, MOST_BYTES)}") from None
    digest = hashlib.sha256(paper.content).hexdigest()
    return SentPaper(name, paper.media, paper.content, digest)


def clean_name(name: str) -> str:
    """The last part of a name in printable characters; at most :data:`NAME_CHARS`."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in last if not unicodedata.category(c).startswith("C"))
    return kept.strip()[:NAME_CHARS] or "—"
