"""Customer service in the demo: a switch that waits for its exam, and a quality sample."""

from contextlib import suppress

from django.utils import timezone

from servicescore.calc.sampling import CRITERIA
from servicescore.selectors.modes import ground_of
from servicescore.selectors.samples import samples_of
from servicescore.services.mode import own_service_ask, platform_service_take
from servicescore.services.rota import shifts_add
from servicescore.services.samples import SampleRefusedError, sample_mark, samples_draw
from shopguard.demo.cast import SLIPPING, TOO_SMALL
from stores.models import Shop, User

# marks in the order of the criteria, clause, remark
MARKS = (
    ((5, 5, 4, 5), "", "先安抚再给方案，买家道谢"),
    ((2, 2, 4, 3), "3", "催着结束对话，没有确认尺码"),
)


def service_work(*, owner: User, ops: User) -> None:
    """Of the shops there are. Call it in a transaction."""
    for shop in Shop.objects.filter(external_id=TOO_SMALL):
        _switch(shop, owner)
    for shop in Shop.objects.filter(external_id=SLIPPING):
        _sample(shop, ops)


def _switch(shop: Shop, owner: User) -> None:
    """Handed over to the platform; its owner wants it back and has yet to pass the exam."""
    now = timezone.now()
    charge = ground_of(shop, now=now).charge_fen
    platform_service_take(actor=owner, shop=shop, charge_fen=charge, reason="", now=now)
    shifts_add(actor=owner, shop=shop, agent="阿布", weekdays=(1, 2, 3, 4, 5), opens=9, closes=18)
    own_service_ask(actor=owner, shop=shop, is_signed=True, reason="", now=now)


def _sample(shop: Shop, ops: User) -> None:
    """This week's sessions: a good one, a poor one that may break a clause, the rest to be read."""
    now = timezone.now()
    with suppress(SampleRefusedError):  # a short demo may have no session of this week
        samples_draw(actor=ops, shop=shop, reason="", now=now)
    read = zip(samples_of(shop), MARKS, strict=False)
    for sample, (marks, clause, remark) in read:
        sample_mark(
            actor=ops, sample=sample, version=sample.version, clause=clause, remark=remark,
            marks=dict(zip(CRITERIA, marks, strict=True)), reason="", now=now,
        )  # fmt: skip
