"""Numbers and texts come out of the database as they lie there."""

import pytest

from shopguard.lib.frames import frame_read, integers_read

pytestmark = pytest.mark.django_db
SOURCE = "(VALUES (1, 10, -5), (1, 11, 0), (2, 10, 9007199254740993)) AS t(shop, day, number)"


def test_rows_come_complete_and_exact() -> None:
    rows = integers_read(("shop", "day", "number"), SOURCE, [], by="shop")
    assert sorted(rows.tolist()) == [[1, 10, -5], [1, 11, 0], [2, 10, 9007199254740993]]


def test_no_row_is_an_array_without_rows() -> None:
    rows = integers_read(("shop", "day"), f"{SOURCE} WHERE shop > %s", [5], by="shop")
    assert rows.shape == (0, 2)


def test_an_unknown_number_is_an_error() -> None:
    with pytest.raises(ValueError):
        integers_read(("shop", "nullif(day, %s)"), SOURCE, [11], by="shop")


@pytest.mark.parametrize("texts", [("0101", "101"), ("True", "False"), ("1.0", "NaN"), ("", "\n,")])
def test_texts_stay_text_though_they_look_like_something_else(texts: tuple[str, str]) -> None:
    query = "SELECT * FROM (VALUES (1, %s), (2, %s)) AS t(id, said)"
    frame = frame_read(query, list(texts), {"order": "int", "shop": "text"})
    assert frame["order"].tolist() == [1, 2]
    assert frame["shop"].astype(object).tolist() == list(texts)
