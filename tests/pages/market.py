"""The shops and people the pages are shown with: made of daily rows and scored by the real code.

Alice owns one shop, Bob works in it and in the too small one, Charlie owns a shop without any
data, Dora is an admin and Erin has no shop at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.test import Client
from django.utils import timezone

from servicescore.models import DailyRow
from servicescore.rules import event_book, score_book
from servicescore.services.scores import scores_compute
from stores.models import PlatformCoverage, Role, Run, Shop, State, User
from tests.factories import make_member, make_shop, make_user
from tests.pages.applications import applications_build
from tests.pages.cases import cases_build
from tests.pages.returns import findings_build, sums_build

INDUSTRY = "apparel"
PEERS = 13
DAYS = 45
NIGHTS = 4


@dataclass(frozen=True)
class Market:
    """Shops by name, people by name, and the newest score date."""

    shops: Mapping[str, Shop]
    people: Mapping[str, User]
    day: date

    def client(self, who: str) -> Client:
        """A browser of that person."""
        client = Client()
        client.force_login(self.people[who])
        return client


def market_build(day: date, *, peers: int = PEERS, nights: int = NIGHTS) -> Market:
    """Everything, scored for the ``nights`` dates up to ``day``."""
    shops = {
        "plum": make_shop("plum", name="梅子小铺", industry=INDUSTRY),
        "twig": make_shop("twig", name="小枝手作", industry=INDUSTRY),
        "lone": make_shop("lone", name="孤品银饰", industry="jewellery"),
        "class": make_shop("class", name="本地课堂", industry="local_life"),
        "empty": make_shop("empty", name="新店开张", industry=INDUSTRY),
    }
    fill_days(shops["plum"], day, skill=0.62)
    fill_days(shops["lone"], day, skill=0.5)
    fill_days(shops["class"], day, skill=0.5)
    fill_days(shops["twig"], day, skill=0.5, days=6)
    for number in range(1, peers):
        peer = make_shop(f"peer-{number:03}", name=f"同行 {number} 号", industry=INDUSTRY)
        shops[peer.external_id] = peer
        fill_days(peer, day, skill=number / peers)
    PlatformCoverage.objects.create(platform="xiaohongshu", kind="aftersales")
    sums_build(shops["plum"], day)
    cases_build(shops["lone"])
    for back in reversed(range(nights)):
        score_night(day - timedelta(days=back))
    findings_build(shops["lone"], day)
    shops["late"] = make_shop("late", name="晚到小店", industry="home")
    fill_days(shops["late"], day - timedelta(days=2), skill=0.4)
    for back in (3, 2):
        score_night(day - timedelta(days=back), "home")
    settled = ("plum", "class", "late")
    Shop.objects.filter(external_id__in=settled).update(base_settings_complete=True)
    people = people_build(shops)
    applications_build(people, shops["empty"])
    return Market(shops, people, day)


def people_build(shops: Mapping[str, Shop]) -> dict[str, User]:
    """The cast with their memberships."""
    people = {name: make_user(name) for name in ("alice", "bob", "charlie", "erin")}
    people["dora"] = make_user("dora", is_staff=True)
    make_member(people["alice"], shops["plum"], Role.OWNER)
    make_member(people["bob"], shops["plum"], Role.OPS)
    make_member(people["bob"], shops["twig"], Role.OPS)
    make_member(people["charlie"], shops["empty"], Role.OWNER)
    return people


def fill_days(shop: Shop, day: date, *, skill: float, days: int = DAYS) -> None:
    """Daily rows of a shop before ``day``; ``skill`` runs from 0, poor, to 1, excellent."""
    random = Random(shop.external_id)
    rules = event_book().sets[-1].hash
    DailyRow.objects.bulk_create(
        DailyRow(
            shop=shop,
            day=day - timedelta(days=back),
            events_hash=rules,
            signed_orders=4,
            **_counts(skill, random),
        )
        for back in range(1, days + 1)
    )


def _counts(skill: float, random: Random) -> dict[str, int]:
    bad = 1 - skill
    hours = 3600
    return {
        "product_rating_num": sum(random.random() > bad / 3 for _ in range(2)) + 8,
        "product_rating_den": 2,
        "quality_refund_rate_num": random.random() < bad / 6,
        "quality_refund_rate_den": 4,
        "ship_on_time_rate_num": 4 - (random.random() < bad / 6),
        "ship_on_time_rate_den": 4,
        "ship_on_time_rate_excl": random.random() < 0.3,
        "pay_to_sign_hours_domestic_num": int(4 * (56 + 30 * bad) * hours),
        "pay_to_sign_hours_domestic_den": 4,
        "refund_only_hours_num": int((4 + 20 * bad) * hours),
        "refund_only_hours_den": 1,
        "return_refund_hours_num": int((20 + 60 * bad) * hours),
        "return_refund_hours_den": 1,
        "reply_3min_rate_num": 8 - random.randrange(1 + round(5 * bad)),
        "reply_3min_rate_den": 8,
        "dispute_rate_num": random.random() < bad / 30,
        "dispute_rate_den": 4,
    }


def score_night(day: date, *industries: str) -> Run:
    """A finished run of a date over the named industries, or all."""
    rules = score_book().in_force(day)
    known = Shop.objects.order_by("industry").values_list("industry", flat=True).distinct()
    sequence = Run.objects.filter(day=day).count() + 1
    run = Run.objects.create(
        day=day, rule_set=rules.id, rule_hash=rules.hash, sequence=sequence,
        trigger=Run.Trigger.NIGHTLY, state=State.DONE, finished_at=timezone.now(),
    )  # fmt: skip
    for industry in industries or tuple(known):
        with transaction.atomic():
            scores_compute(run_id=run.pk, industry=industry)
    return run
