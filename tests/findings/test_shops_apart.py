"""What is read over the API of findings, fixes and buyers who came again is the shop's own."""

from datetime import date, timedelta

import pytest

from aftersales.models import FindingRow, FindingSet, FixEffect, ReturnLoyalty
from aftersales.selectors.findings_page import finding_lines
from aftersales.selectors.fixes import effects_newest
from aftersales.selectors.prevention import groups_of, prevention_lists
from shopguard.lib.days import at_hour
from stores.models import Run
from tests.factories import fill, make_shop

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)


def test_the_newest_finding_and_the_groups_are_those_of_the_shop() -> None:
    elder, shop = make_shop("elder"), make_shop("plum")
    run = fill(Run, "x")
    for one, day in ((elder, DAY + timedelta(days=1)), (shop, DAY)):
        found = fill(FindingSet, "x", shop=one, date=day, run=run)
        fill(FindingRow, "x", shop=one, found=found, rank=1, lines=[])
        fill(ReturnLoyalty, "x", shop=one)
    read = finding_lines(shop=shop, rank=1, day=None)
    assert read is not None
    assert read[0] == DAY
    told = prevention_lists(shop=shop, now=at_hour(DAY, 12)).groups
    assert told == groups_of(ReturnLoyalty.objects.get(shop=shop))
    assert told != groups_of(ReturnLoyalty.objects.get(shop=elder))


def test_what_fixes_say_is_said_of_those_of_the_shop() -> None:
    elder, shop = make_shop("elder"), make_shop("plum")
    _theirs, own = (fill(FixEffect, "x", shop=one, withdrawn_at=None) for one in (elder, shop))
    told = effects_newest(shop=shop, most=9)
    assert [effect.row for _line, effect in told] == [own]
