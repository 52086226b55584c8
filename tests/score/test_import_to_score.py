"""From files to the exported score through the commands a person types."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from servicescore.models import ScoreRevision
from stores.models import PlatformCoverage, Shop
from tests.score.arrivals import bring
from tests.score.comparing import differing_cells, exported
from tests.score.markets import DAY, FEW, KINDS, random_market
from tests.score.reference import reference_scores

pytestmark = pytest.mark.django_db


def recompute() -> None:
    """The nightly job of the day, in the foreground, on tables the database has looked through.

    Left to itself it does so within a minute of an import; here other tests may have made it look
    when there was nothing to see.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    call_command("recompute", "--date", f"{DAY}", "--quiet")


def test_files_become_scores(tmp_path: Path) -> None:
    """import_data of every kind, recompute, export_scores; all of it again changes nothing."""
    market = random_market(8)
    for _ in range(2):
        bring("shops", market["shops"], tmp_path)
        for kind in reversed(KINDS):
            bring(kind, market[kind], tmp_path)
        recompute()
        assert differing_cells(DAY, reference_scores(market, DAY)) == []
    assert set(ScoreRevision.objects.values_list("revision", flat=True)) == {1}


def test_fields_with_line_breaks_and_quotes_count_like_any_other(tmp_path: Path) -> None:
    """RFC 4180: a reason or a review may hold anything."""
    market = random_market(8, FEW)
    for row in market["reviews"]:
        row["text"] = '好,很"好"\n下次再来'
    for row in market["aftersales"]:
        row["latest_reason"] = "不喜欢\r\n换行"
    bring("shops", market["shops"], tmp_path)
    for kind in KINDS:
        bring(kind, market[kind], tmp_path)
    recompute()
    assert differing_cells(DAY, reference_scores(market, DAY)) == []


def test_without_complaint_and_aftersales_files_zero_is_assumed(tmp_path: Path) -> None:
    """Disputes and quality refunds count as zero for the orders that were signed."""
    market = random_market(8, FEW) | {"complaints": [], "aftersales": []}
    bring("shops", market["shops"], tmp_path)
    for kind in ("orders", "reviews", "consultations"):
        bring(kind, market[kind], tmp_path)
    recompute()
    row = exported(DAY)["clothing-big"]
    assert float(row["dispute_rate_value"]) == float(row["quality_refund_rate_value"]) == 0
    assert float(row["dispute_rate_score"]) == 5
    platform = Shop.objects.get(external_id="clothing-big").platform
    kinds = PlatformCoverage.objects.filter(platform=platform).values_list("kind", flat=True)
    assert "complaints" not in kinds
    assert "aftersales" not in kinds
