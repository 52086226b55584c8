"""Nothing a shop is told changes when a shop whose records bear the same ids comes beside it.

Beyond twins with nothing but ids in common (``test_twins``): rows by chance, enough of them that
every list, sum and look-up of cover and service would take the other's in.
"""

import pytest

from tests.access.plum import Plum

pytestmark = pytest.mark.django_db
METRICS = ("reply_3min_rate", "dispute_rate", "quality_refund_rate", "ship_on_time_rate")
# Addresses below the shop's pages, or those of its API, by what they are about; ``{trial}`` and the
# like stand for rows of the shop.
SECTIONS = {
    "home": "? api/",
    "cover": "insurance/ insurance/open/ api/insurance/cover/",
    "products": "insurance/products/ insurance/products/?view=covered"
    " insurance/products/products.csv api/insurance/products/",
    "fee": "insurance/fee/ insurance/fee/fees.csv api/insurance/quotes/",
    "claims": "insurance/claims/ insurance/claims/?state=overdue insurance/claims/claims.csv"
    " api/insurance/claims/",
    "reasons": "insurance/claims/reasons/ insurance/claims/reasons/reasons.csv",
    "signals": "insurance/claims/signals/ insurance/claims/signals/?tab=seen"
    " insurance/claims/signals/signals.csv api/insurance/signals/",
    "check": "insurance/check/ insurance/check/?rules=fee-empirical insurance/check/weeks.csv"
    " api/insurance/checks/",
    "statement": "insurance/statement/ insurance/statement/?tab=all"
    " insurance/statement/statement.csv api/insurance/statement/ api/insurance/statement/lines/",
    "invoices": "insurance/statement/invoices/ insurance/statement/invoices/invoices.csv"
    " api/insurance/invoices/",
    "worth": "insurance/worth/ insurance/worth/products/ insurance/worth/products.csv"
    " insurance/worth/plan/ api/insurance/worth/",
    "levers": "api/insurance/levers/ api/insurance/promotion/",
    "trials": "insurance/worth/trials/ insurance/worth/trials/{trial}/ api/insurance/trials/",
    "service": "service/ api/assessment/ api/assessment/exams/",
    "mode": "service/mode/ api/service-mode/",
    "rota": "service/rota/ api/shifts/ api/live-sessions/",
    "samples": "service/samples/ service/samples/{sample}/ api/samples/",
    "score": "score/ score/explain/ score/what-if/ score/receipt/ api/scores/",
    "recovery": "score/recovery/",
    "metric": " ".join(f"score/metrics/{name}/" for name in METRICS),
    "rows": " ".join(f"score/metrics/{name}/rows.csv" for name in METRICS),
    "left out": " ".join(f"score/metrics/{name}/?show=excluded" for name in METRICS),
}


@pytest.mark.parametrize("section", SECTIONS)
def test_no_page_changes_beside_a_namesake(plum: Plum, section: str) -> None:
    before = {address: plum.page(address) for address in SECTIONS[section].split()}
    plum.namesake_comes()
    changed = [address for address in before if plum.page(address) != before[address]]
    assert changed == []


def test_views_a_colleague_keeps_are_not_mine(plum: Plum) -> None:
    before = plum.page("insurance/products/")
    plum.colleague_keeps_a_view()
    assert plum.page("insurance/products/") == before
