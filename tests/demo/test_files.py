"""The files: the same again from the same seed, and like those of a real market."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from statistics import mean, median

import pytest

from shopguard.demo import generate

FEW = 8


def rows(folder: Path, kind: str) -> list[dict[str, str]]:
    with (folder / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(folder: Path, today: date, seed: int) -> dict[str, bytes]:
    files = generate.write(folder, today, seed=seed, shop_limit=FEW)
    return {file.kind: file.path.read_bytes() for file in files}


def test_the_same_seed_and_day_write_the_same_bytes(tmp_path: Path, today: date) -> None:
    first = written(tmp_path / "first", today, seed=7)
    assert list(first) == list(generate.KINDS)
    assert written(tmp_path / "second", today, seed=7) == first


def test_another_seed_writes_another_market(tmp_path: Path, today: date) -> None:
    first = written(tmp_path / "first", today, seed=7)
    assert written(tmp_path / "second", today, seed=8)["orders"] != first["orders"]


def test_a_smaller_market_holds_the_same_orders(tmp_path: Path, folder: Path, today: date) -> None:
    generate.write(tmp_path, today, shop_limit=FEW)
    few = {row["shop_id"] for row in rows(tmp_path, "shops")}
    assert rows(tmp_path, "orders") == [
        row for row in rows(folder, "orders") if row["shop_id"] in few
    ]


def test_there_are_enough_shops_and_both_large_and_small_industries(folder: Path) -> None:
    shops = rows(folder, "shops")
    by_industry = Counter(shop["industry"] for shop in shops)
    assert len(shops) >= 40
    assert len({shop["name"] for shop in shops}) == len(shops)
    assert sum(count >= 10 for count in by_industry.values()) >= 3
    assert any(count < 10 for count in by_industry.values())


def test_facts_reach_from_380_days_ago_to_yesterday(folder: Path, today: date) -> None:
    days = {row["placed_at"][:10] for row in rows(folder, "orders")}
    wanted = {str(today - timedelta(days=back)) for back in range(1, 381)}
    assert days == wanted


@pytest.mark.parametrize(
    ("kind", "column"),
    [("orders", "signed_at"), ("aftersales", "closed_at"), ("complaints", "answered_at")],
)
def test_nothing_is_known_before_it_happens(
    folder: Path, today: date, kind: str, column: str
) -> None:
    assert max(row[column] for row in rows(folder, kind)) < str(today)


def test_the_market_sells_most_on_double_eleven_and_least_at_the_spring_festival(
    folder: Path,
) -> None:
    by_day = Counter(row["placed_at"][:10] for row in rows(folder, "orders"))
    usual = mean(by_day.values())
    assert max(by_day, key=by_day.__getitem__) == "2023-11-11"
    assert by_day["2023-06-17"] > 1.5 * usual
    assert by_day["2024-02-10"] < 0.5 * usual
    by_weekday = [
        median(n for day, n in by_day.items() if date.fromisoformat(day).weekday() == weekday)
        for weekday in range(7)
    ]
    assert by_weekday[5] > by_weekday[0]


def test_what_buyers_write_repeats_itself_as_little_as_in_life(folder: Path) -> None:
    texts = [row["text"] for row in rows(folder, "reviews") if row["text"]]
    assert len(set(texts)) > len(texts) / 2
    assert Counter(texts).most_common(1)[0][1] < len(texts) / 200
    assert any("\n" in text for text in texts)
