"""What somebody typed into the search field, made comparable with the numbers of records."""

import unicodedata
from dataclasses import dataclass

MOST_CHARS = 64
# From this many characters on a number may be the beginning of a longer one.
PREFIX_CHARS = 4
TOO_LONG, UNREADABLE = "too_long", "unreadable"
CONTROL = "Cc"


@dataclass(frozen=True)
class Asked:
    """``text`` as it was typed, without the blanks round it; ``number`` with full-width digits and
    letters made plain. Where ``trouble`` is set there is nothing to look for.
    """

    text: str
    number: str
    trouble: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.number or bool(self.trouble)

    @property
    def is_prefix(self) -> bool:
        """Whether numbers that only begin like this count as well."""
        return len(self.number) >= PREFIX_CHARS

    @property
    def wordings(self) -> list[list[str]]:
        """The words of a title, as typed and made plain: titles stay as they were imported."""
        typed, plain = self.text.split(), self.number.split()
        return [typed] if typed == plain else [typed, plain]


def asked_from(typed: str) -> Asked:
    """What is asked for. Characters nobody can see or store are no part of any number."""
    text = typed.strip()
    if len(text) > MOST_CHARS:
        return Asked(text[:MOST_CHARS], "", TOO_LONG)
    if any(unicodedata.category(character) == CONTROL for character in text):
        return Asked("", "", UNREADABLE)
    number = unicodedata.normalize("NFKC", text).strip()
    if len(number) > MOST_CHARS:
        return Asked(text, "", TOO_LONG)
    return Asked(text, number)
