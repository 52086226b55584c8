"""Cases of the demo that are kept here: registered, appealed and decided by its people."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from servicescore.services.rota import live_add, shifts_add
from shopguard.demo.cast import SLIPPING, STEADY
from shopguard.demo.papers import LICENCE, LOGO
from shopguard.lib.days import at_hour, shanghai_day
from stores.models import Shop, User, Violation
from stores.selectors.case_history import last_decision
from stores.services.appeal_papers import SentPaper, paper_read
from stores.services.cases import (
    Fact,
    appeal_file,
    appeal_refuse,
    appeal_uphold,
    case_execute,
    case_register,
    case_revoke,
    case_undo,
    case_weigh,
)

# What dora does with a case: with an appeal refuse or uphold it; without one execute, revoke,
# weigh (clauses that leave the points open), or execute and take that back.
EXECUTE, REVOKE, WEIGH, UNDO, REFUSE, UPHOLD = (
    "execute", "revoke", "weigh", "undo", "refuse", "uphold",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A case: what happened, what alice answers to it and with which paper, what dora does."""

    shop: str
    clause: str
    note: str
    answer: str = ""
    paper: str = ""
    ends: str = ""


CASES = (
    Told(SLIPPING, "1", "买家问退款进度，客服直接请她去找平台"),
    Told(SLIPPING, "3", "抢先说完结束语后关闭对话", "买家此前已道谢告别，记录完整", "聊天记录.png"),
    Told(SLIPPING, "2", "把后台页面截图发给买家", "截图是公开的帮助页", "帮助页.pdf", REFUSE),
    Told(SLIPPING, "4", "称发错货是平台的责任", "这段对话是另一家店的", "", UPHOLD),
    Told(SLIPPING, "1", "同一件投诉登记了两次", ends=REVOKE),
    Told(STEADY, "2", "把内部流程截图发给买家", ends=EXECUTE),
    Told(STEADY, "3", "买家还在打字，对话被关闭", ends=UNDO),
    Told(STEADY, "5", "言语越过界限，待定性", ends=WEIGH),
)
SHOPS = frozenset(told.shop for told in CASES)

# agent, weekdays, from, until
SHIFTS = (
    ("阿宁", (1, 2, 3, 4, 5), 9, 18),
    ("木木", (1, 2, 3, 6, 7), 14, 22),
    ("阿岚", (6, 7), 9, 18),
)
LIVE_HOUR = 20


def conduct_work(*, owner: User, admin: User) -> None:
    """Register the cases of the shops there are, appeal and decide. Call it in a transaction."""
    shops = {shop.external_id: shop for shop in Shop.objects.filter(external_id__in=SHOPS)}
    occurred = timezone.now() - timedelta(days=1)
    for told in CASES:
        if told.shop not in shops:
            continue
        fact = Fact(clause=told.clause, occurred_at=occurred, note=told.note)
        case = case_register(actor=admin, shop=shops[told.shop], fact=fact)
        if told.answer:
            _appeal(told, case, owner, admin)
        else:
            _decide(told.ends, case, admin)
    if SLIPPING in shops:
        _plan(shops[SLIPPING], owner)


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


def _appeal(told: Told, case: Violation, alice: User, dora: User) -> None:
    papers = [_paper(told.paper)] if told.paper else []
    appeal = appeal_file(actor=alice, case=case, statement=told.answer, papers=papers)
    if told.ends == REFUSE:
        appeal_refuse(actor=dora, appeal=appeal, reason="截图含内部工单编号，不是公开页面")
    if told.ends == UPHOLD:
        appeal_uphold(actor=dora, appeal=appeal, reason="核对会话编号，确实不是这家店")


def _paper(name: str) -> SentPaper:
    content = LICENCE if name.endswith("pdf") else LOGO
    return paper_read(SimpleUploadedFile(name, content))


def _decide(ends: str, case: Violation, dora: User) -> None:
    if ends == REVOKE:
        case_revoke(actor=dora, case=case, reason="与另一件重复")
    if ends == WEIGH:
        case_weigh(actor=dora, case=case, kind="severe", points=25, reason="按情节定为严重")
    if ends in (EXECUTE, UNDO):
        case_execute(actor=dora, case=case, reason="聊天记录清楚")
    last = last_decision(case) if ends == UNDO else None
    if last is not None:
        case_undo(actor=dora, case=case, version=last.version, reason="点错了一行，等申诉期过")
