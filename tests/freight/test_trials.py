"""Trials of cover: drawn fairly, told honestly, switched once."""

from collections import Counter
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from freightins.calc.ratios import Interval
from freightins.calc.trials import (
    OFF,
    ON,
    TOO_FEW,
    Candidate,
    Followed,
    drawn,
    effect_of,
    weeks_more,
)
from freightins.models import ChoiceSet, SaleDay, Trial, TrialProduct
from freightins.rules import worth_rules_on
from freightins.selectors.choices import choices_now
from freightins.services.choices import choices_change, wanted_now
from freightins.services.enrolments import agreement_version, enrolment_open
from freightins.services.trials import TrialRefusedError, trial_begin, trial_end, trial_look
from shopguard.lib.days import at_hour, shanghai_day
from stores.models import AuditEntry, Product, Shop, User
from tests.conftest import SignedIn
from tests.factories import START
from tests.freight.conftest import quoted

RULES = worth_rules_on(date(2024, 3, 1))
HOME = "/s/plum/insurance/worth/trials/"
KEYS = [f"p{number}" for number in range(10)]

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        product=st.integers(0, 10**6).map(str),
        category=st.sampled_from(["dress", "skirt", ""]),
        orders=st.integers(0, 50),
        price=st.none() | st.integers(100, 9900),
    ),
    max_size=30,
    unique_by=lambda one: one.product,
)


@given(CANDIDATES, st.text(max_size=8))
def test_halves_are_even_whole_pairs_and_the_same_for_the_same_seed(
    candidates: list[Candidate], seed: str
) -> None:
    found = drawn(candidates, seed)
    assert found == drawn(reversed(candidates), seed)
    products = [one.product for one in found]
    assert len(products) == len(set(products)) == len(candidates) // 2 * 2
    sides = Counter((one.pair, one.arm) for one in found)
    assert all(count == 1 for count in sides.values())
    assert len(sides) == 2 * len({one.pair for one in found})


def test_every_product_is_drawn_for_cover_about_half_the_time() -> None:
    candidates = [Candidate(key, "dress", 10 - n, 9900) for n, key in enumerate(KEYS)]
    counts: Counter[str] = Counter()
    for seed in range(400):
        counts.update(one.product for one in drawn(candidates, str(seed)) if one.arm == ON)
    assert all(150 < counts[key] < 250 for key in KEYS)


