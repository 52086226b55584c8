"""Decides, before anything is written, what each row of a chunk does to which record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stores.calc.cells import MISSING, Values, known
from stores.kinds._declare import SHOP_COLUMN, Column, Columns, Kind, Mask, Target
from stores.services.imports.merging import Evaluated, Stored, evaluate, unknown_column
from stores.services.imports.storing import look_up, stored_field
from stores.services.imports.table import Table

NOBODY = -1


@dataclass
class Side:
    """The records of one target that a chunk speaks of, one element per record.

    ``rows`` are the rows of the table that were laid over them, ``evaluated`` the result;
    ``winner`` is the place among ``rows`` of the row that decides a record, NOBODY for none.
    """

    target: Target
    shops: Values
    keys: Columns
    stored: Stored
    rows: Values
    evaluated: Evaluated
    winner: Values

    @property
    def decided(self) -> Values:
        """Records some row decides."""
        return np.flatnonzero(self.winner != NOBODY)

    def created(self) -> Mask:
        """Which of the decided records are new."""
        return self.evaluated.created[self.winner[self.decided]]

    def changed(self) -> Mask:
        """Which of the decided records exist and become different."""
        return self.evaluated.changed[self.winner[self.decided]]

    def newer(self) -> Mask:
        """Which of the decided records are overruled by the file's time."""
        return self.evaluated.newer[self.winner[self.decided]]


@dataclass
class Judged:
    """A chunk with its verdicts. ``record`` and ``head`` are None when no row got that far."""

    table: Table
    head: Side | None
    record: Side | None
    new: int
    changed: int
    unchanged: int
    rejected: int

    @property
    def sides(self) -> list[Side]:
        """The head, where there is one, then the record."""
        return [side for side in (self.head, self.record) if side is not None]


class Confirmed:
    """Records that a newer file confirmed without changing them, by model label."""

    def __init__(self) -> None:
        self._ids: dict[str, list[tuple[int, NDArray[np.int64]]]] = {}

    def add(self, label: str, as_of: int, ids: NDArray[np.int64]) -> None:
        """Sorted record keys that a file of that time confirmed."""
        self._ids.setdefault(label, []).append((as_of, ids))

    def latest(self, label: str, ids: Values, as_of: Values) -> Values:
        """``as_of`` of records, raised to the time of the newest file that confirmed them."""
        for when, confirmed in self._ids.get(label, []):
            at = np.searchsorted(confirmed, ids)
            there = confirmed[np.minimum(at, len(confirmed) - 1)] == ids
            as_of = np.where(there, np.maximum(as_of, when), as_of)
        return as_of


def judge(
    table: Table, kind: Kind, shops: Mapping[str, int], as_of: int, confirmed: Confirmed
) -> Judged:
    """Lay a chunk over what is stored. Reads the database, writes nothing.

    ``shops`` are the keys of the known shops by external id, ``as_of`` the file's time in seconds.
    """
    pks = np.zeros(len(table), dtype=np.int64)
    if kind.record.scoped:
        names = table.columns[SHOP_COLUMN].tolist()
        pks = np.array([shops.get(name, MISSING) for name in names], dtype=np.int64)
        strange = (pks == MISSING) & ~table.rejected
        table.reject(np.flatnonzero(strange).tolist(), SHOP_COLUMN, "unknown_shop")
    rows = np.flatnonzero(~table.rejected)
    if not len(rows):
        return _counted(table, None, None)
    record = _side(kind.record, table, rows, pks, as_of, confirmed)
    _reject_failed(table, record, np.ones(len(rows), dtype=np.bool_))
    head = None
    if kind.head is not None:
        head = _side(kind.head, table, rows, pks, as_of, confirmed)
        _choose_first(table, head)
    _choose_last(table, record)
    if head is not None:
        _warn_different(table, head, kind.head.columns if kind.head else ())
    for side in (head, record):
        if side is not None:
            _warn_rules(table, side)
    return _counted(table, head, record)


def _side(
    target: Target, table: Table, rows: Values, pks: Values, as_of: int, confirmed: Confirmed
) -> Side:
    keys = {field: table.columns[name][rows] for field, name in target.keys.items()}
    if target.scoped:
        keys = {"shop_id": pks[rows], **keys}
    groups, first = _grouped(list(keys.values()))
    keys = {field: values[first] for field, values in keys.items()}
    stored = _stored(target, keys, confirmed)
    evaluated = evaluate(target, stored, table.columns, rows, groups, as_of)
    shops = keys.pop("shop_id", np.zeros(len(first), dtype=np.int64))
    nobody = np.full(len(first), NOBODY, dtype=np.int64)
    return Side(target, shops, keys, stored, rows, evaluated, nobody)


