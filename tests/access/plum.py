"""A shop with records by chance of every kind, and the one of the same ids that comes beside it."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.core.cache import cache
from django.test import Client

from freightins.models import ChoiceView, Trial
from servicescore.models import QualitySample, ScoreRevision
from servicescore.services.scores import scores_compute
from stores.models import Role, Run, Shop, State, User
from tests.access.chance import lay, touch
from tests.access.test_twins import FRESH
from tests.access.world import session_of
from tests.conftest import DAY_ZERO
from tests.factories import START, make_member, make_shop, make_user


@dataclass(frozen=True)
class Plum:
    """The shop, and the browser of its owner; ``rows`` are keys addresses are made with."""

    shop: Shop
    owner: User
    run: Run
    client: Client
    rows: dict[str, int]

    def page(self, address: str) -> str:
        """What an address says, without what is made anew for every answer."""
        cache.clear()
        place = "/api/v1/shops/" if address.startswith("api/") else "/s/"
        below = address.removeprefix("api/").format(**self.rows)
        response = self.client.get(f"{place}{self.shop.external_id}/{below}")
        assert response.status_code == 200, address
        return FRESH.sub("", response.getvalue().decode())

    def filled(self) -> "Plum":
        """The same with records by chance and a score."""
        known = lay(self.shop, 1, user=self.owner, run=self.run)
        scores_compute(run_id=self.run.pk, industry=self.shop.industry)
        rows = {"trial": known[Trial][0], "sample": known[QualitySample][0]}
        return replace(self, rows=rows)

    def namesake_comes(self, *, is_older: bool = False) -> Shop:
        """Another shop comes whose records bear the same ids, of another industry; ``is_older``
        with the key before that of this shop, where indexes have it first.
        """
        known: dict[str, int] = {"pk": self.shop.pk - 1} if is_older else {}
        other = make_shop("birch", industry="homeware", base_settings_complete=True, **known)
        lay(other, 2, user=self.owner, run=self.run, is_namesake=True)
        for revision in ScoreRevision.objects.filter(shop=self.shop):
            revision.pk, revision.shop, revision.total = None, other, 1.25
            revision.industry = other.industry
            revision.save()
        touch(self.shop)
        return other

    def colleague_keeps_a_view(self) -> ChoiceView:
        """Somebody else of the shop keeps a view of its products."""
        colleague = make_member(make_user("bob"), self.shop, Role.OPS)
        return ChoiceView.objects.create(
            shop=self.shop, user=colleague, name="mine", query="view=on"
        )


def plum_planted() -> Plum:
    """The shop with its score. Needs a database, at noon of day zero."""
    return bare_planted().filled()


def bare_planted() -> Plum:
    """The shop before anything was imported."""
    shop, owner = make_shop("plum", opened_on=START.date()), make_user("alice")
    make_member(owner, shop, Role.OWNER)
    run = Run.objects.create(
        day=DAY_ZERO, rule_set="service-score-2022", rule_hash="", trigger=Run.Trigger.NIGHTLY,
        state=State.DONE, finished_at=START,
    )  # fmt: skip
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(owner)
    return Plum(shop, owner, run, client, {})
