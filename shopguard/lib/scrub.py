"""Takes phone numbers, identity numbers and e-mail addresses out of free text.

Digits may be full-width and may be grouped by blanks or hyphens, the way people write them to get
past filters. Order numbers of other lengths stay.
"""

import re
from collections.abc import Sequence

_D = r"[0-9０-９]"
_GAP = r"[ \-－–.　]?"
_NOT_BEFORE = r"(?<![0-9０-９])"
_NOT_AFTER = r"(?![0-9０-９])"

_EMAIL = re.compile(r"[\w.+\-＋．]{1,64}\s?[@＠]\s?[\w\-]{1,63}(?:[.．][\w\-]{1,63})+")
_IDENTITY = re.compile(
    _NOT_BEFORE
    + rf"[1-9１-９](?:{_GAP}{_D}){{5}}{_GAP}[12１２]{_GAP}[089０８９](?:{_GAP}{_D}){{2}}"
    + rf"{_GAP}[01０１]{_GAP}{_D}{_GAP}[0-3０-３]{_GAP}{_D}"
    + rf"(?:{_GAP}{_D}){{3}}{_GAP}[0-9０-９XxＸｘ]"
    + _NOT_AFTER
)
_MOBILE = re.compile(
    rf"(?<![0-9０-９])(?:[+＋]?[8８]{_GAP}[6６]{_GAP})?[1１]{_GAP}[3-9３-９](?:{_GAP}{_D}){{9}}{_NOT_AFTER}"
)
_LANDLINE = re.compile(
    _NOT_BEFORE + r"[(（]?[0０][0-9０-９]{2,3}[)）]?[ \-－–][0-9０-９]{7,8}" + _NOT_AFTER
)

# Most texts hold nothing of the kind; one cheap look spares them the rest.
_HINT = re.compile(rf"[@＠]|{_D}(?:[^\w]?{_D}){{6}}")

REPLACEMENTS = (
    (_EMAIL, "[邮箱]"),
    (_IDENTITY, "[证件号]"),
    (_MOBILE, "[电话]"),
    (_LANDLINE, "[电话]"),
)


def scrub(text: str) -> str:
    """``text`` with what identifies a person replaced by a bracketed word. Idempotent."""
    if not _HINT.search(text):
        return text
    for pattern, word in REPLACEMENTS:
        text = pattern.sub(word, text)
    return text


def scrub_all(texts: Sequence[str]) -> Sequence[str]:
    """:func:`scrub` over a column; the same sequence when there was nothing to look at."""
    if not _HINT.search("\n".join(texts)):
        return texts
    return [scrub(text) for text in texts]