def _grouped(keys: Sequence[Values]) -> tuple[Values, Values]:
    """The record of each row, records numbered by first appearance, and where each first stands."""
    groups, found = pd.factorize(keys[0])
    for column in keys[1:]:
        codes, values = pd.factorize(column)
        # Numbered anew after each key, so that the products stay small.
        groups, found = pd.factorize(groups * len(values) + codes)
    first = np.zeros(len(found), dtype=np.int64)
    first[groups[::-1]] = np.arange(len(groups))[::-1]
    return groups, first


def _stored(target: Target, keys: Columns, confirmed: Confirmed) -> Stored:
    """What is in the database under these keys."""
    model = target.model
    names = [*(column.target for column in target.columns), *target.derived]
    at, found = look_up(model, keys, ["id", "as_of", *names])
    count = len(next(iter(keys.values())))

    def spread(name: str) -> Values:
        values = unknown_column(stored_field(model, name).numeric, count)
        values[at] = found[name]
        return values

    exists: Mask = np.zeros(count, dtype=np.bool_)
    exists[at] = True
    ids = spread("id")
    as_of = confirmed.latest(model._meta.label, ids, spread("as_of"))
    return Stored(exists=exists, ids=ids, as_of=as_of, fields={n: spread(n) for n in names})


def _reject_failed(table: Table, side: Side, concerned: Mask) -> None:
    for verdict in side.evaluated.errors:
        rows = side.rows[verdict.rows & concerned]
        table.reject(rows.tolist(), verdict.column, verdict.code)


def _choose_first(table: Table, head: Side) -> None:
    """The head is read from its first row that holds; the rows before it are turned away.

    What rows after it say of the head is not read, so it cannot be wrong either.
    """
    groups = head.evaluated.groups
    possible = ~table.rejected[head.rows]
    failed = head.evaluated.failed
    good = np.flatnonzero(possible & ~failed)
    head.winner[groups[good[::-1]]] = good[::-1]
    chosen = head.winner[groups]
    before = (chosen == NOBODY) | (np.arange(len(groups)) < chosen)
    _reject_failed(table, head, possible & before)


def _choose_last(table: Table, record: Side) -> None:
    """Of several rows with one identity the last that holds wins."""
    groups = record.evaluated.groups
    good = np.flatnonzero(~table.rejected[record.rows])
    record.winner[groups[good]] = good
    for place in good[record.winner[groups[good]] != good].tolist():
        winner = int(record.rows[record.winner[groups[place]]])
        line = int(table.lines[winner])
        table.warn(int(record.rows[place]), "", "superseded", {"line": line})


def _warn_different(table: Table, head: Side, columns: tuple[Column, ...]) -> None:
    """Report rows whose head columns say something else than the first row of the head."""
    groups = head.evaluated.groups
    places = np.flatnonzero(~table.rejected[head.rows])
    first = head.winner[groups[places]]
    if (first == places).all():
        return
    rows, chosen = head.rows[places], head.rows[first]
    told: Mask = rows == chosen
    for column in columns:
        if column.name not in table.columns:
            continue
        values = table.columns[column.name]
        here = values[rows]
        differs = np.asarray(here != values[chosen], dtype=np.bool_) & known(here) & ~told
        for at in np.flatnonzero(differs).tolist():
            line = int(table.lines[chosen[at]])
            table.warn(int(rows[at]), column.name, "order_differs", {"line": line})
        told |= differs


def _warn_rules(table: Table, side: Side) -> None:
    places = side.winner[side.decided]
    merged = {name: values[side.decided] for name, values in side.keys.items()}
    merged |= {name: values[places] for name, values in side.evaluated.after.items()}
    for rule in side.target.rules:
        if rule.severity == "error":
            continue
        for at in np.flatnonzero(rule.broken(merged)).tolist():
            table.warn(int(side.rows[places[at]]), rule.column, rule.code)


def _counted(table: Table, head: Side | None, record: Side | None) -> Judged:
    """Every record of the file is new, changed, unchanged or rejected, and only one of them."""
    rejected = int(table.rejected.sum()) + len(table.raw.rejected)
    if record is None:
        return Judged(table, None, None, 0, 0, 0, rejected)
    created, changed = record.created(), record.changed()
    if head is not None:
        for at in _rows_of_changed_heads(head, record):
            changed[at] = True
    new = int(created.sum())
    altered = int((changed & ~created).sum())
    kept = int((~table.rejected).sum())
    return Judged(table, head, record, new, altered, kept - new - altered, rejected)


def _rows_of_changed_heads(head: Side, record: Side) -> Iterator[int]:
    """Where among the decided records a change of the head is counted: at the row it is read from.

    Is that row superseded, it is counted at the one that took its place.
    """
    place_of = np.full(len(record.winner), NOBODY, dtype=np.int64)
    place_of[record.decided] = np.arange(len(record.decided))
    for place in head.winner[head.decided[head.changed()]].tolist():
        yield int(place_of[record.evaluated.groups[place]])
