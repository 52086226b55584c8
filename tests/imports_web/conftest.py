"""A person of the shop who sends files, and a worker that is this very process."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from stores.models import ImportUpload, Shop, User
from stores.services.import_jobs import upload_work, uploads_to_ring

MORNING = datetime(2024, 3, 10, 2, 0, tzinfo=UTC)

HEADER = "order_id,line_no,product_id,quantity,line_paid,placed_at,paid_at,signed_at,order_paid"
GOOD = "{id},1,p1,1,19.90,2024-03-01 10:00:00,2024-03-01 10:05:00,2024-03-04 09:00:00,19.90"
BAD = "{id},1,p1,1,-5,2024-03-01 10:00:00,2024-03-01 10:05:00,2024-03-04 09:00:00,19.90"


def orders_csv(*, good: int = 3, bad: int = 0) -> str:
    """Orders in our own columns; the bad ones have a negative amount."""
    rows = [GOOD.format(id=f"o{number}") for number in range(good)]
    rows += [BAD.format(id=f"b{number}") for number in range(bad)]
    return "\n".join([HEADER, *rows, ""])


@pytest.fixture(autouse=True)
def _keys(settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:  # noqa: ANN001
    """Buyer keys of this test's own, and a clock that stands after every time in the files."""
    settings.BUYER_KEYS_FILE = tmp_path_factory.mktemp("keys") / "buyers.json"
    with time_machine.travel(MORNING, tick=True):
        yield


class Sender:
    """A person at the import page of the shop."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.home = reverse("imports", args=[shop.external_id])
        self.shop = shop

    def send(self, content: str | bytes, name: str = "orders.csv", **said: str):  # noqa: ANN201
        """Send a file and follow to the page that answers."""
        data = content.encode() if isinstance(content, str) else content
        form = {"file": SimpleUploadedFile(name, data), **said}
        return self.client.post(self.home, form, follow=True)

    def page(self, upload: ImportUpload):  # noqa: ANN201
        """The page of a file."""
        return self.client.get(reverse("import", args=[self.shop.external_id, upload.pk]))

    def press(self, what: str, upload: ImportUpload):  # noqa: ANN201
        """Press begin, stop or drop."""
        where = reverse(f"import_{what}", args=[self.shop.external_id, upload.pk])
        return self.client.post(where, follow=True)

    def rejected(self, upload: ImportUpload, form: str = "csv") -> bytes:
        """The download of rejected rows."""
        where = reverse("import_rejected", args=[self.shop.external_id, upload.pk, form])
        response = self.client.get(where)
        assert response.status_code == 200
        return response.getvalue()


@pytest.fixture
def sender(signed_in: Callable[[User], Client], alice: User, shop: Shop) -> Sender:
    """Alice at the import page of her shop."""
    return Sender(signed_in(alice), shop)


@pytest.fixture
def ops_sender(signed_in: Callable[[User], Client], bob: User, shop: Shop) -> Sender:
    """Bob at the same page."""
    return Sender(signed_in(bob), shop)


@pytest.fixture
def admin_sender(signed_in: Callable[[User], Client], dora: User, shop: Shop) -> Sender:
    """Dora at the same page."""
    return Sender(signed_in(dora), shop)


def the_upload() -> ImportUpload:
    """The newest file sent."""
    return ImportUpload.objects.latest("pk")


def work() -> None:
    """Do what workers would do, until nothing waits."""
    while ids := uploads_to_ring():
        for upload_id in ids:
            upload_work(upload_id=upload_id)
