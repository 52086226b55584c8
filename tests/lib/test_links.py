"""The addresses of rows are those the routes give."""

import pytest
from django.urls import NoReverseMatch, reverse
from django.urls.base import clear_script_prefix, set_script_prefix

from shopguard.lib.links import PLACE, row_address


@pytest.mark.parametrize("name", ["aftersales:case", "aftersales:case_do", "complaint_reply"])
@pytest.mark.parametrize("shop", ["plum", "SG-0101", "7", str(PLACE)])
def test_a_row_stands_where_its_route_says(name: str, shop: str) -> None:
    for key in (7, "8", 10**12):
        assert row_address(name, shop, key) == reverse(name, args=[shop, key])


def test_a_site_below_a_path_keeps_its_path() -> None:
    assert row_address("aftersales:case", "plum", 7) == "/s/plum/aftersales/cases/7/"
    set_script_prefix("/guard/")
    try:
        assert row_address("aftersales:case", "plum", 7) == "/guard/s/plum/aftersales/cases/7/"
    finally:
        clear_script_prefix()


def test_a_name_without_a_route_is_an_error() -> None:
    with pytest.raises(NoReverseMatch):
        row_address("aftersales:nothing", "plum", 7)
