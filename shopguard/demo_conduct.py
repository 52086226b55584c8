"""Cases of the demo that are kept here: registered, appealed and decided by its people."""

from datetime import timedelta

from django.utils import timezone

from servicescore.services.rota import live_add, shifts_add
from shopguard.demo.cast import SLIPPING, STEADY
from shopguard.lib.days import at_hour, shanghai_day
from stores.models import Shop, User, Violation
from stores.services.cases import (
    Fact,
    appeal_file,
    appeal_refuse,
    appeal_uphold,
    case_execute,
    case_register,
)

# shop, clause, what happened, what alice answers, what dora decides
CASES = (
    (SLIPPING, "1", "买家问退款进度，客服直接请她去找平台", "", ""),
    (SLIPPING, "3", "抢先说完结束语后关闭对话", "买家此前已道谢告别，记录完整", ""),
    (SLIPPING, "2", "把后台页面截图发给买家", "截图是公开的帮助页", "refuse"),
    (SLIPPING, "4", "称发错货是平台的责任", "这段对话是另一家店的", "uphold"),
    (STEADY, "2", "把内部流程截图发给买家", "", "execute"),
)

# agent, weekdays, from, until
SHIFTS = (
    ("阿宁", (1, 2, 3, 4, 5), 9, 18),
    ("木木", (1, 2, 3, 6, 7), 14, 22),
    ("阿岚", (6, 7), 9, 18),
)
LIVE_HOUR = 20


def conduct_work(*, owner: User, admin: User) -> None:
    """Register the cases of the shops there are, appeal and decide. Call it in a transaction."""
    shops = {shop.external_id: shop for shop in Shop.objects.filter(external_id__in=_SHOPS)}
    for shop, clause, note, answer, decision in CASES:
        if shop not in shops:
            continue
        occurred = timezone.now() - timedelta(days=1)
        fact = Fact(clause=clause, occurred_at=occurred, note=note)
        case = case_register(actor=admin, shop=shops[shop], fact=fact)
        _go_on(case, owner, admin, answer, decision)
    if SLIPPING in shops:
        _plan(shops[SLIPPING], owner)


_SHOPS = frozenset(row[0] for row in CASES)


def _plan(shop: Shop, owner: User) -> None:
    """A rota with an evening nobody covers, and a live session that falls into it."""
    for agent, weekdays, opens, closes in SHIFTS:
        shifts_add(
            actor=owner, shop=shop, agent=agent, weekdays=weekdays, opens=opens, closes=closes
        )
    now = timezone.now()
    begins = at_hour(shanghai_day(now) + timedelta(days=2), LIVE_HOUR)
    live_add(
        actor=owner, shop=shop, title="冬装上新专场", starts_at=begins,
        ends_at=begins + timedelta(hours=3), now=now,
    )  # fmt: skip


def _go_on(case: Violation, alice: User, dora: User, answer: str, decision: str) -> None:
    if decision == "execute":
        case_execute(actor=dora, case=case, reason="聊天记录清楚")
    if not answer:
        return
    appeal = appeal_file(actor=alice, case=case, statement=answer)
    if decision == "refuse":
        appeal_refuse(actor=dora, appeal=appeal, reason="截图含内部工单编号，不是公开页面")
    if decision == "uphold":
        appeal_uphold(actor=dora, appeal=appeal, reason="核对会话编号，确实不是这家店")
