"""The audit log can be read, narrowed, checked and taken along, by admins only."""

import csv
from collections.abc import Callable
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from shopguard.desk import audit as audit_view
from shopguard.lib.days import SHANGHAI
from stores.models import AuditEntry, Shop, User
from stores.selectors.audit_page import audit_columns
from stores.services.audit import audit_record, audit_verify
from tests.access.test_audit import change_behind_the_back
from tests.pages.reading import rows_of_table, text_of

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
AUDIT = "/admin-desk/audit/"


def note(actor: str = "alice", action: str = "membership.role", **given: Any) -> AuditEntry:
    defaults = {"object_type": "membership", "object_id": "bob"}
    with transaction.atomic():
        return audit_record(actor=actor, action=action, **(defaults | given))


@pytest.fixture
def rows(shop: Shop, other_shop: Shop) -> None:
    """Three changes on three days."""
    for day, actor, where in ((1, "alice", shop), (2, "charlie", other_shop), (3, "dora", None)):
        with time_machine.travel(datetime(2024, 3, day, 12, tzinfo=SHANGHAI), tick=False):
            note(actor, shop=where, before={"role": "ops"}, after={"role": "owner"})


@pytest.fixture
def admin(signed_in: SignedIn, dora: User) -> Client:
    return signed_in(dora)


def actors(client: Client, query: str = "") -> list[str]:
    html = client.get(f"{AUDIT}?{query}").text
    if "audit-table" not in html:
        return []
    return [row[1] for row in rows_of_table(html, "audit-table")]


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_the_log_does_not_exist_for_others(
    signed_in: SignedIn, request: pytest.FixtureRequest, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    for path in (AUDIT, f"{AUDIT}export/csv/"):
        assert client.get(path).status_code == 404


@pytest.mark.usefixtures("rows")
def test_rows_are_shown_newest_first_in_words(admin: Client) -> None:
    html = admin.get(AUDIT).text
    first, *_ = rows_of_table(html, "audit-table")
    assert [row[1] for row in rows_of_table(html, "audit-table")] == ["dora", "charlie", "alice"]
    assert first[2] == "改变角色"
    assert first[4] == "成员 bob"
    assert "role ops owner" in first[5]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=char", ["charlie"]),
        ("action=membership.role", ["dora", "charlie", "alice"]),
        ("action=token.create", []),
        ("shop=plum", ["alice"]),
        ("shop=白桦", ["charlie"]),
        ("object=bob", ["dora", "charlie", "alice"]),
        ("object=nobody", []),
        ("since=2024-03-02", ["dora", "charlie"]),
        ("until=2024-03-02", ["charlie", "alice"]),
        ("since=2024-03-02&until=2024-03-02", ["charlie"]),
        ("actor=charlie&shop=plum", []),
        ("actor=%00", ["dora", "charlie", "alice"]),
    ],
)
def test_the_log_is_narrowed(admin: Client, query: str, found: list[str]) -> None:
    assert actors(admin, query) == found


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("written", ["yesterday", "2024-13-01", "9999-12-31", "0001-01-01"])
def test_a_date_nobody_can_read_is_said_and_shows_nothing(admin: Client, written: str) -> None:
    text = text_of(admin.get(AUDIT, {"since": written}).text)
    assert "日期看不懂" in text
    assert written in text
    assert actors(admin, f"since={written}") == []


def test_an_empty_log_says_what_will_be_there(admin: Client) -> None:
    assert "还没有记录" in admin.get(AUDIT).text


def test_many_rows_are_cut_into_pages_that_keep_the_filters(admin: Client) -> None:
    for _ in range(55):
        note()
    html = admin.get(AUDIT, {"actor": "alice", "shop": ""}).text
    assert "第 1–50 条，共 55 条" in text_of(html)
    assert "?actor=alice&amp;page=2" in html
    assert len(actors(admin, "actor=alice&page=2")) == 5
    assert len(actors(admin, "page=999")) == 5
    assert len(actors(admin, "page=-1")) == 50


