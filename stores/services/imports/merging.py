"""Lays rows of a file over what is stored, and judges the result.

A row of a newer (or equally old) file overwrites with what it knows; a row of an older file only
fills what is unknown. ``\\N`` of a newer file erases. Defaults belong to records being created.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from stores.calc.cells import ERASE, ERASED, MISSING, Values, known
from stores.kinds._declare import Column, Columns, Mask, Target

Groups = Values


def unknown_column(numeric: bool, rows: int) -> Values:
    """A column in which nothing is known."""
    if numeric:
        return np.full(rows, MISSING, dtype=np.int64)
    values = np.empty(rows, dtype=object)
    values[:] = ""
    return values


@dataclass(frozen=True)
class Stored:
    """What the database holds of each record of a chunk, one element per record."""

    exists: Mask
    ids: Values
    as_of: Values
    fields: Columns


@dataclass(frozen=True)
class Verdict:
    """A broken rule: which of the evaluated rows, the column to name, the code."""

    rows: Mask
    column: str
    code: str


@dataclass(frozen=True)
class Evaluated:
    """Some rows laid over their records. Every array has one element per row."""

    rows: Values
    groups: Groups
    created: Mask
    newer: Mask
    before: Columns
    after: Columns
    errors: list[Verdict]

    @property
    def failed(self) -> Mask:
        """Which rows break a rule that rejects."""
        failed: Mask = np.zeros(len(self.rows), dtype=np.bool_)
        for verdict in self.errors:
            failed |= verdict.rows
        return failed

    @property
    def changed(self) -> Mask:
        """Which rows make a difference to a record that exists."""
        changed: Mask = np.zeros(len(self.rows), dtype=np.bool_)
        for name, values in self.after.items():
            if values is not self.before[name]:
                changed |= np.asarray(values != self.before[name], dtype=np.bool_)
        return changed & ~self.created


def evaluate(
    target: Target, stored: Stored, incoming: Columns, rows: Values, groups: Groups, as_of: int
) -> Evaluated:
    """Merge ``rows`` of the file (by column name in ``incoming``) with their records.

    ``groups`` gives the record of each of the rows; ``as_of`` is the file's time in epoch seconds.
    """
    exists = stored.exists[groups]
    newer = ~exists | (stored.as_of[groups] <= as_of)
    before = {name: values[groups] for name, values in stored.fields.items()}
    after = dict(before)
    errors: list[Verdict] = []
    for column in target.columns:
        fresh = incoming[column.name][rows] if column.name in incoming else None
        was = before[column.target]
        after[column.target] = now = _merged(column, fresh, was, exists, newer)
        if column.required:
            errors.append(Verdict(~exists & ~known(now), column.name, "required"))
        if column.fixed:
            differs = known(was) & np.asarray(now != was, dtype=np.bool_)
            errors.append(Verdict(differs, column.name, "fixed"))
    if target.derive is not None:
        after |= target.derive(after)
    keys = {field: incoming[name][rows] for field, name in target.keys.items()}
    for rule in target.rules:
        if rule.severity == "error":
            errors.append(Verdict(rule.broken(keys | after), rule.column, rule.code))
    errors = [verdict for verdict in errors if verdict.rows.any()]
    return Evaluated(rows, groups, ~exists, newer, before, after, errors)


def _merged(column: Column, fresh: Values | None, was: Values, exists: Mask, newer: Mask) -> Values:
    now, filled = was, ~exists
    if fresh is not None:
        take = known(fresh) & (newer | ~known(was))
        if take.any():
            now = np.where(take, fresh, was)
        erase = np.asarray(fresh == _erase_mark(was), dtype=np.bool_) & newer & exists
        if erase.any():
            now = np.where(erase, _nothing(was), now)
            filled = filled | erase
    if column.default is not None:
        fill = filled & ~known(now)
        if fill.any():
            now = np.where(fill, column.default, now)
    return now


def _erase_mark(values: Values) -> Any:
    return ERASE if values.dtype == object else ERASED


def _nothing(values: Values) -> Any:
    return "" if values.dtype == object else MISSING
