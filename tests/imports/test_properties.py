"""What holds for every file, shown on files nobody thought of."""

import csv
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from stores.models import ImportBatch, Order
from stores.presets import presets
from tests.imports.files import API_ORDER, SAMPLES, Desk, Row, counts, csv_text
from tests.imports.workbooks import stored, table, workbook

# A longer run for one evening: SHOPGUARD_MUTATIONS=10000 pytest tests/imports/test_properties.py
MUTATIONS = int(os.environ.get("SHOPGUARD_MUTATIONS", "40"))


def examples(count: int) -> hypothesis_settings:
    """So many files, on a database that is as slow as it is."""
    unhealthy = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return hypothesis_settings(max_examples=count, deadline=None, suppress_health_check=unhealthy)


ids = st.sampled_from(["a", "b", "007", "x\n", "c"])
clocks = st.sampled_from(
    ["2024-03-01 10:00:00", "2024-03-02 00:00:00", "2024-03-02 23:59:59", "2024-04-01 08:00:00"]
)
odd = st.sampled_from(["", "\\N", "x", "-1", "2024-02-30 00:00:00", "1999-01-01 00:00:00", "NaN"])


@contextmanager
def undone() -> Iterator[None]:
    """Nothing inside is kept."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def orders_stored() -> list[tuple[Any, ...]]:
    """Every order with its lines and the age of both."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.external_id, o.placed_at, o.paid_at, o.shipped_at, o.signed_at, o.ship_by,
                   o.trade_mode, o.province, l.line_no, l.product_ref, l.quantity, l.line_paid
            FROM stores_order o FULL JOIN stores_orderline l
              ON l.shop_id = o.shop_id AND l.order_ref = o.external_id
            """
        )
        return sorted(cursor.fetchall(), key=repr)


def rows_of(cells: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[list[Row]]:
    """Lists of orders with one shop."""
    return st.lists(
        st.fixed_dictionaries({"shop_id": st.sampled_from(["plum", "plum", "nowhere"]), **cells}),
        min_size=1,
        max_size=8,
    )


wild_rows = rows_of(
    {
        "order_id": ids,
        "line_no": st.sampled_from(["1", "2", ""]),
        "placed_at": clocks | odd,
        "paid_at": clocks | odd,
        "signed_at": clocks | odd,
        "province": st.text(max_size=4),
        "quantity": st.sampled_from(["1", "2"]) | odd,
        "is_cod": st.sampled_from(["yes", "no", ""]),
        "buyer": st.text(max_size=3),
    }
)


@examples(15)
@given(rows=wild_rows, chunk=st.integers(1, 5))
def test_a_file_twice_changes_nothing_the_second_time(
    desk: Desk, settings: Settings, rows: list[Row], chunk: int
) -> None:
    """What was new or changed is unchanged, what was rejected is rejected again."""
    settings.IMPORT_CHUNK_ROWS = chunk
    with undone():
        first = desk.rows("orders", *rows)
        stored = orders_stored()
        second = desk.rows("orders", *rows)
        assert first["rows"] == sum(counts(first))
        assert counts(second)[:2] == (0, 0)
        assert second["rejected"] == first["rejected"]
        assert orders_stored() == stored


@examples(10)
@given(rows=wild_rows)
def test_chunks_do_not_show(desk: Desk, settings: Settings, rows: list[Row]) -> None:
    """However a file is cut: the same report, the same records."""
    seen = []
    for chunk in (1, 3, 1000):
        settings.IMPORT_CHUNK_ROWS = chunk
        with undone():
            seen.append((desk.rows("orders", *rows), orders_stored()))
    assert seen[0] == seen[1] == seen[2]


full_row = st.fixed_dictionaries(
    {
        "shop_id": st.just("plum"),
        "order_id": st.sampled_from(["a", "b", "c"]),
        "line_no": st.just("1"),
        "product_id": st.sampled_from(["p1", "p2"]),
        "quantity": st.sampled_from(["1", "2", "3"]),
        "line_paid": st.sampled_from(["1.00", "2.00"]),
        "placed_at": st.just("2024-03-01 10:00:00"),
        "paid_at": st.sampled_from(["2024-03-01 10:05:00", "2024-03-01 11:00:00"]),
        "shipped_at": st.sampled_from(["2024-03-02 10:00:00", "2024-03-03 10:00:00"]),
        "signed_at": st.sampled_from(["2024-03-05 10:00:00", "2024-03-06 10:00:00"]),
        "trade_mode": st.sampled_from(["domestic", "bonded", "direct"]),
        "province": st.sampled_from(["浙江", "广东"]),
    }
)
files = st.lists(
    st.lists(full_row, min_size=1, max_size=3, unique_by=lambda row: str(row["order_id"])),
    min_size=2,
    max_size=5,
)


@examples(12)
@given(files=files, data=st.data())
def test_the_order_of_arrival_does_not_matter(
    desk: Desk, files: list[list[Row]], data: st.DataObject
) -> None:
    """Files that say everything, each with its age, end the same however they come in."""
    dated = [(f"2024-05-{day:02d} 00:00", rows) for day, rows in enumerate(files, start=1)]
    with undone():
        for as_of, rows in dated:
            desk.rows("orders", *rows, as_of=as_of)
        in_order = orders_stored()
    with undone():
        for as_of, rows in data.draw(st.permutations(dated)):
            desk.rows("orders", *rows, as_of=as_of)
        assert orders_stored() == in_order


@dataclass(frozen=True)
class Mangled:
    """A file nobody meant to write, and how it is imported."""

    kind: str
    data: bytes
    options: Mapping[str, Any]


def as_text(draw: st.DrawFn) -> tuple[str, bytes, dict[str, Any]]:
    """A canonical file of any kind."""
    kind = draw(st.sampled_from(sorted(SAMPLES)))
    text = csv_text([dict(SAMPLES[kind]) for _ in range(4)], draw(st.sampled_from(",,,;\t")))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"]))
    return kind, text.encode(encoding), {}


def as_json(draw: st.DrawFn) -> tuple[str, bytes, dict[str, Any]]:
    """Orders as an open platform answers."""
    records = [API_ORDER | {"orderId": f"P{n}"} for n in range(3)]
    one_a_line = draw(st.booleans())
    text = "\n".join(map(json.dumps, records)) if one_a_line else json.dumps(records, indent=1)
    return "orders", text.encode(), {"preset": presets()["xhs-api-orders"], "shop": "plum"}


def as_workbook(draw: st.DrawFn) -> tuple[str, bytes, dict[str, Any]]:
    """A workbook, its parts stored as they are, so that a changed byte changes the text inside."""
    return "orders", stored(workbook(table(*[SAMPLES["orders"]] * 3))), {}


FORMATS = [as_text] * 16 + [as_json] * 3 + [as_workbook]


@st.composite
def mutated(draw: st.DrawFn) -> Mangled:
    """A file of some format with a few bytes taken out, put in, swapped or repeated."""
    kind, data, options = draw(st.sampled_from(FORMATS))(draw)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 40))
        fresh = draw(
            st.binary(max_size=4)
            | st.sampled_from(
                [b'"', b",", b"\n", b"\r", b"\x00", b"\\N", b"=", b"'", b"\xef\xbf\xbd", b"{", b"]"]
            )
            | st.just(data[at : at + length] * 2)
        )
        data = data[:at] + fresh + data[at + length :]
    return Mangled(kind, data, options)


@examples(MUTATIONS)
@given(file=mutated())
def test_no_row_is_silent(desk: Desk, file: Mangled) -> None:
    """A mangled file is refused with a reason, or each of its rows is accounted for."""
    with undone():
        report = desk.data(file.kind, file.data, **file.options)
        batch = ImportBatch.objects.get()
        assert report["rows"] == sum(counts(report)) == batch.rows
        if report["status"] == "refused":
            assert report["reason"]
            assert not Order.objects.exists()
            return
        errors = {p["line"] for p in report["problems"] if p["severity"] == "error"}
        assert len(errors) == report["rejected"]
        assert all(problem["reason"] for problem in report["problems"])
        returned = desk.errors.read_text(encoding="utf-8")
        assert len(list(csv.reader(StringIO(returned, newline="")))) == report["rejected"] + 1
