"""What a file says is what is stored."""

from datetime import UTC, date, datetime

import pytest

from aftersales.models import AfterSaleCase
from stores.models import (
    Category,
    Complaint,
    Consultation,
    DelayReport,
    ImportBatch,
    Order,
    OrderLine,
    Product,
    Review,
    Shop,
)
from tests.imports.files import ORDER, PRODUCT, SAMPLES, SHOP, Desk, counts, shanghai


@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind != "shops"])
def test_every_kind_takes_its_row(desk: Desk, kind: str) -> None:
    """One row in, one record; the same row again changes nothing."""
    assert counts(desk.rows(kind, SAMPLES[kind])) == (1, 0, 0, 0)
    assert counts(desk.rows(kind, SAMPLES[kind])) == (0, 0, 1, 0)


def test_times_are_shanghai_times_and_money_is_fen(desk: Desk) -> None:
    """10:00 in Shanghai is 02:00 UTC; 99.00 yuan are 9900 fen."""
    desk.rows("orders", ORDER)
    order = Order.objects.get()
    assert order.placed_at == datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
    assert order.order_paid == 9900
    assert OrderLine.objects.get().line_paid == 9900


def test_the_ship_deadline_is_worked_out(desk: Desk) -> None:
    """A domestic order is due 48 hours after it was paid, one without payment is not due."""
    unpaid = ORDER | {"order_id": "o2", "paid_at": "", "signed_at": ""}
    desk.rows("orders", ORDER, unpaid)
    assert Order.objects.get(external_id="o1").ship_by == shanghai("2024-03-03 10:05")
    assert Order.objects.get(external_id="o2").ship_by is None
    assert Shop.objects.get().derived_with


def test_empty_cells_of_a_new_record_take_their_defaults(desk: Desk) -> None:
    """Trade mode domestic, logistics express, flags no, outcome open, decision pending."""
    desk.rows("orders", ORDER | {"trade_mode": "", "logistics_mode": "", "is_promotion": ""})
    order = Order.objects.get()
    assert (order.trade_mode, order.logistics_mode, order.channel) == (
        "domestic",
        "express",
        "normal",
    )
    assert [order.is_promotion, order.is_cod, order.is_fraud_risk] == [False] * 3
    desk.rows("complaints", SAMPLES["complaints"] | {"outcome": ""})
    assert Complaint.objects.get().outcome == "open"
    desk.rows("delay_reports", SAMPLES["delay_reports"] | {"decision": ""})
    assert DelayReport.objects.get().decision == "pending"


def test_what_a_file_lacks_stays_unknown(desk: Desk) -> None:
    """No reply, no rating and no end of a consultation are unknown, not zero."""
    desk.rows("consultations", SAMPLES["consultations"] | {"first_reply_seconds": ""})
    consultation = Consultation.objects.get()
    assert consultation.first_reply_seconds is None
    assert consultation.rating is None
    assert consultation.ended_at is None


def test_ids_are_text(desk: Desk) -> None:
    """Leading zeros and nineteen digits stay; so does an id dressed up for a spreadsheet."""
    ids = ["007", "6923456789012345678", '="0042"', "\tX9 "]
    desk.rows("orders", *(ORDER | {"order_id": name} for name in ids))
    stored = set(Order.objects.values_list("external_id", flat=True))
    assert stored == {"007", "6923456789012345678", "0042", "X9"}


def test_text_keeps_its_line_breaks(desk: Desk) -> None:
    """Quoted fields may hold commas, quotes and line breaks; the line is where a record begins."""
    texts = ["第一行\n第二行", 'say "hi", twice', "=1+1", "NA"]
    rows = [SAMPLES["reviews"] | {"review_id": f"r{n}", "text": t} for n, t in enumerate(texts)]
    bad = SAMPLES["reviews"] | {"review_id": "r9", "rating": "6"}
    report = desk.rows("reviews", *rows, bad)
    assert list(Review.objects.order_by("pk").values_list("text", flat=True)) == texts
    assert [problem["line"] for problem in report["problems"]] == [7]


def test_weights_are_grams(desk: Desk) -> None:
    """0.35 kg are 350 g."""
    desk.rows("products", PRODUCT | {"net_weight_kg": "0.35", "price": "19.9"})
    product = Product.objects.get()
    assert (product.net_weight_grams, product.price) == (350, 1990)


def test_a_case_keeps_its_reason_as_imported(desk: Desk) -> None:
    """Full-width brackets and outer blanks are the business of the rules."""
    desk.rows("aftersales", SAMPLES["aftersales"] | {"reason": " 收到商品少件（含少配件）"})
    assert AfterSaleCase.objects.get().reason == " 收到商品少件（含少配件）"


def test_shops_create_what_they_name(desk: Desk) -> None:
    """A platform, an industry and a category nobody has seen before are taken as given."""
    row = SHOP | {
        "shop_id": "fig", "platform": "newmarket", "industry": "kites", "main_category": "kites",
        "opened_on": "2020-05-06", "base_settings_complete": "yes",
    }  # fmt: skip
    assert counts(desk.rows("shops", row)) == (1, 0, 0, 0)
    shop = Shop.objects.get(external_id="fig")
    assert (shop.platform, shop.industry, shop.service_mode) == ("newmarket", "kites", "own")
    assert shop.opened_on == date(2020, 5, 6)
    assert shop.status == "active"
    assert Category.objects.filter(code="kites").exists()


def test_the_ledger_holds_the_counts_of_a_file(desk: Desk) -> None:
    """Rows are new, changed, unchanged or rejected, and the batch says how many."""
    desk.rows("orders", ORDER, ORDER | {"order_id": "o2"}, ORDER | {"order_id": ""})
    batch = ImportBatch.objects.get()
    assert batch.status == ImportBatch.Status.APPLIED
    assert (batch.rows, batch.new, batch.changed, batch.unchanged) == (3, 2, 0, 0)
    assert batch.rejected == 1
    assert sum(chunk.rows for chunk in batch.chunks.all()) == batch.rows
