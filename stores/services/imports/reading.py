"""Reads a file once: keeps the mapped cells, drops what names a person, cuts chunks.

Nothing personal reaches the spool: columns that are not mapped are dropped, buyers are hashed and
free text is scrubbed in the block in which they were read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from shopguard.lib.buyers import BuyerKeys
from shopguard.lib.scrub import scrub_all
from stores.calc.cells import ERASE, clean
from stores.kinds._declare import SHOP_COLUMN, Column, Kind
from stores.services.imports.layout import Layout
from stores.services.imports.row_file import Heading, Limits, RowFile
from stores.services.imports.source import RefusedError
from stores.services.imports.spool import Rejected, Spool


@dataclass
class _Chunk:
    cells: list[list[str]]
    lines: list[int] = field(default_factory=list)
    hashes: list[int] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def records(self) -> int:
        return len(self.lines) + len(self.rejected)


class Reader:
    """Fills a spool from a file. ``shop`` stands in for files that carry no shop column."""

    def __init__(
        self, kind: Kind, layout: Layout, limits: Limits, shop: str, buyers: BuyerKeys
    ) -> None:
        self._kind = kind
        self._layout = layout
        self._limits = limits
        self._shop = shop
        self._buyers = buyers
        self._positions = [position for position, _, _ in layout.mapped]
        names = [column.name for column in layout.columns]
        shared = (kind.head or kind.record).keys.values()
        self._key_columns = [names.index(name) for name in shared if name in names]
        self._shop_column = names.index(SHOP_COLUMN) if SHOP_COLUMN in names else None

    def read_into(self, spool: Spool, file: RowFile, told: Callable[[int], object]) -> None:
        """Read all; ``told`` hears of bytes. Raises RefusedError beyond the row limit."""
        chunk = _Chunk([[] for _ in self._positions])
        heading = Heading([""] * self._layout.width, self._layout.delimiter)
        for block in file.blocks(heading, self._limits):
            self._take(chunk, block.rows, block.lines)
            chunk.rejected += block.rejected
            if chunk.records >= self._limits.chunk_rows:
                chunk = self._flush(spool, chunk)
                told(block.done)
        if chunk.records:
            self._flush(spool, chunk)
        spool.settle()

    def _flush(self, spool: Spool, chunk: _Chunk) -> _Chunk:
        spool.add(chunk.lines, chunk.cells, chunk.hashes, chunk.rejected)
        if spool.records > self._limits.rows:
            raise RefusedError("too_many_records", limit=self._limits.rows)
        return _Chunk([[] for _ in self._positions])

    def _take(self, chunk: _Chunk, rows: list[list[str]], lines: list[int]) -> None:
        """Add whole rows to a chunk, filtered, hashed and scrubbed."""
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        picked = [list(columns[position]) for position in self._positions]
        self._where_allowed(picked, columns)
        shops = self._shops(picked, len(rows))
        for at, column in enumerate(self._layout.columns):
            picked[at] = self._protected(column, self._translated(column, picked[at]), shops)
        keys = [[clean(cell) for cell in picked[at]] for at in self._key_columns]
        chunk.hashes.extend(map(hash, zip(shops, *keys, strict=True)))
        chunk.lines.extend(lines)
        for kept, fresh in zip(chunk.cells, picked, strict=True):
            kept.extend(fresh)

    def _where_allowed(self, picked: list[list[str]], columns: list[tuple[str, ...]]) -> None:
        """Empty the cells that say something only where another cell allows it."""
        for name, position, values in self._layout.conditions:
            for at, column in enumerate(self._layout.columns):
                if column.name == name:
                    others = columns[position] if position >= 0 else [""] * len(picked[at])
                    picked[at] = [
                        cell if clean(other) in values else ""
                        for cell, other in zip(picked[at], others, strict=True)
                    ]

    def _shops(self, picked: list[list[str]], count: int) -> list[str]:
        if self._shop_column is None:
            return [self._shop] * count
        table = {text: clean(text) or self._shop for text in set(picked[self._shop_column])}
        return [table[text] for text in picked[self._shop_column]]

    def _translated(self, column: Column, cells: list[str]) -> list[str]:
        """Somebody's words in ours; what the preset does not know stays as it is."""
        preset = self._layout.preset
        quirk, codes = preset.quirks.get(column.name), preset.codes.get(column.name)
        if quirk is None and codes is None:
            return cells
        table = {}
        for text in set(cells):
            plain = clean(text)
            plain = quirk(plain) if quirk else plain
            table[text] = codes.get(plain, plain) if codes else plain
        return [table[text] for text in cells]

    def _protected(self, column: Column, cells: list[str], shops: list[str]) -> list[str]:
        if column.personal:
            return [
                self._buyers.ref(shop, plain)
                if (plain := clean(cell)) and plain != ERASE
                else plain
                for shop, cell in zip(shops, cells, strict=True)
            ]
        if column.cell.free_text:
            return list(scrub_all(cells))
        return cells
