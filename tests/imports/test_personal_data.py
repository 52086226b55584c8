"""Nothing that names a person reaches the database, the errors file or the disk."""

from django.apps import apps
from django.db import connection
from pytest_django import Settings

from shopguard.lib.buyers import BuyerKeys
from stores.models import Order, Shop
from stores.services.imports import spool
from tests.imports.files import COMPLAINT, ORDER, REVIEW, Desk

PHONE, NAME, ADDRESS = "13912345678", "欧阳娜娜", "望京东路1号"
PERSONAL = {"收件人": NAME, "phone": PHONE, "address": ADDRESS, "receiver_name": NAME}
CANARIES = (PHONE, "１３９１２３４５６７８", NAME, ADDRESS, "xiaomei", "11010519491231002X")


def everything_stored() -> str:
    """Every row of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_no_personal_data_is_kept(desk: Desk) -> None:
    """Columns are dropped, buyers hashed, free text scrubbed; also in rows that are rejected."""
    talk = f"请联系 {PHONE} 或 １３９１２３４５６７８ 或 mei@example.com，11010519491231002X"
    good, bad = ORDER | PERSONAL, ORDER | PERSONAL | {"order_id": "o2", "quantity": "x"}
    desk.rows("orders", good | {"spec": talk}, bad | {"spec": talk})
    seen = desk.errors.read_text(encoding="utf-8")
    reviews = [REVIEW | {"text": talk}, REVIEW | {"review_id": "r2", "text": talk, "rating": 9}]
    desk.rows("reviews", *reviews)
    seen += desk.errors.read_text(encoding="utf-8")
    desk.rows("complaints", COMPLAINT | {"text": talk, "outcome": PHONE})
    seen += desk.errors.read_text(encoding="utf-8") + everything_stored()
    assert "请联系 [电话]" in seen
    for canary in CANARIES:
        assert canary not in seen


def test_personal_cells_are_gone_before_anything_is_spooled(desk: Desk, monkeypatch) -> None:  # noqa: ANN001
    """What lies on the disk between reading and applying is watched."""
    written: list[bytes] = []
    dumps = spool.marshal.dumps

    def watched(content: object) -> bytes:
        written.append(dumps(content))
        return written[-1]

    monkeypatch.setattr(spool.marshal, "dumps", watched)
    desk.rows("orders", ORDER | PERSONAL | {"spec": f"电话 {PHONE}"})
    assert b"o1" in b"".join(written)
    for canary in CANARIES:
        assert canary.encode() not in b"".join(written)


def test_a_buyer_is_the_same_within_a_shop_only(desk: Desk, other_shop: Shop) -> None:
    """So that repeat buyers count and nobody can be followed from shop to shop."""
    desk.rows(
        "orders", ORDER, ORDER | {"order_id": "o2"}, ORDER | {"order_id": "o3", "buyer": "adan"},
        ORDER | {"shop_id": "birch"}, ORDER | {"order_id": "o4", "buyer": ""},
    )  # fmt: skip
    refs = {
        (shop, name): ref
        for shop, name, ref in Order.objects.values_list(
            "shop__external_id", "external_id", "buyer_ref"
        )
    }
    assert refs["plum", "o1"] == refs["plum", "o2"] != ""
    assert len({refs["plum", "o1"], refs["plum", "o3"], refs["birch", "o1"]}) == 3
    assert refs["plum", "o4"] == ""


def test_the_key_of_buyers_lies_outside_the_database(desk: Desk, settings: Settings) -> None:
    """In one versioned file; the same key gives the same reference again."""
    desk.rows("orders", ORDER)
    ref = Order.objects.get().buyer_ref
    keys = BuyerKeys(settings.BUYER_KEYS_FILE)
    assert ref == keys.ref("plum", "xiaomei")
    assert ref.startswith("v1:")
    assert settings.BUYER_KEYS_FILE.stat().st_mode & 0o077 == 0
