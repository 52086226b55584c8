"""Every text of the product exists in English: none missing, none guessed, none left over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.template.base import Lexer, TokenType

from shopguard.lib.messages import template_texts
from tests.architecture.tree import ROOT, product_code, text_of, with_suffix

PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = DEFAULT_KEYWORDS | {
    "_": None, "gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2),
    "gettext_noop": None,
}  # fmt: skip
# An element that says itself that it is Chinese, as a name that is the same everywhere.
SAYS_SO = re.compile(r"""<(\w+)[^>]*\blang="zh[^>]*>[^<]*</\1>""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OPENING = ("blocktranslate", "blocktrans", "plural")
CLOSING = ("endblocktranslate", "endblocktrans")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@dataclass(frozen=True)
class Text:
    """A text to be translated; the context tells apart what is written alike."""

    words: str
    context: str | None = None

    def __str__(self) -> str:
        return self.words


def texts_of(file: Path) -> Iterator[Text]:
    """The texts one file asks to be translated; of several forms the first."""
    method = template_texts if file.suffix == ".html" else "python"
    source = BytesIO((ROOT / file).read_bytes())
    for _line, words, _comments, context in extract(method, source, KEYWORDS):
        yield Text(words if isinstance(words, str) else words[0], context)


@cache
def asked_for() -> dict[Text, Path]:
    """Every text of the product with a file that asks for it."""
    sources = [*product_code(), *with_suffix(".html")]
    return {text: file for file in sources for text in texts_of(file)}


@cache
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def forms(text: Text) -> list[str]:
    """The translations of a text: one, or one per number."""
    message = catalogue().get(text.words, text.context)
    if message is None:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_text_is_translated() -> None:
    texts = asked_for().items()
    missing = [f"{file}: {text}" for text, file in texts if not all(forms(text) or [""])]
    assert missing == [], "run `make messages` and translate what is new"


def test_no_translation_is_a_guess() -> None:
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []


def test_no_translation_is_left_over() -> None:
    written = {
        Text(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in catalogue() if m.id
    }
    assert written - asked_for().keys() == set()


def test_a_translation_fills_in_what_its_text_does() -> None:
    assert [text for text in asked_for() if not fills_in_the_same(text)] == []


def fills_in_the_same(text: Text) -> bool:
    """Whether the forms of a translation have the placeholders of the text; a singular may drop
    its number.
    """
    expected = set(PLACEHOLDER.findall(text.words))
    found = [set(PLACEHOLDER.findall(form)) for form in forms(text) if form]
    return all(names <= expected for names in found) and (not found or found[-1] == expected)


def test_english_holds_no_chinese() -> None:
    """But for the names of languages, which are written in themselves."""
    mixed = {text.words for text in asked_for() for form in forms(text) if CHINESE.search(form)}
    assert mixed <= {"中文"}


@pytest.mark.parametrize("template", with_suffix(".html"), ids=str)
def test_a_template_writes_no_text_past_the_catalogue(template: Path) -> None:
    """Chinese outside a translation tag would stay Chinese on an English page."""
    inside, outside = False, ""
    for token in Lexer(text_of(template)).tokenize():
        if token.token_type is TokenType.BLOCK:
            tag = token.split_contents()[0]
            inside = tag in OPENING or (inside and tag not in CLOSING)
        elif token.token_type is TokenType.TEXT and not inside:
            outside += token.contents
    assert CHINESE.findall(SAYS_SO.sub("", outside)) == []