def test_more_rows_cost_no_more_queries(admin: Client) -> None:
    note()
    with CaptureQueriesContext(connection) as few:
        admin.get(AUDIT)
    for _ in range(20):
        note()
    with CaptureQueriesContext(connection) as many:
        admin.get(AUDIT)
    assert len(many) == len(few) <= 12


class TestTheChain:
    """Whether somebody went around the product."""

    @pytest.fixture
    def tampered(self) -> int:
        """The row somebody altered behind the product's back."""
        notes = [note(object_id=f"o{number}") for number in range(4)]
        change_behind_the_back(
            "UPDATE stores_auditentry SET actor = 'nobody' WHERE id = %s", notes[2].pk
        )
        return notes[2].pk

    def test_a_whole_chain_is_called_whole(self, admin: Client) -> None:
        for _ in range(3):
            note()
        text = text_of(admin.get(AUDIT).text)
        assert "哈希链完整" in text
        assert "全部 3 行逐行相符" in text

    def test_a_broken_chain_names_the_row_and_both_hashes(
        self, admin: Client, tampered: int
    ) -> None:
        report = audit_verify()
        html = admin.get(AUDIT).text
        assert f"哈希链在第 {tampered} 号断开" in text_of(html)
        assert report.expected != report.found
        assert report.expected in html
        assert report.found in html

    def test_a_page_walks_the_end_and_on_demand_all_of_it(
        self, admin: Client, tampered: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(audit_view, "ROWS_CHECKED", 1)
        text = text_of(admin.get(AUDIT).text)
        assert "最近 1 行逐行相符，更早的还没有在这里校验" in text
        assert "校验整条链" in text
        assert "断开" in text_of(admin.get(f"{AUDIT}?check=all").text)

    def test_the_end_of_a_chain_is_as_long_as_asked(self) -> None:
        for _ in range(5):
            note()
        assert [audit_verify(newest=n).rows for n in (1, 3, 5, 9)] == [1, 3, 5, 5]


class TestTheExport:
    """What is on screen, with formula-safe cells."""

    @pytest.fixture
    def risky(self, rows: None) -> None:
        note("=cmd|'/c calc'!A1", reason="@SUM(A1)", after={"x": "+1"})

    def csv(self, client: Client, query: str = "") -> list[list[str]]:
        response = client.get(f"{AUDIT}export/csv/?{query}")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        return list(csv.reader(StringIO(response.getvalue().decode("utf-8-sig"))))

    def test_csv_holds_the_rows_of_the_page_in_its_order(self, admin: Client, risky: None) -> None:
        head, *lines = self.csv(admin)
        assert head == [column.title for column in audit_columns()]
        assert [line[2] for line in lines] == ["'=cmd|'/c calc'!A1", "dora", "charlie", "alice"]
        assert lines[0][7] == "'@SUM(A1)"
        assert lines[1][1] == "2024-03-03 12:00:00"

    def test_filters_hold_for_the_export(self, admin: Client, rows: None) -> None:
        query = "actor=charlie"
        assert [line[2] for line in self.csv(admin, query)[1:]] == actors(admin, query)

    def test_the_page_links_the_export_of_its_own_filters(self, admin: Client, rows: None) -> None:
        html = admin.get(AUDIT, {"actor": "charlie"}).text
        assert f"{AUDIT}export/csv/?actor=charlie" in html

    def test_xlsx_holds_the_same(self, admin: Client, risky: None) -> None:
        content = admin.get(f"{AUDIT}export/xlsx/").getvalue()
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        assert [row[2] for row in sheet.to_python()[1:]] == [
            line[2] for line in self.csv(admin)[1:]
        ]

    def test_another_kind_of_file_does_not_exist(self, admin: Client) -> None:
        assert admin.get(f"{AUDIT}export/pdf/").status_code == 404
