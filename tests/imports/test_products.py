"""An order may name a product before the product's own file has come."""

from stores.models import Category, Product
from tests.imports.files import ORDER, PRODUCT, Desk, counts


def test_an_unknown_product_becomes_a_placeholder(desk: Desk) -> None:
    """One for a product, however often it is named; it is listed for completion."""
    desk.rows("orders", ORDER, ORDER | {"line_no": 2}, ORDER | {"order_id": "o2"})
    product = Product.objects.get()
    assert (product.external_id, product.is_placeholder, product.title) == ("p1", True, "")


def test_a_title_completes_a_placeholder(desk: Desk) -> None:
    """Whatever the age of the file: a placeholder knows nothing."""
    desk.rows("orders", ORDER)
    report = desk.rows("products", PRODUCT | {"price": "8"}, as_of="2020-01-01 00:00")
    assert counts(report) == (0, 1, 0, 0)
    product = Product.objects.get()
    assert (product.is_placeholder, product.title, product.price) == (False, "面霜", 800)


def test_a_known_product_is_left_alone(desk: Desk) -> None:
    """By orders that name it."""
    desk.rows("products", PRODUCT)
    desk.rows("orders", ORDER)
    assert Product.objects.get().title == "面霜"


def test_categories_are_created_as_given(desk: Desk) -> None:
    """Once each."""
    rows = [PRODUCT | {"product_id": f"p{n}", "category": "护肤"} for n in range(3)]
    desk.rows("products", *rows)
    desk.rows("products", PRODUCT | {"product_id": "p9", "category": "护肤"})
    assert Category.objects.get().code == "护肤"
