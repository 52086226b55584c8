"""Reading a page the way a person does: its words, its tables, its links."""

import re
from html import unescape
from html.parser import HTMLParser

SILENT = {"script", "style", "svg", "title"}
VOID = {"meta", "link", "input", "br", "img", "hr"}


class _Words(HTMLParser):
    """Collects the words outside scripts and drawings."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def text_of(html: str) -> str:
    """The words of a page; runs of space are one."""
    reader = _Words()
    reader.feed(html)
    return re.sub(r"\s+", " ", " ".join(reader.words)).strip()


def rows_of_table(html: str, name: str) -> list[list[str]]:
    """The cells of the body rows of the table with that class; nested rows of details left out."""
    table = re.search(rf'<table class="[^"]*\b{name}\b[^"]*">(.*?)</table>', html, re.DOTALL)
    assert table, f"there is no table {name}"
    body = re.sub(r"<thead>.*?</thead>", "", table[1], flags=re.DOTALL)
    body = re.sub(r'<tr class="metric-definition".*?</tr>', "", body, flags=re.DOTALL)
    rows = re.findall(r"<tr\b[^>]*>(.*?)</tr>", body, re.DOTALL)
    cells = [re.findall(r"<td\b[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[text_of(unescape(cell)) for cell in row] for row in cells if row]


def attributes(html: str, *names: str) -> list[tuple[str, str]]:
    """Every value of those attributes, as (tag, value)."""
    found: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend((tag, value or "") for name, value in attrs if name in names)

    Reader().feed(html)
    return found
