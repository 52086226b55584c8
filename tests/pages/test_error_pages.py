"""Error pages: in the product's look, in the person's language, with a number and a way back."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from shopguard import errors
from tests.pages.market import Market
from tests.pages.reading import text_of


def test_missing_page_says_so_and_leads_back(market: Market) -> None:
    response = market.client("alice").get("/nothing/")
    text = text_of(response.content.decode())
    assert response.status_code == 404
    assert "这里没有内容" in text
    assert response.headers["X-Request-ID"] in text
    assert "回到店铺" in text


def test_opening_the_address_of_a_form_leads_back(market: Market) -> None:
    response = market.client("alice").get("/s/plum/aftersales/bulk/")
    text = text_of(response.content.decode())
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "这个地址只接收表单" in text
    assert "回到店铺" in text


def test_page_left_open_too_long_says_what_to_do(market: Market) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(market.people["alice"])
    response = client.post("/account/password/", {"old_password": "x"})
    assert response.status_code == 403
    assert "页面开得太久，刚才的操作没有保存" in text_of(response.content.decode())


@pytest.mark.parametrize("status", [400, 500, 503])
@pytest.mark.parametrize(("language", "word"), [("zh-hans", "请求编号"), ("en", "Request number")])
def test_page_without_session_or_database_is_complete(
    status: int, language: str, word: str
) -> None:
    with translation.override(language):
        context = {
            "request_id": "r-17",
            "shell": {"is_english": language == "en", "theme": "dark"},
        }
        html = render_to_string(f"errors/{status}.html", context)
    assert word in text_of(html)
    assert "r-17" in html
    assert 'data-bs-theme="dark"' in html
    assert html.count("<h1") == 1


def test_failing_view_answers_500_without_a_query(rf: RequestFactory) -> None:
    request = rf.get("/")
    try:
        raise ValueError("boom")
    except ValueError:
        response = errors.server_error(request)
    assert response.status_code == 500
    assert "boom" not in response.content.decode()
