"""What stands below a list: which of its rows these are, and nothing below an empty one."""

from django.http import QueryDict
from django.template.loader import render_to_string

from shopguard.lib.paging import page_of

NUMBERS = list(range(53))


def below(rows: list[int], query: str = "") -> str:
    """The pager of a list, 25 to a page."""
    page = page_of(rows, QueryDict(query), size=25)
    return " ".join(render_to_string("components/pager.html", {"page": page}).split())


def test_a_page_says_which_rows_these_are_and_leads_on() -> None:
    text = below(NUMBERS, "kind=a&page=2")
    assert "第 26–50 条，共 53 条" in text
    assert 'rel="prev" href="?kind=a&amp;page=1"' in text
    assert 'rel="next" href="?kind=a&amp;page=3"' in text


def test_a_single_page_leads_nowhere() -> None:
    assert "第 1–3 条，共 3 条" in below(NUMBERS[:3])
    assert "rel=" not in below(NUMBERS[:3])


def test_an_empty_list_has_no_pager() -> None:
    assert below([]) == ""
