"""The statement of 运费宝 as 小红书 exports it."""

from datetime import date

import pytest

from freightins.models import StatementLine
from stores.presets import presets
from stores.services.imports.recognise import guesses
from tests.imports.exports import XHS_FREIGHT, export
from tests.imports.files import Desk, counts, reasons, shanghai

ROW = {
    "结算时间": "2024/3/9 3:00:00", "生效时间": "2024-03-02 09:00:00",
    "用户下单时间": "2024-03-01 10:00:00", "发货时间": "2024-03-02 09:00:00", "订单号": "P1",
    "运费宝单号": "B1", "金额": "-1.70", "结算账户": "店铺余额",
}  # fmt: skip


def read(desk: Desk, *rows: dict[str, str], header: str = XHS_FREIGHT) -> list[StatementLine]:
    data = export(header, *rows).encode()
    preset = presets()["xhs-freight-statement"]
    report = desk.data("freight_statement", data, preset=preset, shop="plum")
    assert counts(report) == (len(rows), 0, 0, 0), reasons(report)
    return list(StatementLine.objects.order_by("pk"))


def test_the_statement_is_recognised() -> None:
    best = guesses(XHS_FREIGHT.split(","))[0]
    assert (best.kind.name, best.preset.name) == ("freight_statement", "xhs-freight-statement")
    assert best.missing == ()


def test_a_row_of_the_statement(desk: Desk) -> None:
    (line,) = read(desk, ROW)
    assert (line.line_ref, line.order_ref, line.account) == ("B1", "P1", "店铺余额")
    assert (line.entry, line.amount, line.settled_on) == ("fee", -170, date(2024, 3, 9))
    assert line.settled_at == shanghai("2024-03-09 03:00")
    assert line.effective_at == line.shipped_at == shanghai("2024-03-02 09:00")


@pytest.mark.parametrize(("written", "entry", "fen"), [
    ("-1.70", "fee", -170), ("−1.70", "fee", -170), ("(1.70)", "fee", -170),
    ("￥1,001.70", "", 100170), ("+7.00", "", 700), ("7", "", 700),
])  # fmt: skip
def test_a_minus_is_a_fee_and_a_plain_amount_says_nothing(
    desk: Desk, written: str, entry: str, fen: int
) -> None:
    cell = f'"{written}"'
    (line,) = read(desk, ROW | {"金额": cell})
    assert (line.entry, line.amount) == (entry, fen)


@pytest.mark.parametrize(("word", "entry"), [("赔付", "payout"), ("运费宝服务费", "fee")])
def test_the_word_of_a_row_goes_before_its_sign(desk: Desk, word: str, entry: str) -> None:
    (line,) = read(desk, ROW | {"交易类型": word}, header=f"{XHS_FREIGHT},交易类型")
    assert (line.entry, line.amount) == (entry, -170)


def test_a_word_nobody_knows_comes_back(desk: Desk) -> None:
    data = export(f"{XHS_FREIGHT},交易类型", ROW | {"交易类型": "分期补贴"}).encode()
    preset = presets()["xhs-freight-statement"]
    report = desk.data("freight_statement", data, preset=preset, shop="plum")
    assert counts(report) == (0, 0, 0, 1)


def test_the_fee_and_the_payout_of_one_cover_are_two_lines(desk: Desk) -> None:
    lines = read(desk, ROW, ROW | {"金额": "7.00"}, ROW | {"结算时间": "2024-03-20 3:00:00"})
    assert [(line.entry, line.amount, line.settled_on.day) for line in lines] == [
        ("fee", -170, 9), ("", 700, 9), ("fee", -170, 20),
    ]  # fmt: skip


def test_the_same_statement_twice_changes_nothing(desk: Desk) -> None:
    read(desk, ROW)
    data = export(XHS_FREIGHT, ROW).encode()
    preset = presets()["xhs-freight-statement"]
    report = desk.data("freight_statement", data, preset=preset, shop="plum")
    assert counts(report) == (0, 0, 1, 0)
