"""The night finds, keeps and replaces findings; the command writes them."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from aftersales.models import FindingRow, FindingSet
from aftersales.services import findings as service
from tests.findings.files import DAY, import_files, market_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("buyer_keys")]


def recompute(day: date = DAY) -> None:
    call_command("recompute", "--date", f"{day}", "--quiet")


def exported(day: date = DAY) -> list[dict[str, str]]:
    out = StringIO()
    call_command("export_findings", "--date", f"{day}", stdout=out)
    return list(csv.DictReader(StringIO(out.getvalue())))


def test_files_become_findings(tmp_path: Path) -> None:
    import_files(market_files(), tmp_path)
    recompute()
    [row] = exported()
    assert list(row)[:5] == ["shop_id", "date", "basis", "outcome", "cut"]
    assert (row["shop_id"], row["basis"], row["outcome"]) == ("plum", "signed", "return")
    assert row["cut"] == "courier=圆通"
    counts = [row[name] for name in ("n_inside", "k_inside", "n_outside", "k_outside", "rank")]
    assert counts == ["40", "14", "160", "8", "1"]
    assert float(row["excess_yuan"]) == pytest.approx(12 * 88)
    assert 0 < float(row["p_value"]) < float(row["q_value"]) <= 0.05


def test_the_same_lines_are_not_searched_again(tmp_path: Path) -> None:
    import_files(market_files(), tmp_path)
    recompute()
    before = exported()
    with patch.object(service, "search", side_effect=AssertionError):
        recompute()
        # Nothing was signed that day, and nothing so long ago that it falls out.
        recompute(date(2024, 3, 2))
    assert exported() == before
    assert [row | {"date": f"{DAY}"} for row in exported(date(2024, 3, 2))] == before
    assert FindingSet.objects.count() == 2


def test_later_facts_replace_what_was_found(tmp_path: Path) -> None:
    files = market_files()
    import_files(files, tmp_path)
    recompute()
    withdrawn = [row | {"outcome": "cancelled"} for row in files["aftersales"]]
    import_files({"aftersales": withdrawn}, tmp_path)
    recompute()
    assert exported() == []
    assert not FindingRow.objects.exists()
    assert FindingSet.objects.get().returns == 0


def test_the_window_is_ninety_days_of_signing(tmp_path: Path) -> None:
    import_files(market_files(), tmp_path)
    recompute(date(2024, 6, 1))
    assert FindingSet.objects.get().rows == 0


def test_a_date_nobody_computed_is_refused(tmp_path: Path) -> None:
    import_files(market_files(), tmp_path)
    with pytest.raises(CommandError, match="recompute --date 2024-03-01"):
        exported()
