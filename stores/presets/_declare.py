"""What a preset declares: how the header of somebody's export maps to the canonical columns."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# Headers of persons. No preset may map them, whatever a file calls them.
PERSONAL_WORDS = (
    "receiver", "recipient", "consignee", "phone", "mobile", "telephone", "address", "id_card",
    "idcard", "收件人", "收货人", "姓名", "电话", "手机", "地址", "身份证", "身份",
)  # fmt: skip


# Where an order goes to, as far as a province, names nobody.
PROVINCE = re.compile(
    r"(?:receiver|recipient|consignee|收件人|收货人)_?(?:province(?:_?name)?|省份?)"
)


def is_personal(header: str) -> bool:
    """Whether a header names something of a person that must not be read."""
    plain = header.strip().casefold().replace(" ", "_")
    if PROVINCE.fullmatch(plain):
        return False
    return any(word in plain for word in PERSONAL_WORDS)


@dataclass(frozen=True)
class Records:
    """Where the records of a JSON file stand.

    ``lists`` are names under which an answer of the interface holds its records; a record alone or
    in an array counts as well. ``lines`` is the list inside a record that makes several rows of it;
    its members are headers such as ``skuList.skuId``.
    """

    lists: tuple[str, ...]
    lines: str = ""


@dataclass(frozen=True)
class Preset:
    """A named header mapping with parsing quirks.

    ``kind`` is the kind of file it reads, empty for all. ``headers`` maps headers of the file to
    one canonical column or several; headers it does not name are canonical names or are ignored.
    ``quirks`` maps canonical columns to a function from the cell's text to canonical text, and
    must leave alone what it gave out before. ``codes`` maps canonical columns to the words of the
    file and their codes; a word that is not in the list comes back as an unknown code.
    ``only_where`` maps a canonical column to another header and the values that one must have for
    the column to be read. ``lacks`` are the columns such a file cannot carry: they stay unknown.
    """

    name: str
    kind: str = ""
    headers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    quirks: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    only_where: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    records: Records | None = None
    label_zh: str = ""
    label_en: str = ""

    def __post_init__(self) -> None:
        """Refuse to map a header of a person."""
        for header in self.headers:
            if is_personal(header):
                raise ValueError(f"preset {self.name} maps the personal header {header}")

    def fits(self, kind: str) -> bool:
        """Whether the preset reads files of ``kind``."""
        return self.kind in ("", kind)
