"""A header nobody knows is mapped once and then remembered."""

import pytest

from stores.models import ImportMapping, ImportUpload, Order
from tests.imports_web.conftest import Sender, the_upload, work

pytestmark = pytest.mark.django_db

ODD = "单号,下单时刻,电话\nx1,2024-03-01 10:00:00,13800138000\n"
MAPPED = {
    "remap": "1", "format": "orders:canonical", "header-0": "单号", "column-0": "order_id",
    "header-1": "下单时刻", "column-1": "placed_at", "header-2": "电话",
}  # fmt: skip


def test_an_unknown_header_is_shown_with_its_first_values(sender: Sender) -> None:
    page = sender.send(ODD)
    assert page.status_code == 422
    assert "认不出表头" in page.text
    assert "x1" in page.text
    assert "13800138000" not in page.text
    assert not ImportUpload.objects.exists()


def test_a_mapping_reads_the_file_and_is_remembered_for_the_shop(sender: Sender) -> None:
    sender.send(ODD, **MAPPED)
    assert the_upload().state == ImportUpload.State.CHECKED
    again = sender.send(ODD.replace("x1", "x2"), name="明天.csv")
    assert again.status_code == 200
    sender.press("begin", the_upload())
    work()
    assert Order.objects.get().external_id == "x2"
    assert ImportMapping.objects.get().shop == sender.shop


def test_what_names_a_person_cannot_be_mapped(sender: Sender) -> None:
    page = sender.send(ODD, **MAPPED, **{"column-2": "buyer"})
    assert page.status_code == 422
    assert "个人信息" in page.text
    assert not ImportUpload.objects.exists()
    assert not ImportMapping.objects.exists()


def test_too_few_columns_for_the_kind_say_which_are_missing(sender: Sender) -> None:
    page = sender.send("placed_at,paid_at,quantity\n2024-03-01 10:00:00,,1\n")
    assert page.status_code == 422
    assert "缺少必需的列" in page.text
