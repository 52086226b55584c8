"""What the forms and files of the table of products say."""

import csv
from collections.abc import Collection, Mapping, Sequence
from io import StringIO
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from freightins.calc.choices import CATEGORY, PRODUCT, SHOP, Wanted
from freightins.selectors.products import CoverRow

SIGNS: Mapping[str, bool | None] = {"on": True, "off": False, "inherit": None}
WORDS: Mapping[str, bool | None] = {
    **SIGNS,
    "yes": True, "no": False, "1": True, "0": False, "": None, "是": True, "否": False,
    "在保": True, "不保": False, "随上级": None,
}  # fmt: skip
COLUMNS = ("product_id", "covered")
MOST_BYTES = 1_000_000
MOST_ROWS = 20_000
MOST_PROBLEMS = 50


class FileRefusedError(Exception):
    """A file that cannot be read at all; the text says what is missing."""


def read_single(given: QueryDict) -> Wanted | None:
    """The one choice a switch sends: level, key, to and the version it was drawn with."""
    level, to = given.get("level", ""), given.get("to", "")
    version = given.get("version", "")
    if level not in (SHOP, CATEGORY, PRODUCT) or to not in SIGNS or not _is_version(version):
        return None
    key = "" if level == SHOP else given.get("key", "")[:96]
    return Wanted(level, key, SIGNS[to], int(version))


def _is_version(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def read_items(texts: Sequence[str]) -> list[Wanted]:
    """Previewed choices as ``version:to:key``; what is none is left out."""
    found = []
    for text in texts[:MOST_ROWS]:
        version, _first, rest = text.partition(":")
        to, _second, key = rest.partition(":")
        if _is_version(version) and to in SIGNS and 0 < len(key) <= 96:
            found.append(Wanted(PRODUCT, key, SIGNS[to], int(version)))
    return found


def picked(given: QueryDict, fitting: Sequence[CoverRow]) -> tuple[dict[str, bool | None], str]:
    """The products ticked (or all that fit the filters) and what they are to become."""
    to = given.get("to", "")
    if to not in SIGNS:
        return {}, to
    ticked = set(given.getlist("product"))
    rows = fitting if given.get("all") else [row for row in fitting if row.key in ticked]
    return {row.key: SIGNS[to] for row in rows}, to


def read_file(file: Any, known: Collection[str]) -> tuple[dict[str, bool | None], list[str]]:
    """Wishes of a CSV file (product_id, covered), and what could not be read, line by line.

    Raises FileRefusedError for no file, one that is too large, not text, or without the columns.
    """
    if file is None:
        raise FileRefusedError(_("请选择一个 CSV 文件。"))
    if file.size > MOST_BYTES:
        raise FileRefusedError(_("文件超过 1 MB，请拆开再传。"))
    reader = csv.DictReader(StringIO(_text(file.read())))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        told = {"columns": "、".join(missing)}
        raise FileRefusedError(_("缺少列：%(columns)s。需要 product_id 和 covered。") % told)
    wanted: dict[str, bool | None] = {}
    problems: list[str] = []
    for number, row in enumerate(reader, 2):
        key = (row["product_id"] or "").strip().removeprefix("'")
        word = (row["covered"] or "").strip().lower()
        if key not in known:
            problems.append(_("第 %(n)d 行：没有商品 %(key)s") % {"n": number, "key": key[:96]})
        elif word not in WORDS:
            told_line = {"n": number, "word": word[:20]}
            problems.append(
                _("第 %(n)d 行：看不懂「%(word)s」，请写 yes、no 或 inherit") % told_line
            )
        else:
            wanted[key] = WORDS[word]
    return wanted, problems[:MOST_PROBLEMS]


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefusedError(_("看不出文件的编码，请存成 UTF-8 再传。"))
