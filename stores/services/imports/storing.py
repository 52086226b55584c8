"""Moves columns between arrays and tables, thousands of rows a statement.

Arrays follow ``stores.calc.cells``: epoch seconds, day numbers, fen, 0/1, str; MISSING and ``""``
for what is unknown. Rows are written with binary COPY and looked up by joining their keys, which
reach the server as one text each; the ids in it hold no control characters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from struct import Struct
from typing import Any

import numpy as np
import psycopg
from django.db import connection
from django.db.models import Model
from psycopg.types.numeric import Int4BinaryLoader, Int8BinaryLoader

from shopguard.lib.days import day_number
from stores.calc.cells import MISSING, Values
from stores.kinds._declare import Columns, Mask

PG_EPOCH_DAYS = day_number(date(2000, 1, 1))
PG_EPOCH_SECONDS = PG_EPOCH_DAYS * 86_400
MICROSECONDS = 10**6
SEPARATOR = "\x1f"

COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
COPY_TRAILER = b"\xff\xff"
LENGTH = Struct(">i")

# Width in a binary COPY by database type; texts have their own length each.
WIDTHS = {
    "bigint": 8,
    "integer": 4,
    "smallint": 2,
    "boolean": 1,
    "date": 4,
    "timestamp with time zone": 8,
}


@dataclass(frozen=True)
class StoredField:
    """A column of a table: model field, database column, database type, whether NULL is allowed."""

    name: str
    column: str
    type: str
    nullable: bool

    @property
    def numeric(self) -> bool:
        """Whether its array is int64 (else objects holding str)."""
        return self.type in WIDTHS

    @property
    def select(self) -> str:
        """SQL of the value as an integer or a text, never NULL."""
        column = f't."{self.column}"'
        if not self.numeric:
            return column
        if self.type in ("date", "timestamp with time zone"):
            return f"COALESCE({column}, '-infinity')" if self.nullable else column
        number = f"{column}::int" if self.type == "boolean" else column
        return f"COALESCE({number}::bigint, {MISSING})" if self.nullable else f"{number}::bigint"

    def loaded(self, raw: Sequence[Any]) -> Values:
        """An array from what the server sent."""
        if not self.numeric:
            return _objects(raw)
        values = np.array(raw, dtype=np.int64)
        if self.type == "timestamp with time zone":
            return np.where(values == MISSING, MISSING, values // MICROSECONDS + PG_EPOCH_SECONDS)
        if self.type == "date":
            return np.where(values == -(2**31), MISSING, values + PG_EPOCH_DAYS)
        return values

    def sent(self, values: Values) -> Values:
        """Numbers as the server stores them; MISSING stays."""
        if self.type == "timestamp with time zone":
            return np.where(values == MISSING, MISSING, (values - PG_EPOCH_SECONDS) * MICROSECONDS)
        if self.type == "date":
            return np.where(values == MISSING, MISSING, values - PG_EPOCH_DAYS)
        return values


def _objects(raw: Sequence[Any]) -> Values:
    values = np.empty(len(raw), dtype=object)
    values[:] = raw
    return values


@cache
def stored_field(model: type[Model], name: str) -> StoredField:
    """The column behind a model field; foreign keys go by their attribute name (``shop_id``)."""
    for field in model._meta.concrete_fields:
        if field.attname == name:
            type_name = str(field.db_type(connection)).partition("(")[0]
            return StoredField(name, str(field.column), type_name, bool(field.null))
    raise LookupError(f"{model.__name__} has no field {name}")


def raw_cursor() -> psycopg.Cursor[Any]:
    """A cursor with server-side parameters on the connection Django holds, in its transaction."""
    connection.ensure_connection()
    return psycopg.Cursor(connection.connection)


def look_up(
    model: type[Model], keys: Mapping[str, Values], names: Sequence[str]
) -> tuple[Values, Columns]:
    """Find rows by their keys.

    Returns the positions in ``keys`` that were found and, in that order, the fields asked for.
    """
    fields = [stored_field(model, name) for name in names]
    types = {"bigint": "bigint", "integer": "int", "date": "int"}
    key_fields = [stored_field(model, name) for name in keys]
    arrays = [
        f"string_to_array(%s::text, ',')::{types[field.type]}[]"
        if field.numeric
        else "(string_to_array(%s::text, chr(31)))[2:]"
        for field in key_fields
    ]
    days = [" + DATE '1970-01-01'" if field.type == "date" else "" for field in key_fields]
    same = " AND ".join(
        f't."{field.column}" = k.k{at}{days[at]}' for at, field in enumerate(key_fields)
    )
    names_of_keys = ", ".join(f"k{at}" for at in range(len(key_fields)))
    selected = "".join(f", {field.select}" for field in fields)
    # The limit keeps the planner at one index probe a key; it would rather hash the whole table.
    query = (
        f"SELECT k.n - 1{selected} FROM unnest({', '.join(arrays)}) WITH ORDINALITY"
        f" AS k({names_of_keys}, n) CROSS JOIN LATERAL"
        f' (SELECT * FROM "{model._meta.db_table}" t WHERE {same} LIMIT 1) t ORDER BY k.n'
    )
    parameters = [
        ",".join(map(str, values.tolist()))
        if field.numeric
        # An empty text would be an array of nothing; the first element is dropped again.
        else SEPARATOR.join(["", *values.tolist()])
        for field, values in zip(key_fields, keys.values(), strict=True)
    ]
    with raw_cursor() as cursor:
        cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
        cursor.adapters.register_loader("date", Int4BinaryLoader)
        rows = cursor.execute(query, parameters, binary=True).fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * (len(fields) + 1)
    found = {field.name: field.loaded(raw) for field, raw in zip(fields, columns[1:], strict=True)}
    return np.array(columns[0], dtype=np.int64), found


def insert(model: type[Model], columns: Mapping[str, Values]) -> None:
    """COPY new rows into a model's table. Fields that are not given need a database default."""
    fields = [stored_field(model, name) for name in columns]
    _copy(model._meta.db_table, fields, list(columns.values()))


