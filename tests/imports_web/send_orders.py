"""Sends a file of orders to the first shop and confirms it.

Started as ``python -m tests.imports_web.send_orders ROWS``. A program of its own, because the
workers it is meant for live in another database than the tests.
"""

import os
import sys
from io import BytesIO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopguard.settings")
django.setup()

from stores.models import Shop, User  # noqa: E402 - Django has to be set up first
from stores.services.imports.source import Source  # noqa: E402
from stores.services.uploads import Wish, upload_begin, upload_take  # noqa: E402

HEADER = "order_id,line_no,product_id,quantity,placed_at,signed_at"
ROW = "sent-{number},1,p1,{quantity},2024-03-01 10:00:00,2024-03-04 09:00:00"


def main(rows: int) -> None:
    """Every tenth row has a bad quantity."""
    lines = [
        ROW.format(number=number, quantity="x" if number % 10 == 9 else 1) for number in range(rows)
    ]
    data = "\n".join([HEADER, *lines, ""]).encode()
    sender, _ = User.objects.get_or_create(username="sender")
    upload = upload_take(
        shop=Shop.objects.order_by("pk")[0],
        user=sender,
        is_trusted=False,
        source=Source("orders.csv", len(data), lambda: BytesIO(data)),
        wish=Wish(),
    )
    upload_begin(upload=upload)


main(int(sys.argv[1]))
