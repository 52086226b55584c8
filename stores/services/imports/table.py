"""Turns the texts of a chunk into values and finds what is wrong with each row by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from shopguard.lib.days import SECONDS_PER_DAY, SHANGHAI_OFFSET_SECONDS
from stores.calc.cells import ERASE, ERASED, Values, known
from stores.kinds._declare import SHOP_COLUMN, Column, Columns, Kind, Mask
from stores.services.imports.layout import Layout
from stores.services.imports.problems import ERROR, WARNING, Problem, shown_value
from stores.services.imports.spool import RawChunk

# 2000-01-01 in Shanghai, as a day and as an instant. Nothing older is a fact of a shop.
FIRST_DAY = 10_957
FIRST_INSTANT = FIRST_DAY * SECONDS_PER_DAY - SHANGHAI_OFFSET_SECONDS


@dataclass
class Table:
    """A chunk as columns of values, with the verdict on every row so far.

    ``columns`` are by canonical name, identity and shop included; ``rejected`` has one element per
    row. ``problems`` grow while the chunk is judged.
    """

    raw: RawChunk
    layout: Layout
    lines: Values
    columns: Columns
    rejected: Mask
    problems: list[Problem]

    def __len__(self) -> int:
        return len(self.raw.lines)

    def reject(
        self, rows: Iterable[int], column: str, code: str, params: Mapping[str, Any] | None = None
    ) -> None:
        """Turn rows away for one reason."""
        for row in rows:
            self.rejected[row] = True
            self.problems.append(self._problem(row, column, code, params, ERROR))

    def warn(
        self, row: int, column: str, code: str, params: Mapping[str, Any] | None = None
    ) -> None:
        """Note something about a row that is kept."""
        self.problems.append(self._problem(row, column, code, params, WARNING))

    def _problem(
        self, row: int, name: str, code: str, params: Mapping[str, Any] | None, severity: str
    ) -> Problem:
        header, value = name, ""
        for at, (_, found, column) in enumerate(self.layout.mapped):
            if column.name == name:
                header = found
                value = "" if column.personal else shown_value(self.raw.cells[at][row])
        line = int(self.lines[row])
        return Problem(line, header, value, code, severity, params or {})


def read_table(raw: RawChunk, layout: Layout, kind: Kind, shop: str, now: datetime) -> Table:
    """The values of a chunk. ``shop`` is the shop given from outside, empty for none."""
    count = len(raw.lines)
    table = Table(
        raw=raw,
        layout=layout,
        lines=np.array(raw.lines, dtype=np.int64),
        columns={},
        rejected=np.zeros(count, dtype=np.bool_),
        problems=[
            Problem(item.line, "", "", item.code, params=item.params) for item in raw.rejected
        ],
    )
    for cells, column in zip(raw.cells, layout.columns, strict=True):
        values, faults = column.cell.column(cells)
        table.columns[column.name] = values
        for row, fault in faults.items():
            table.reject([row], column.name, fault.code, fault.params)
    if kind.of_shops:
        _place_in_shop(table, shop)
    _fill_empty(table, kind)
    if kind.counted and not layout.has(kind.counted):
        table.columns[kind.counted] = _counted(table, kind)
    _check_identity(table, kind)
    for column in layout.columns:
        _check_column(table, column, int(now.timestamp()))
    return table


def _place_in_shop(table: Table, shop: str) -> None:
    if not shop:
        return
    if SHOP_COLUMN not in table.columns:
        table.columns[SHOP_COLUMN] = np.full(len(table), shop, dtype=object)
        return
    shops = table.columns[SHOP_COLUMN]
    table.columns[SHOP_COLUMN] = np.where(shops == "", shop, shops)
    foreign = known(shops) & np.asarray(shops != shop, dtype=np.bool_)
    table.reject(np.flatnonzero(foreign).tolist(), SHOP_COLUMN, "other_shop")


def _fill_empty(table: Table, kind: Kind) -> None:
    """Nothing is a value in the parts of an identity that may be empty."""
    for column in kind.identity:
        if column.may_be_empty:
            values = table.columns.get(column.name, np.full(len(table), "", dtype=object))
            table.columns[column.name] = np.where(known(values), values, "")


def _counted(table: Table, kind: Kind) -> Values:
    """1, 2, 3… within the rows that share a head, in file order."""
    keys = [column.name for column in kind.identity if column.name != kind.counted]
    seen: dict[tuple[Any, ...], int] = {}
    numbers = []
    for key in zip(*(table.columns[name].tolist() for name in (SHOP_COLUMN, *keys)), strict=True):
        seen[key] = number = seen.get(key, 0) + 1
        numbers.append(number)
    return np.array(numbers, dtype=np.int64)


def _check_identity(table: Table, kind: Kind) -> None:
    names = [column.name for column in kind.identity if not column.may_be_empty]
    for name in [SHOP_COLUMN, *names] if kind.of_shops else names:
        missing = ~known(table.columns[name]) & ~table.rejected
        table.reject(np.flatnonzero(missing).tolist(), name, "identity_missing")


def _check_column(table: Table, column: Column, now: int) -> None:
    values = table.columns[column.name]
    if column.required:
        mark = ERASE if values.dtype == object else ERASED
        erased = np.asarray(values == mark, dtype=np.bool_)
        table.reject(np.flatnonzero(erased).tolist(), column.name, "cannot_erase")
    if not (column.cell.instant or column.cell.day):
        return
    if column.cell.day:
        first, last = FIRST_DAY, (now + SHANGHAI_OFFSET_SECONDS) // SECONDS_PER_DAY + 1
    else:
        first, last = FIRST_INSTANT, now + SECONDS_PER_DAY
    early = known(values) & (values < first)
    table.reject(np.flatnonzero(early).tolist(), column.name, "before_2000")
    if not column.may_be_future:
        table.reject(np.flatnonzero(values > last).tolist(), column.name, "in_future")


def reserve(table: Table, kind: Kind) -> None:
    """Leave to admins what only they may set; another value than an open one is warned about.

    An open value goes as well: it is the default of a new record and must not undo a decision.
    """
    for name, column in kind.columns.items():
        if column.open_values is None or name not in table.columns:
            continue
        values = table.columns[name]
        for row in np.flatnonzero(~table.rejected & (values != "")).tolist():
            if values[row] not in column.open_values:
                table.warn(row, name, "reserved")
        table.columns[name] = np.full(len(table), "", dtype=object)
