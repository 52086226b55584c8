"""The English catalogue: complete, nothing left over, and with the same placeholders."""

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from django.conf import settings

# As `make messages` has them.
KEYWORDS = ["gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?[a-z]+\b[^>]*>", re.ASCII)
CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (settings.BASE_DIR / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def texts() -> set[tuple[str, str | None]]:
    """Every text in code and templates, with its context."""
    with (settings.BASE_DIR / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = DEFAULT_KEYWORDS | parse_keywords(KEYWORDS)
    found = extract_from_dir(settings.BASE_DIR, methods, options, keywords)
    return {(_one(message), context) for _, _, message, _, context in found}


def _one(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def test_every_text_is_said_in_english(
    catalogue: Catalog, texts: set[tuple[str, str | None]]
) -> None:
    entries = {key: catalogue.get(*key) for key in texts}
    missing = [text for (text, _), entry in entries.items() if not entry or not _said(entry.string)]
    assert missing == [], "run `make messages` and fill in what is empty"


def test_no_text_is_left_over(catalogue: Catalog, texts: set[tuple[str, str | None]]) -> None:
    kept = {(_one(entry.id), entry.context) for entry in catalogue if entry.id}
    assert kept - texts == set()


def test_english_keeps_every_placeholder_and_holds_no_chinese(catalogue: Catalog) -> None:
    wrong = []
    for entry in catalogue:
        needed = sorted(set(PLACEHOLDER.findall(_one(entry.id)))) if entry.id else []
        for english in _strings(entry.string) if entry.id else ():
            kept = sorted(set(PLACEHOLDER.findall(english)))
            if kept != needed or CHINESE.search(english):
                wrong.append(entry.id)
    assert wrong == []


def _strings(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def _said(string: str | tuple[str, ...]) -> bool:
    return all(_strings(string))
