"""Cases kept here go their way as the golden file says."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from shopguard.lib.days import SHANGHAI
from stores.models import Shop, User, Violation
from stores.selectors.cases import appeals_against
from stores.services.cases import (
    CaseRefusedError,
    Fact,
    appeal_file,
    appeal_refuse,
    appeal_uphold,
    case_execute,
    case_register,
    case_revoke,
    cases_settle,
)
from tests.conduct.violations import stands, violation

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "appeals.toml").read_text("utf-8"))
WHY = "核对过聊天记录"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def step(does: str, case: Violation, alice: User, dora: User, now: datetime) -> None:
    """One thing a person, or the night, does."""
    if does == "appeal":
        appeal_file(actor=alice, case=case, statement="对话是另一家店的")
    elif does == "night":
        cases_settle(shop_ids=[case.shop_id], now=now)
    elif does in ("refuse", "uphold"):
        decide = {"refuse": appeal_refuse, "uphold": appeal_uphold}[does]
        decide(actor=dora, appeal=appeals_against(case)[-1], reason=WHY)
    else:
        {"execute": case_execute, "revoke": case_revoke}[does](actor=dora, case=case, reason=WHY)


@pytest.mark.django_db
@pytest.mark.parametrize("golden", GOLDEN["case"], ids=lambda case: case["says"])
def test_a_case_goes_its_way_as_the_golden_case_says(
    golden: dict[str, Any], shop: Shop, alice: User, dora: User
) -> None:
    for told in golden.get("others", []):
        violation(shop, **told)
    with time_machine.travel(instant(golden["noticed"]), tick=False) as clock:
        occurred = instant(golden.get("occurred", golden["noticed"]))
        fact = Fact(clause=golden["clause"], occurred_at=occurred)
        case = case_register(actor=dora, shop=shop, fact=fact)
        for told in golden["steps"]:
            now = instant(told["at"])
            clock.move_to(now)
            if told.get("refused"):
                with pytest.raises(CaseRefusedError):
                    step(told["does"], case, alice, dora, now)
            else:
                step(told["does"], case, alice, dora, now)
            case.refresh_from_db()
            assert case.state == told["after"], told
    for day, *expected in golden["expect"]:
        assert stands(shop, day) == [str(cell) for cell in expected], day
