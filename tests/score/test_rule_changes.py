"""When the rules of counting change, exactly the days they touch are counted again."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from servicescore import rules as score_rules_package
from servicescore.models import DailyRow
from servicescore.selectors.daily import outdated_days
from servicescore.services.daily import days_rebuild
from shopguard.lib.rulesets import load_folder
from stores.models import Consultation, Order, Shop, Touch
from stores.rules import shipping_book, shipping_hash
from stores.services import deadlines
from tests.factories import START, at, make_order, make_shop
from tests.score.landing import make_run

EARLY, LATE = date(2024, 2, 10), date(2024, 2, 20)
Amend = Callable[[str, str], None]
pytestmark = pytest.mark.django_db


@pytest.fixture
def amend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Amend]:
    """Write another version of a rule file of events, in force from the late day on."""
    original = score_rules_package.FOLDER / "events" / "events-2022.toml"
    folder = tmp_path / "events"
    folder.mkdir()

    def forget() -> None:
        score_rules_package.event_book.cache_clear()
        score_rules_package.compiled_event_rules.cache_clear()

    def write(old: str, new: str) -> None:
        text = original.read_text("utf-8")
        assert old in text
        later = text.replace("events-2022", "events-2024").replace(old, new)
        dates = "published_on = 2022-08-01\n"
        (folder / "a.toml").write_text(text.replace(dates, f"{dates}ends_on = 2024-02-19\n"))
        later = later.replace(dates, f"{dates}effective_on = 2024-02-20\n")
        (folder / "b.toml").write_text(later)
        forget()

    monkeypatch.setattr(score_rules_package, "FOLDER", tmp_path)
    forget()
    (folder / "a.toml").write_text(original.read_text("utf-8"))
    yield write
    monkeypatch.undo()
    forget()


def slow_reply(shop: Shop, day: date) -> None:
    """A consultation first answered after 150 seconds, with its day touched."""
    Consultation.objects.create(
        shop=shop,
        external_id=f"q{day}",
        started_at=at(day, "12:00"),
        started_by="buyer",
        first_reply_seconds=150,
        as_of=START,
    )
    Touch.objects.create(shop=shop, day=day)


def replies(shop: Shop) -> dict[date, int]:
    """Consultations in time by day, as stored."""
    return dict(DailyRow.objects.filter(shop=shop).values_list("day", "reply_3min_rate_num"))


def rebuild(shop: Shop) -> int:
    """A night's daily step."""
    return days_rebuild(run_id=make_run(LATE).pk, shop_ids=[shop.pk])


def test_another_version_makes_exactly_the_days_it_is_in_force_stale(
    shop: Shop, amend: Amend
) -> None:
    """The earlier day keeps its count, although no fact of either changed."""
    slow_reply(shop, EARLY)
    slow_reply(shop, LATE)
    assert rebuild(shop) == 2
    assert replies(shop) == {EARLY: 1, LATE: 1}

    amend("value = 180", "value = 120")
    assert outdated_days([shop.pk]) == {(shop.pk, LATE)}
    assert rebuild(shop) == 1
    assert replies(shop) == {EARLY: 1, LATE: 0}
    assert outdated_days([shop.pk]) == set()


def test_rewording_a_source_makes_nothing_stale(shop: Shop, amend: Amend) -> None:
    """Only values decide what counts."""
    slow_reply(shop, LATE)
    rebuild(shop)
    amend("排队、首响、最长间隔均小于 3 分钟", "三项都小于 3 分钟")
    assert outdated_days([shop.pk]) == set()


def test_other_shipping_rules_move_the_deadlines_and_their_days(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order of 48 hours becomes one of 24: it is late now, and on another day."""
    order = make_order(
        shop,
        paid_at=at(EARLY, "10:00"),
        shipped_at=at(date(2024, 2, 12), "09:00"),
        ship_by=at(date(2024, 2, 12), "10:00"),
    )
    promised = make_order(shop, paid_at=None, promised_ship_at=at(LATE), ship_by=at(LATE))
    theirs = make_order(make_shop("birch"), paid_at=at(EARLY, "10:00"), ship_by=at(LATE))
    Shop.objects.filter(pk=shop.pk).update(derived_with=shipping_hash())
    Touch.objects.create(shop=shop, day=date(2024, 2, 12))
    rebuild(shop)
    assert shipped(shop) == {date(2024, 2, 12): (1, 1)}

    change_shipping(tmp_path, monkeypatch, "value = 48", "value = 24")
    assert rebuild(shop) == 2
    assert shipped(shop) == {date(2024, 2, 11): (0, 1), date(2024, 2, 12): (0, 0)}
    assert Order.objects.get(pk=order.pk).ship_by == at(date(2024, 2, 11), "10:00")
    for untouched in (promised, theirs):
        assert Order.objects.get(pk=untouched.pk).ship_by == at(LATE)
    assert rebuild(shop) == 0


def shipped(shop: Shop) -> dict[date, tuple[int, int]]:
    """Numerator and denominator of shipping on time by day."""
    rows = DailyRow.objects.filter(shop=shop)
    found = rows.values_list("day", "ship_on_time_rate_num", "ship_on_time_rate_den")
    return {day: (num, den) for day, num, den in found}


def change_shipping(folder: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """Other rules for the latest time to ship."""
    source = Path(deadlines.__file__).parents[1] / "rules" / "shipping" / "shipping-2022.toml"
    (folder / "shipping.toml").write_text(source.read_text("utf-8").replace(old, new, 1))
    book = load_folder(folder, "shipping")
    assert book.sets[0].hash != shipping_book().sets[0].hash
    monkeypatch.setattr(deadlines, "shipping_book", lambda: book)
    monkeypatch.setattr(deadlines, "shipping_hash", lambda: book.sets[0].hash)
