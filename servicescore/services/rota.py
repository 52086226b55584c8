"""Changes of the rota: weekly shifts and planned live sessions, audited."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from servicescore.models import AgentShift, LiveSession
from stores.models import Shop, User
from stores.services.audit import audit_record

WEEKDAYS = range(1, 8)
LAST_HOUR = 24
MOST_SHIFTS, MOST_SESSIONS = 7 * 60, 50
NAME_CHARS = 60
LONGEST_LIVE = timedelta(days=1)


class RotaRefusedError(Exception):
    """The rota cannot be changed so; the message says why."""


@transaction.atomic
def shifts_add(
    *, actor: User, shop: Shop, agent: str, weekdays: Collection[int], opens: int, closes: int,
    reason: str = "",
) -> int:  # fmt: skip
    """An agent answers from ``opens`` until ``closes`` on these weekdays; returns the new ones.

    A shift that is there already is not added again. Raises RotaRefusedError.
    """
    agent = agent.strip()[:NAME_CHARS]
    days = sorted({day for day in weekdays if day in WEEKDAYS})
    if not agent or not days:
        raise RotaRefusedError(_("请写客服的名字，并至少选一天。"))
    if not 0 <= opens < closes <= LAST_HOUR:
        raise RotaRefusedError(_("下班时间要晚于上班时间，都在 0 到 24 点之间。"))
    Shop.objects.locked([shop.pk])
    there = list(AgentShift.objects.for_shop(shop))
    mine = [row for row in there if row.agent == agent and row.weekday in days]
    same = {row.weekday for row in mine if (row.opens, row.closes) == (opens, closes)}
    if any(row.weekday not in same and row.opens < closes and opens < row.closes for row in mine):
        raise RotaRefusedError(_("%(agent)s 这段时间已经有班，先删掉原来的。") % {"agent": agent})
    new = [day for day in days if day not in same]
    if len(there) + len(new) > MOST_SHIFTS:
        raise RotaRefusedError(_("班次太多，先删掉不用的。"))
    AgentShift.objects.bulk_create(
        AgentShift(
            shop=shop, agent=agent, weekday=day, opens=opens, closes=closes,
            set_by=actor.get_username(),
        )
        for day in new
    )  # fmt: skip
    if new:
        told = {"agent": agent, "weekdays": [*new], "opens": opens, "closes": closes}
        audit_record(
            actor=actor, shop=shop, action="shift.add", object_type="shift", object_id=agent,
            after=told, reason=reason,
        )  # fmt: skip
    return len(new)


@transaction.atomic
def shift_drop(*, actor: User, shift: AgentShift, reason: str = "") -> None:
    """Take a shift out of the rota."""
    told = {"agent": shift.agent, "weekday": shift.weekday, "opens": shift.opens}
    shop, agent = shift.shop, shift.agent
    if shift.delete()[0]:
        audit_record(
            actor=actor, shop=shop, action="shift.drop", object_type="shift", object_id=agent,
            before=told | {"closes": shift.closes}, reason=reason,
        )  # fmt: skip


@transaction.atomic
def live_add(
    *, actor: User, shop: Shop, title: str, starts_at: datetime, ends_at: datetime, now: datetime,
    reason: str = "",
) -> LiveSession:  # fmt: skip
    """Plan a live session. The same session again is the one there is. Raises RotaRefusedError."""
    title = title.strip()[:NAME_CHARS]
    if not title:
        raise RotaRefusedError(_("请给这场直播起个名字。"))
    if not now < ends_at or not starts_at < ends_at <= starts_at + LONGEST_LIVE:
        raise RotaRefusedError(_("结束要晚于开始、最长一天，也不能已经过去。"))
    Shop.objects.locked([shop.pk])
    planned = LiveSession.objects.for_shop(shop).filter(ends_at__gt=now)
    same = planned.filter(title=title, starts_at=starts_at, ends_at=ends_at).first()
    if same:
        return same
    if planned.count() >= MOST_SESSIONS:
        raise RotaRefusedError(_("计划的直播太多，先删掉不用的。"))
    live = LiveSession.objects.create(
        shop=shop, title=title, starts_at=starts_at, ends_at=ends_at, set_by=actor.get_username()
    )
    audit_record(
        actor=actor, shop=shop, action="live.add", object_type="live", object_id=str(live.pk),
        after={"title": title, "starts": starts_at.isoformat(), "ends": ends_at.isoformat()},
        reason=reason,
    )  # fmt: skip
    return live


@transaction.atomic
def live_drop(*, actor: User, live: LiveSession, reason: str = "") -> None:
    """Forget a planned live session."""
    key, shop, title = live.pk, live.shop, live.title
    if live.delete()[0]:
        audit_record(
            actor=actor, shop=shop, action="live.drop", object_type="live", object_id=str(key),
            before={"title": title}, reason=reason,
        )  # fmt: skip