def rows_of(before: list[int], after: list[int], arm: str) -> list[Followed]:
    pairs = zip(before, after, strict=True)
    return [Followed(f"{arm}{n}", arm, b, a, a, a // 10) for n, (b, a) in enumerate(pairs)]


def test_an_effect_is_growth_against_growth() -> None:
    rows = rows_of([100] * 4, [120] * 4, ON) + rows_of([100] * 4, [80] * 4, OFF)
    found = effect_of(rows, RULES)
    assert found.uplift is not None
    assert found.uplift.value == pytest.approx(0.5)
    assert found.uplift.low == pytest.approx(0.5)


def test_one_product_that_took_off_is_no_effect() -> None:
    rows = rows_of([50] * 5, [50, 50, 50, 50, 250], ON) + rows_of(
        [50] * 5, [49, 52, 50, 51, 48], OFF
    )
    found = effect_of(rows, RULES)
    assert found.uplift is not None
    assert not found.uplift.excludes_zero


def test_too_few_products_or_no_orders_are_not_judged() -> None:
    assert (
        effect_of(rows_of([9] * 3, [9] * 3, ON) + rows_of([9] * 9, [9] * 9, OFF), RULES).thin
        == TOO_FEW
    )
    none = effect_of(rows_of([9] * 4, [0] * 4, ON) + rows_of([9] * 4, [9] * 4, OFF), RULES)
    assert (none.uplift, none.thin) == (None, "no_orders")


COUNTS = st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=4, max_size=9)


@given(COUNTS, COUNTS)
def test_the_other_way_round_the_effect_is_undone(
    on: list[tuple[int, int]], off: list[tuple[int, int]]
) -> None:
    def rows(pairs: list[tuple[int, int]], arm: str) -> list[Followed]:
        return rows_of([b for b, _ in pairs], [a for _, a in pairs], arm)

    there = effect_of(rows(on, ON) + rows(off, OFF), RULES).uplift
    back = effect_of(rows(off, ON) + rows(on, OFF), RULES).uplift
    assert there is not None
    assert back is not None
    assert (1 + there.value) * (1 + back.value) == pytest.approx(1)
    assert there.low <= there.value <= there.high


def test_where_cover_does_nothing_nineteen_of_twenty_trials_say_nothing() -> None:
    """Products sell at their own pace and change it on their own."""
    random = np.random.default_rng(11)
    told = 0
    for _ in range(400):
        pace = random.gamma(4, 10, 16)
        drift = random.lognormal(0, 0.2, 16)
        before, after = random.poisson(pace).tolist(), random.poisson(pace * drift).tolist()
        rows = rows_of(before[:8], after[:8], ON) + rows_of(before[8:], after[8:], OFF)
        uplift = effect_of(rows, RULES).uplift
        told += uplift is not None and uplift.excludes_zero
    assert told / 400 <= 0.09


def test_weeks_more_follow_from_the_width_of_the_interval() -> None:
    assert weeks_more(Interval(0.06, -0.06, 0.18), 0.0, 6, 24) == 19
    assert weeks_more(Interval(0.06, 0.02, 0.10), 0.0, 6, 24) == 0
    assert weeks_more(Interval(0.01, -0.2, 0.22), 0.0, 6, 24) is None
    assert weeks_more(Interval(0.0, -0.2, 0.2), 0.0, 6, 24) is None


@pytest.fixture
def shop(shop: Shop, alice: User) -> Shop:
    """The shop with ten products that sell, its cover open."""
    yesterday = shanghai_day(timezone.now()) - timedelta(days=1)
    names = [field.name for field in SaleDay._meta.concrete_fields][5:]
    for number, key in enumerate(KEYS):
        Product.objects.create(shop=shop, external_id=key, title=f"<b>{key}</b>", as_of=START)
        for back in range(100):
            SaleDay.objects.create(
                shop=shop, product_ref=key, day=yesterday - timedelta(days=back), cover="",
                **dict.fromkeys(names, 0) | {"orders": 3 + number % 2, "returns": back % 2},
            )  # fmt: skip
    Product.objects.create(shop=shop, external_id="card", is_virtual=True, as_of=START)
    quoted(shop, yesterday)
    long_ago = at_hour(yesterday - timedelta(days=130), 10)
    version = agreement_version(long_ago)
    accepted = {"service": version, "terms": version}
    enrolment_open(actor=alice, shop=shop, product="service", accepted=accepted, now=long_ago)
    return shop


def weeks_ago(weeks: int) -> datetime:
    return at_hour(shanghai_day(timezone.now()) - timedelta(weeks=weeks, days=1), 10)


def begun(shop: Shop, weeks: int = 0, actor: User | str = "alice") -> Trial:
    """A trial of all ten products, begun so many weeks ago."""
    now = weeks_ago(weeks) if weeks else timezone.now()
    return trial_begin(actor=actor, shop=shop, name="外套", products=KEYS, weeks=6, now=now)


def test_a_trial_switches_its_halves_and_says_how_it_drew(shop: Shop, bob: User) -> None:
    trial = begun(shop, actor=bob)
    held = choices_now(shop=shop)
    for one in trial.products.all():
        assert held["product", one.product_ref] is (one.arm == TrialProduct.Arm.ON)
    assert ChoiceSet.objects.order_by("pk").last().source == "trial"  # type: ignore[union-attr]
    told = AuditEntry.objects.get(action="trial.begin").after
    assert (told["seed"], len(told["on"]), len(told["off"])) == (trial.seed, 5, 5)
    assert trial.started_on == shanghai_day(timezone.now()) + timedelta(days=1)


@pytest.mark.parametrize(
    ("products", "weeks", "reason"),
    [
        (KEYS[:7], 6, "too_few"),
        (KEYS, 5, "weeks"),
        (KEYS, 13, "weeks"),
        (["card"] * 9, 6, "too_few"),
    ],
)
def test_a_trial_that_says_nothing_does_not_begin(
    shop: Shop, products: list[str], weeks: int, reason: str
) -> None:
    with pytest.raises(TrialRefusedError) as refused:
        trial_begin(actor="alice", shop=shop, name="x", products=products, weeks=weeks)
    assert refused.value.reason == reason
    assert not Trial.objects.exists()
    assert not ChoiceSet.objects.filter(source="trial").exists()


def test_a_product_is_in_one_trial_at_a_time_and_free_once_it_ended(shop: Shop) -> None:
    trial = begun(shop)
    with pytest.raises(TrialRefusedError) as refused:
        begun(shop)
    assert refused.value.reason == "tried"
    assert trial_end(actor="alice", shop=shop, key=trial.pk) is not None
    assert trial_end(actor="alice", shop=shop, key=trial.pk) is None
    begun(shop)


def test_without_cover_nothing_is_tried(other_shop: Shop) -> None:
    with pytest.raises(TrialRefusedError) as refused:
        trial_begin(actor="alice", shop=other_shop, name="x", products=KEYS, weeks=6)
    assert refused.value.reason == "not_active"


def test_a_day_of_switches_is_looked_back_at(shop: Shop) -> None:
    wanted = wanted_now(shop=shop, level="product", keys=KEYS[:5], is_covered=False)
    then = weeks_ago(8)
    choices_change(actor="alice", shop=shop, wanted=wanted, source="bulk", now=then)
    day = shanghai_day(then)
    trial = trial_look(actor="alice", shop=shop, name="回看", day=day, weeks=6)
    arms = dict(trial.products.values_list("product_ref", "arm"))
    assert arms == {key: "on" if key in KEYS[:5] else "off" for key in KEYS}
    assert (trial.became, trial.started_on) == (False, day + timedelta(days=1))
    with pytest.raises(TrialRefusedError) as refused:
        trial_look(actor="alice", shop=shop, name="x", day=day - timedelta(days=3), weeks=6)
    assert refused.value.reason == "few_switched"


@pytest.fixture
def owner(shop: Shop, alice: User, signed_in: SignedIn) -> Client:
    """Alice's browser."""
    return signed_in(alice)


def test_a_form_without_a_script_begins_and_ends_a_trial(owner: Client, shop: Shop) -> None:
    page = owner.get(HOME).content.decode()
    assert page.count('name="product"') == 10
    assert "<b>p1</b>" not in page
    answer = owner.post(f"{HOME}begin/", {"name": "外套", "weeks": "6", "product": KEYS})
    trial = Trial.objects.get()
    assert answer.headers["Location"] == f"{HOME}{trial.pk}/"
    page = owner.get(f"{HOME}{trial.pk}/").content.decode()
    assert trial.seed in page
    assert "还不满一周" in page
    owner.post(f"{HOME}{trial.pk}/end/")
    trial.refresh_from_db()
    assert trial.ended_by == "alice"


def test_a_form_without_a_script_looks_back_at_a_day_of_the_list(owner: Client, shop: Shop) -> None:
    wanted = wanted_now(shop=shop, level="product", keys=KEYS[:5], is_covered=False)
    choices_change(actor="alice", shop=shop, wanted=wanted, source="bulk", now=weeks_ago(8))
    form = owner.get(HOME).text.partition('id="look-day"')[2]
    day = form.partition('<option value="')[2].partition('"')[0]
    assert day == str(shanghai_day(weeks_ago(8)))
    answer = owner.post(f"{HOME}look/", {"name": "回看", "day": day, "weeks": "6"})
    trial = Trial.objects.get()
    assert (trial.kind, answer.headers["Location"]) == ("looked", f"{HOME}{trial.pk}/")
    assert "改哪些商品是挑的" in owner.get(f"{HOME}{trial.pk}/").text


@pytest.mark.parametrize("form", [{}, {"name": "x"}, {"name": "x", "weeks": "-1"}, {"weeks": "6"}])
def test_a_wrong_form_changes_nothing(owner: Client, form: dict[str, str]) -> None:
    for address in ("begin/", "look/"):
        assert owner.post(HOME + address, form).status_code == 302
    assert not Trial.objects.exists()


def test_what_came_of_it_is_told_with_doubt_and_who_meddled(
    owner: Client, shop: Shop, bob: User
) -> None:
    trial = begun(shop, weeks=4)
    changed = trial.products.filter(arm="on")[0].product_ref
    wanted = wanted_now(shop=shop, level="product", keys=[changed], is_covered=False)
    choices_change(actor=bob, shop=shop, wanted=wanted, source="single", now=weeks_ago(2))
    page = owner.get(f"{HOME}{trial.pk}/").content.decode().replace("\u00a0", " ")
    assert "区间跨过 0" in page
    assert "期间有人改过" in page
    assert "bob" in page
    assert "第 4 周" in page
    row = owner.get("/api/v1/shops/plum/insurance/trials/").json()["trials"][0]
    assert row["uplift_low"] <= row["uplift"] <= row["uplift_high"]


def test_trials_of_others_do_not_exist(
    shop: Shop, charlie: User, signed_in: SignedIn, other_shop: Shop
) -> None:
    trial = begun(shop)
    stranger = signed_in(charlie)
    for address in (HOME, f"{HOME}{trial.pk}/", f"/s/birch/insurance/worth/trials/{trial.pk}/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/s/birch/insurance/worth/trials/{trial.pk}/end/").status_code == 404
    trial.refresh_from_db()
    assert trial.ended_at is None


def test_a_program_begins_a_trial_once(owner: Client, shop: Shop) -> None:
    body = {"name": "api", "weeks": 6, "products": KEYS}
    for _ in range(2):
        answer = owner.post(
            "/api/v1/shops/plum/insurance/trials/", body, content_type="application/json",
            headers={"Idempotency-Key": "k1"},
        )  # fmt: skip
        assert answer.json()["id"] == str(Trial.objects.get().pk)
