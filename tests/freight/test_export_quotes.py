"""`export_quotes` writes the newest quote of every shop of a date."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from stores.models import Shop
from tests.freight.conftest import Quoting, quoted
from tests.freight.laying import lay_orders, shop_named

HEADER = (
    "shop_id,date,rule_set,basis,window_orders,window_returns,return_rate,category_rate,"
    "blended_rate,reputation_factor,promotion_factor,risk_rate,expected_payout,fee,binding,"
    "valid_from,valid_to"
)


def exported(day: str = "2024-03-01", *arguments: str) -> list[str]:
    out = StringIO()
    call_command("export_quotes", "--date", day, *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_one_row_per_shop_in_the_promised_columns(shop: Shop, quote: Quoting) -> None:
    quote()
    quoted(shop_named("birch", opened_on=None), date(2024, 3, 1), None, sequence=2)
    assert exported() == [
        HEADER,
        "birch,2024-03-01,fee-2023,category,0,0,,0.140000000000,0.140000000000,1.000000000000,"
        "1.000000000000,0.168000000000,8.800000000000,1.70,no,,",
        "plum,2024-03-01,fee-2023,category,0,0,,0.140000000000,0.140000000000,1.000000000000,"
        "1.000000000000,0.168000000000,8.800000000000,1.70,yes,2024-03-01,2024-03-07",
    ]


def test_the_newest_revision_counts(shop: Shop, quote: Quoting) -> None:
    quote()
    lay_orders(shop, [{"paid_at": "2024-02-01 10:00:00"}])
    quote(sequence=2)
    row = next(csv.DictReader(exported()))
    assert (row["window_orders"], row["return_rate"]) == ("1", "0.000000000000")


def test_another_rule_set_is_there_by_name(quote: Quoting) -> None:
    quote()
    assert exported("2024-03-01", "--rule-set", "fee-empirical")[1].split(",")[2] == "fee-empirical"


def test_it_goes_into_a_file(quote: Quoting, tmp_path: Path) -> None:
    quote()
    file = tmp_path / "quotes.csv"
    call_command("export_quotes", "--date", "2024-03-01", "--output", str(file))
    assert file.read_text("utf-8").splitlines() == exported()


@pytest.mark.parametrize(
    ("day", "arguments", "says"),
    [
        ("2024-03-02", (), "python manage.py recompute --date 2024-03-02"),
        ("2023-03-22", (), "no fee rule set is in force"),
        ("2024-03-01", ("--rule-set", "fee-1999"), "there is no fee rule set 'fee-1999'"),
    ],
)
def test_what_is_not_there_is_refused(
    quote: Quoting, day: str, arguments: tuple[str, ...], says: str
) -> None:
    quote()
    with pytest.raises(CommandError, match=says) as refusal:
        exported(day, *arguments)
    assert refusal.value.returncode == 2


def test_a_day_before_the_rule_is_quoted_when_it_is_asked_for(quote: Quoting) -> None:
    quote(date(2023, 3, 22))
    assert len(exported("2023-03-22", "--rule-set", "fee-2023")) == 2
