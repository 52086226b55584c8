"""Switches of who answers a shop's customers, audited.

Own service has to be asked for and begins on the day its exam is passed; the platform takes over
on the day the owner agrees to its charge. The day of a switch belongs to the new mode.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from servicescore.calc.assessment import PASSED
from servicescore.calc.mode import missing_conditions
from servicescore.models import CourseExam, ModeExam, ModeSwitch, ServiceModeSpell
from servicescore.selectors.modes import ground_of, switch_open
from shopguard.lib.days import shanghai_day
from stores.models import Shop, User
from stores.services.audit import audit_record
from stores.services.notices import notice_put

OWN, PLATFORM = Shop.ServiceMode.OWN, Shop.ServiceMode.PLATFORM
RULES_SENT = "own_service_rules"
AGENT_CHARS = 60


class ModeRefusedError(Exception):
    """The mode cannot be switched so; the message says why."""


@transaction.atomic
def own_service_ask(
    *, actor: User, shop: Shop, is_signed: bool, reason: str, now: datetime
) -> ModeSwitch:
    """Ask to answer the customers oneself; asking again gives the switch that waits already.

    The shop's people are sent the rules. Raises ModeRefusedError with what is missing.
    """
    held = _held(shop)
    if held.service_mode == OWN:
        raise ModeRefusedError(_("已经是自主客服。"))
    waiting = switch_open(held)
    if waiting:
        return waiting
    ground = ground_of(held, now=now)
    if missing_conditions(
        is_signed=is_signed, is_running=ground.is_running, agents=len(ground.agents),
        needed=ground.needed,
    ):  # fmt: skip
        raise ModeRefusedError(_("条件还没有全部满足：先完成清单里没打勾的几项。"))
    switch = ModeSwitch.objects.create(
        shop=held, wanted=OWN, state=ModeSwitch.State.OPEN, agents=len(ground.agents),
        needed=ground.needed, asked_by=actor.get_username(), asked_at=now,
    )  # fmt: skip
    _record(actor, switch, "mode.ask", reason, {"agents": switch.agents, "needed": switch.needed})
    payload = {"shop": held.pk, "shop_key": held.external_id}
    notice_put(kind=RULES_SENT, key=str(switch.pk), payload=payload)
    return switch


@transaction.atomic
def own_service_exam(
    *, actor: User, switch: ModeSwitch, outcome: str, agent: str, reason: str, now: datetime
) -> ModeSwitch:
    """Record a try at the exam, of today; passed, own service begins at once.

    Raises ModeRefusedError when the switch waits for none or the result is unknown.
    """
    shop = _held(switch.shop)
    held = ModeSwitch.objects.for_shop(shop).get(pk=switch.pk)
    if held.state != ModeSwitch.State.OPEN:
        raise ModeRefusedError(_("这次切换已经结束。"))
    if outcome not in CourseExam.Outcome.values:
        raise ModeRefusedError(_("请选择考试结果。"))
    today, agent = shanghai_day(now), agent.strip()[:AGENT_CHARS]
    ModeExam.objects.create(
        shop=shop, switch=held, day=today, agent=agent, outcome=outcome,
        recorded_by=actor.get_username(),
    )  # fmt: skip
    _record(actor, held, "mode.exam", reason, {"outcome": outcome, "agent": agent})
    if outcome == PASSED:
        _apply(actor, held, shop, now)
        _record(actor, held, "mode.switch", reason, {"mode": OWN, "from": today.isoformat()})
    return held


@transaction.atomic
def own_service_withdraw(*, actor: User, switch: ModeSwitch, reason: str, now: datetime) -> None:
    """Take back a switch that waits for its exam. Raises ModeRefusedError when it does not."""
    shop = _held(switch.shop)
    held = ModeSwitch.objects.for_shop(shop).get(pk=switch.pk)
    if held.state != ModeSwitch.State.OPEN:
        raise ModeRefusedError(_("这次切换已经结束。"))
    _end(actor, held, ModeSwitch.State.WITHDRAWN, now)
    _record(actor, held, "mode.withdraw", reason, {})


@transaction.atomic
def platform_service_take(
    *, actor: User, shop: Shop, charge_fen: int, reason: str, now: datetime
) -> ModeSwitch:
    """Let the platform answer from today on, at the charge that was shown.

    Raises ModeRefusedError where it does already, or where the charge is another by now.
    """
    held = _held(shop)
    if held.service_mode == PLATFORM:
        raise ModeRefusedError(_("已经由平台代运营。"))
    ground = ground_of(held, now=now)
    if ground.charge_fen != charge_fen:
        raise ModeRefusedError(_("预计费用刚刚变了，请看过现在的数字再确认。"))
    switch = ModeSwitch.objects.create(
        shop=held, wanted=PLATFORM, state=ModeSwitch.State.OPEN, agents=len(ground.agents),
        needed=ground.needed, charge_fen=charge_fen, asked_by=actor.get_username(), asked_at=now,
    )  # fmt: skip
    _apply(actor, switch, held, now)
    told: dict[str, str | int] = {"mode": PLATFORM, "from": shanghai_day(now).isoformat()}
    _record(actor, switch, "mode.switch", reason, told | {"charge_fen": charge_fen})
    return switch


def _held(shop: Shop) -> Shop:
    return Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)


def _apply(actor: User, switch: ModeSwitch, shop: Shop, now: datetime) -> None:
    """From today on, whatever an older file says."""
    today, name = shanghai_day(now), actor.get_username()
    _catch_up(shop, name)
    ServiceModeSpell.objects.create(shop=shop, mode=switch.wanted, from_day=today, set_by=name)
    shop.service_mode, shop.as_of = switch.wanted, max(shop.as_of, now)
    shop.save(update_fields=["service_mode", "as_of"])
    switch.from_day = today
    _end(actor, switch, ModeSwitch.State.DONE, now)


def _catch_up(shop: Shop, name: str) -> None:
    """Put on record the mode the shop has had until now, where no spell says it."""
    known = ServiceModeSpell.objects.for_shop(shop).order_by("pk").last()
    if known is not None and known.mode == shop.service_mode:
        return
    begins: date | None = shanghai_day(shop.as_of) if known else None
    ServiceModeSpell.objects.create(shop=shop, mode=shop.service_mode, from_day=begins, set_by=name)


def _end(actor: User, switch: ModeSwitch, state: str, now: datetime) -> None:
    switch.state, switch.ended_by, switch.ended_at = state, actor.get_username(), now
    switch.save()


def _record(
    actor: User, switch: ModeSwitch, action: str, reason: str, told: dict[str, str | int]
) -> None:
    audit_record(
        actor=actor, shop=switch.shop, action=action, object_type="mode",
        object_id=str(switch.pk), after={**told}, reason=reason,
    )  # fmt: skip
