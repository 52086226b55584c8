"""Customer service in the demo: switches of the mode, exams in every outcome, a quality sample."""

from contextlib import suppress
from datetime import date, timedelta

from django.utils import timezone

from servicescore.calc.sampling import CRITERIA
from servicescore.models import AssessmentPenalty, ModeSwitch
from servicescore.selectors.modes import ground_of
from servicescore.selectors.samples import samples_of
from servicescore.services.exams import exam_record
from servicescore.services.mode import (
    own_service_ask,
    own_service_exam,
    own_service_withdraw,
    platform_service_take,
)
from servicescore.services.rota import shifts_add
from servicescore.services.samples import SampleRefusedError, sample_mark, samples_draw
from shopguard.demo.cast import HEALTHY, SLIPPING, STEADY, TOO_SMALL
from shopguard.lib.days import shanghai_day
from stores.models import Shop, User

# marks in the order of the criteria, clause, remark
MARKS = (
    ((5, 5, 4, 5), "", "先安抚再给方案，买家道谢"),
    ((2, 2, 4, 3), "3", "催着结束对话，没有确认尺码"),
)
WORKDAYS = (1, 2, 3, 4, 5)
TEA_AGENTS = ("阿茗", "小溪", "阿岩", "小桂", "阿溪", "小岩")
ASKED = "店主来电"
# days after the training began, who, how it ended
TRAINING = (
    (0, "阿宁", "passed"),
    (0, "木木", "missed"),
    (2, "木木", "failed"),
    (3, "木木", "passed"),
)
TRAINED_BEFORE = 24
LONGEST_PENALTY = 6


def service_work(*, owner: User, ops: User, admin: User) -> None:
    """Of the shops there are. Call it in a transaction."""
    shops = {shop.external_id: shop for shop in Shop.objects.all()}
    if TOO_SMALL in shops:
        _switch(shops[TOO_SMALL], owner)
    if HEALTHY in shops:
        _come_back(shops[HEALTHY], admin)
    if SLIPPING in shops:
        _train(shops[SLIPPING], owner)
        _sample(shops[SLIPPING], ops)
    if STEADY in shops:
        _try_in_vain(shops[STEADY], owner)


def _hand_over(shop: Shop, actor: User, reason: str) -> None:
    now = timezone.now()
    charge = ground_of(shop, now=now).charge_fen
    platform_service_take(actor=actor, shop=shop, charge_fen=charge, reason=reason, now=now)


def _switch(shop: Shop, owner: User) -> None:
    """Handed over to the platform; its owner wants it back, and one try at the exam was missed."""
    _hand_over(shop, owner, "")
    shifts_add(actor=owner, shop=shop, agent="阿布", weekdays=WORKDAYS, opens=9, closes=18)
    switch = _ask(shop, owner, "")
    own_service_exam(
        actor=owner, switch=switch, outcome="missed", agent="阿布", reason="", now=timezone.now()
    )


def _come_back(shop: Shop, admin: User) -> None:
    """Handed over and taken back: one wish withdrawn, the next passes at the second try."""
    _hand_over(shop, admin, ASKED)
    for agent in TEA_AGENTS[: ground_of(shop, now=timezone.now()).needed]:
        shifts_add(
            actor=admin, shop=shop, agent=agent, weekdays=WORKDAYS, opens=9, closes=23, reason=ASKED
        )
    now = timezone.now()
    own_service_withdraw(
        actor=admin, switch=_ask(shop, admin, ASKED), reason="店主还要再想想", now=now
    )
    switch = _ask(shop, admin, ASKED)
    for outcome in ("failed", "passed"):
        own_service_exam(
            actor=admin, switch=switch, outcome=outcome, agent=TEA_AGENTS[0], reason=ASKED, now=now
        )


def _ask(shop: Shop, actor: User, reason: str) -> ModeSwitch:
    return own_service_ask(
        actor=actor, shop=shop, is_signed=True, reason=reason, now=timezone.now()
    )


def _train(shop: Shop, owner: User) -> None:
    """Agents were trained on days no penalty ran, so that no judged day hangs on it."""
    today = shanghai_day(timezone.now())
    began = _quiet_day(shop, today - timedelta(days=TRAINED_BEFORE))
    for after, agent, outcome in TRAINING:
        day = began + timedelta(days=after)
        exam_record(actor=owner, shop=shop, day=day, outcome=outcome, today=today, agent=agent)


def _quiet_day(shop: Shop, day: date) -> date:
    """The newest day up to ``day`` with no penalty from before it until the training is over."""
    spans = AssessmentPenalty.objects.for_shop(shop).values_list("found_on", flat=True)
    around = timedelta(days=LONGEST_PENALTY)
    while any(day - around <= found <= day + around for found in spans):
        day -= timedelta(days=1)
    return day


def _try_in_vain(shop: Shop, owner: User) -> None:
    """The running course has its exam failed once; it can still be passed until the third day."""
    today = shanghai_day(timezone.now())
    running = AssessmentPenalty.objects.for_shop(shop).filter(
        level="course", found_on__gte=today - timedelta(days=2), found_on__lte=today
    )
    for course in running:
        exam_record(
            actor=owner, shop=shop, day=course.found_on, outcome="failed", today=today, agent="阿喜"
        )


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