def update(model: type[Model], ids: Values, columns: Mapping[str, Values]) -> None:
    """Overwrite fields of existing rows by primary key."""
    fields = [stored_field(model, name) for name in columns]
    table = model._meta.db_table
    key = stored_field(model, "id")
    names = ", ".join(f'"{field.column}"' for field in [key, *fields])
    assigned = ", ".join(f'"{field.column}" = s."{field.column}"' for field in fields)
    with raw_cursor() as cursor:
        cursor.execute(
            f'CREATE TEMP TABLE import_update AS SELECT {names} FROM "{table}" WITH NO DATA'
        )
        _copy("import_update", [key, *fields], [ids, *columns.values()])
        # Without numbers about the temporary table the planner reads the whole of the other one.
        cursor.execute("ANALYZE import_update")
        cursor.execute(f'UPDATE "{table}" t SET {assigned} FROM import_update s WHERE t.id = s.id')
        cursor.execute("DROP TABLE import_update")


def _copy(table: str, fields: list[StoredField], arrays: list[Values]) -> None:
    numbers = [(f, a) for f, a in zip(fields, arrays, strict=True) if f.numeric]
    texts = [(f, a) for f, a in zip(fields, arrays, strict=True) if not f.numeric]
    names = ", ".join(f'"{field.column}"' for field, _ in [*numbers, *texts])
    parts = [_number_parts(numbers, len(fields)), *(_text_parts(values) for _, values in texts)]
    body = b"".join(chain.from_iterable(zip(*parts, strict=True)))
    with (
        raw_cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT binary)') as copy,
    ):
        copy.write(COPY_HEADER + body + COPY_TRAILER)


def _number_parts(numbers: list[tuple[StoredField, Values]], count: int) -> list[bytes]:
    """The beginning of each row: its field count and its numbers, each with its length."""
    rows = len(numbers[0][1])
    width = 2 + sum(4 + WIDTHS[field.type] for field, _ in numbers)
    body = np.zeros((rows, width), dtype=np.uint8)
    used: Mask = np.ones((rows, width), dtype=np.bool_)
    long = np.full(rows, width)
    body[:, :2] = np.frombuffer(count.to_bytes(2, "big"), dtype=np.uint8)
    at = 2
    for field, values in numbers:
        size = WIDTHS[field.type]
        missing = values == MISSING
        length = np.where(missing, -1, size).astype(">i4").view(np.uint8).reshape(rows, 4)
        body[:, at : at + 4] = length
        sent = np.where(missing, 0, field.sent(values)).astype(f">i{size}")
        body[:, at + 4 : at + 4 + size] = sent.view(np.uint8).reshape(rows, size)
        if missing.any():
            used[missing, at + 4 : at + 4 + size] = False
            long -= missing * size
        at += 4 + size
    ends = np.cumsum(long).tolist()
    flat = body[used].tobytes()
    return [flat[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def _text_parts(values: Values) -> list[bytes]:
    """Each text with its length; one that comes again is encoded once."""
    texts = values.tolist()
    different = set(texts)
    if len(different) > len(texts) // 2:
        return [LENGTH.pack(len(data := text.encode())) + data for text in texts]
    packed = {text: LENGTH.pack(len(data := text.encode())) + data for text in different}
    return [packed[text] for text in texts]
