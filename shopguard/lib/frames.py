"""Between PostgreSQL and frames: whole columns of integers and texts at once."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any, cast

import numpy as np
import pandas as pd
from django.db import connection
from numpy.typing import NDArray

# The column kinds of a frame: 64-bit integers, or texts of which many are alike.
KINDS = {"int": "int64", "text": "category"}
# Stands before every text on its way: pandas takes categories that look like numbers for numbers,
# and the id 0101 would come out as 101.
TEXT_MARK = "t"


def frame_read(sql: str, parameters: Sequence[Any], columns: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a query as a frame with the named columns, in the query's order.

    ``columns`` gives each column's kind, ``int`` or ``text``. The query must turn unknown values
    into a number or an empty text itself: a NULL among integers raises ValueError. Texts may
    hold any character, line breaks included, and stay text though they look like numbers.
    """
    names = [connection.ops.quote_name(name) for name in columns]
    sent = [
        f"'{TEXT_MARK}' || {name}" if kind == "text" else name
        for name, kind in zip(names, columns.values(), strict=True)
    ]
    marked = f"SELECT {', '.join(sent)} FROM ({sql}) AS rows({', '.join(names)})"
    buffer = BytesIO()
    with (
        connection.cursor() as cursor,
        _psycopg(cursor).copy(f"COPY ({marked}) TO STDOUT (FORMAT csv)", parameters) as rows,
    ):
        for block in rows:
            buffer.write(block)
    kinds = {name: KINDS[kind] for name, kind in columns.items()}
    if not buffer.tell():
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    buffer.seek(0)
    frame = pd.read_csv(
        buffer,
        header=None,
        names=list(columns),
        dtype=kinds,
        na_filter=False,
        encoding="utf-8",
    )
    for name in (name for name, kind in columns.items() if kind == "text"):
        frame[name] = frame[name].cat.rename_categories(_unmarked)
    return frame


def _unmarked(text: str) -> str:
    return text.removeprefix(TEXT_MARK)


def integers_read(
    columns: Sequence[str], source: str, parameters: Sequence[Any], *, by: str
) -> NDArray[np.int64]:
    """The rows of ``SELECT columns FROM source`` as an array of [rows, columns], in any order.

    Every column is a whole number and never NULL; a NULL raises ValueError. The server writes all
    rows with the same ``by`` as one text, so ``by`` should gather some hundred rows: that costs a
    third of handing over row after row.
    """
    numbers = f"string_agg(concat_ws(' ', {', '.join(columns)}), ' ')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {numbers} FROM {source} GROUP BY {by}", parameters)
        texts = [text for (text,) in cursor.fetchall()]
    return np.fromstring(" ".join(texts), dtype=np.int64, sep=" ").reshape(-1, len(columns))


def rows_write(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to ``table`` by COPY; each row has one value per column, None is NULL.

    JSON goes in as text. Constraints and triggers apply as with INSERT.
    """
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    target = connection.ops.quote_name(table)
    with (
        connection.cursor() as cursor,
        _psycopg(cursor).copy(f"COPY {target} ({names}) FROM STDIN") as sink,
    ):
        for row in rows:
            sink.write_row(row)


def _psycopg(cursor: Any) -> Any:
    """The psycopg cursor inside Django's, which knows COPY."""
    return cast(Any, cursor).cursor
