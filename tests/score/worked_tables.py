"""Reads the tables of the document on the score: chapter, header and rows of cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ALGORITHMS = Path(__file__).parents[2] / "docs" / "algorithms"
METRIC_IN_HEADING = re.compile(r"`(\w+)`")


@dataclass(frozen=True)
class Table:
    """A table below a heading; ``metric`` is the one its chapter is about, if any."""

    heading: str
    header: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    @property
    def metric(self) -> str:
        """The id the heading names, or nothing."""
        found = METRIC_IN_HEADING.search(self.heading)
        return found[1] if found else ""

    def __str__(self) -> str:
        return f"{self.heading}: {', '.join(self.header)}"


def tables(document: str = "service-score") -> list[Table]:
    """Every table of a document in order."""
    return [
        Table(heading, header, tuple(dict(zip(header, row, strict=True)) for row in rows))
        for heading, (header, _, *rows) in _blocks(document)
    ]


def _blocks(document: str) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    heading, block = "", list[tuple[str, ...]]()
    text = (ALGORITHMS / f"{document}.md").read_text("utf-8")
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            block.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
            continue
        if block:
            yield heading, block
            block = []
        if line.startswith("#"):
            heading = line.lstrip("# ")
