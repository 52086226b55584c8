"""A header tells what a file is: the kind and preset that know most of it come first."""

import pytest

from stores.services.imports.formats import open_file
from stores.services.imports.recognise import guesses
from stores.services.imports.source import file_source
from tests.imports.exports import DOUYIN, PDD, TAOBAO, TMALL, XHS, export
from tests.imports.files import API_ORDER, SAMPLES, Desk, csv_text
from tests.imports.workbooks import table, workbook


@pytest.mark.parametrize(
    ("header", "preset"),
    [
        (XHS, "xhs-orders"),
        (TMALL, "tmall-orders"),
        (TAOBAO, "tmall-orders"),
        (DOUYIN, "douyin-orders"),
        (PDD, "pdd-orders"),
    ],
    ids=["xhs", "tmall", "taobao", "douyin", "pdd"],
)
def test_an_export_is_recognised_by_its_header(header: str, preset: str) -> None:
    best = guesses(header.split(","))[0]
    assert (best.kind.name, best.preset.name, best.missing) == ("orders", preset, ())


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_canonical_file_is_recognised_as_its_kind(kind: str) -> None:
    best = guesses(list(SAMPLES[kind]))[0]
    assert (best.kind.name, best.preset.name, best.missing) == (kind, "canonical", ())


def test_a_header_nobody_knows_is_not_guessed() -> None:
    assert guesses(["foo", "bar"]) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("csv", csv_text([SAMPLES["orders"]]).encode("gb18030")),
        ("tabs", csv_text([SAMPLES["orders"]], "\t").encode("utf-16")),
        ("xlsx", workbook([["说明"]], table(SAMPLES["orders"]))),
        ("export", export(PDD, {"订单号": "1"}).encode("utf-8-sig")),
        ("json", repr([API_ORDER]).replace("'", '"').encode()),
    ],
    ids=["csv", "tabs", "xlsx", "export", "json"],
)
def test_the_beginning_of_every_format_can_be_shown(desk: Desk, name: str, data: bytes) -> None:
    path = desk.folder / name
    path.write_bytes(data)
    with open_file(file_source(path)) as file:
        start = file.start(5)
    best = guesses(start.headers)[0]
    assert (best.kind.name, best.missing) == ("orders", ())
    assert len(start.rows) in (1, 2)
    assert all(len(row) >= len(start.headers) for row in start.rows)
