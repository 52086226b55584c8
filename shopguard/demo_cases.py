"""What the people of the demo did to cases before anybody looks: every state and mark occurs."""

from aftersales.models import AfterSaleCase
from aftersales.selectors.case_filters import Chosen
from aftersales.services.auto import assistant_rule_add
from aftersales.services.case_views import case_view_save
from aftersales.services.cases import (
    Given,
    case_chase,
    case_condition,
    case_contact,
    case_note,
    case_step,
)
from aftersales.services.guarantee import guarantee_term_set
from aftersales.services.replies import reply_save
from aftersales.services.talk import Work, complaint_work_save
from shopguard.demo.cast import SLIPPING
from stores.models import Complaint, DelayReport, Shop, User
from stores.selectors.waiting import orders_to_ship
from stores.services.delay_reports import delay_report_decide, delay_report_file

REASON = "吊牌已剪、有穿着痕迹，已发对照照片给买家"
LONG_GUARANTEE = 15


def cases_work(*, owner: User, ops: User, admin: User) -> None:
    """Work on the slipping shop's cases, as its people would. Nothing where that shop is not."""
    shop = Shop.objects.filter(external_id=SLIPPING).first()
    if shop is None:
        return
    _steps(shop, ops)
    _talk(shop, ops, admin)
    reply_save(
        actor=ops, shop=shop, key="moment", version=0, group="quick", title="稍等，马上看",
        text="稍等哈，我去看一下您的订单【订单】，两分钟内回您。",
    )  # fmt: skip
    guarantee_term_set(
        actor=owner, shop=shop, category="针织", days=LONG_GUARANTEE, unsealed_exempt=False
    )
    assistant_rule_add(
        actor=owner, shop=shop, name="小额仅退款", kinds=["refund_shipped", "freight_only"],
        most=3000, most_cases=1,
    )  # fmt: skip
    query = Chosen(kind="return_refund", most="500").query()
    case_view_save(shop=shop, user=ops, name="早班", query=query)


def _steps(shop: Shop, ops: User) -> None:
    taken: set[int] = set()

    def pick(state: str, kinds: tuple[str, ...]) -> AfterSaleCase | None:
        rows = AfterSaleCase.objects.for_shop(shop).filter(outcome="open", state=state)
        found = rows.filter(kind__in=kinds).exclude(pk__in=taken).order_by("external_id").first()
        if found is not None:
            taken.add(found.pk)
        return found

    def step(case: AfterSaleCase | None, name: str) -> None:
        if case is not None:
            case_step(
                actor=ops, shop=shop, case_ref=case.external_id, version=case.version, name=name
            )

    for _ in range(2):
        chased = pick("receipt", ("return_refund", "exchange"))
        if chased is not None:
            case_chase(actor=ops, shop=shop, case_ref=chased.external_id, version=chased.version)
    step(pick("receipt", ("return_refund",)), "extend")
    step(pick("refund_due", ("return_refund", "refund_shipped", "refund_unshipped")), "involve")
    looked_at = pick("receipt", ("return_refund",))
    if looked_at is not None:
        _refuse(shop, ops, looked_at)
    noted = pick("review", ("return_refund", "refund_shipped", "freight_only"))
    if noted is not None:
        case_note(
            actor=ops, shop=shop, case_ref=noted.external_id, version=noted.version,
            text="同一批次这周第三件，先别驳回",
        )  # fmt: skip


def _refuse(shop: Shop, ops: User, case: AfterSaleCase) -> None:
    ref = case.external_id
    case = case_condition(
        actor=ops, shop=shop, case_ref=ref, version=case.version, condition="used"
    )
    case = case_contact(
        actor=ops, shop=shop, case_ref=ref, version=case.version, text="电话说明了质检结果"
    )
    case_step(
        actor=ops, shop=shop, case_ref=ref, version=case.version, name="reject",
        given=Given(note=REASON),
    )  # fmt: skip


def _talk(shop: Shop, ops: User, admin: User) -> None:
    complaint = Complaint.objects.for_shop(shop).order_by("-opened_at", "pk").first()
    if complaint is not None:
        work = Work(plan_clear=True, contact_right=True, compensation=1000, note="先退运费，再寄新")
        complaint_work_save(actor=ops, shop=shop, pk=complaint.pk, version=0, work=work)
    reported = DelayReport.objects.for_shop(shop).filter(decision="pending").order_by("pk").first()
    if reported is not None:
        delay_report_decide(actor=admin, pk=reported.pk, decision="accepted", reason="凭证属实")
    known = DelayReport.objects.for_shop(shop).values("order_ref")
    order = orders_to_ship(shop=shop).exclude(external_id__in=known).order_by("ship_by").first()
    if order is not None:
        delay_report_file(
            actor=ops, shop=shop, order_ref=order.external_id, cause="发货地暴雪封路",
            evidence="交通管制通告两张",
        )  # fmt: skip
