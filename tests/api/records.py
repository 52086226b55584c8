"""A shop with a few records of every kind, true to life, for tests of what the API says."""

from datetime import date, timedelta

from aftersales.models import (
    AfterSaleCase,
    CaseEvent,
    ComplaintWork,
    FindingRow,
    FindingSet,
    Fix,
)
from freightins.models import (
    Claim,
    Cover,
    FraudSignal,
    InvoiceRequest,
    QuoteCheck,
    QuoteRevision,
    Reconciled,
    StatementLine,
)
from servicescore.models import (
    AgentShift,
    AssessmentDay,
    AssessmentPenalty,
    CourseExam,
    DailyRow,
    LiveSession,
    QualitySample,
)
from servicescore.rules import score_book
from servicescore.services.scores import scores_compute
from stores.models import (
    Appeal,
    Complaint,
    Consultation,
    DelayReport,
    ImportBatch,
    ImportChunk,
    ImportUpload,
    OrderLine,
    Parcel,
    Product,
    Review,
    Run,
    Shop,
    ShopImage,
    State,
    Step,
    Violation,
)
from tests.conftest import DAY_ZERO
from tests.factories import START, fill, make_order

PROBLEM = {
    "line": 2,
    "column": "rating",
    "value": "9",
    "code": "too_long",
    "params": {"limit": 1},
    "severity": "error",
}


def furnish(shop: Shop, count: int = 3) -> None:
    """``count`` records of each kind; the first of each has what is optional, the rest do not."""
    night = Run.objects.create(
        day=DAY_ZERO - timedelta(days=9), rule_set=shop.external_id, rule_hash="x",
        trigger=Run.Trigger.NIGHTLY, state=State.DONE, finished_at=START,
    )  # fmt: skip
    for number in range(count):
        later = START + timedelta(hours=number)
        key, is_first = f"{shop.external_id}-{number}", number == 0
        both = {"shop": shop, "external_id": key, "as_of": later}
        Product.objects.create(**both, title=f"羊毛围巾 {number}", price=9900 if is_first else None)
        make_order(shop, external_id=key, placed_at=later, signed_at=later if is_first else None)
        OrderLine.objects.create(
            shop=shop, order_ref=key, line_no=1, as_of=later, product_ref=key, line_paid=9900
        )
        Review.objects.create(
            **both, order_ref=key, rating=5 - number % 5, text="很暖和", created_at=later
        )
        Complaint.objects.create(**both, order_ref=key, opened_at=later)
        fill(ComplaintWork, key, shop=shop, complaint_ref=key)
        Consultation.objects.create(
            **both,
            started_at=later,
            started_by="buyer",
            first_reply_seconds=9 if is_first else None,
        )
        DelayReport.objects.create(
            **both, order_ref=key, cause="暴雪", filed_at=later if is_first else None
        )
        AfterSaleCase.objects.create(
            **both, order_ref=key, kind="return_refund", applied_at=later, refunded=4500
        )
        fill(CaseEvent, key, shop=shop, case_ref=key, sequence=1)
        day = DAY_ZERO - timedelta(days=number + 1)
        fill(QuoteRevision, key, shop=shop, date=day, run=night, revision=1)
        freight(shop, key, day, night)
        diagnosis(shop, key, day, night)
        service(shop, key, day, night)
        Parcel.objects.create(**both, order_ref=key, status="signed" if is_first else "")
        Violation.objects.create(**both, clause="1.1", occurred_at=later)
        fill(Appeal, key, shop=shop, violation_ref=key, attempt=1)
        batch = ImportBatch.objects.create(
            shop=shop, kind="reviews", file_name="reviews.csv", content_hash=key, as_of=later,
            rows=3, new=2, rejected=1, status=ImportBatch.Status.APPLIED,
        )  # fmt: skip
        fill(ImportChunk, "x", batch=batch, number=1, problems=[PROBLEM])
        ImportUpload.objects.create(
            shop=shop, kind="reviews", preset="canonical", file_name="reviews.csv", batch=batch,
            content_hash=key, as_of=later, state=ImportUpload.State.DONE, done=3, total=3,
        )  # fmt: skip


def diagnosis(shop: Shop, key: str, day: date, night: Run) -> None:
    """What a night found in the returns, and what was done about it."""
    found = fill(FindingSet, key, shop=shop, date=day, run=night)
    fill(
        FindingRow, key, shop=shop, found=found, rank=1, outcome="return", cut=[["sku", key]],
        bars=[[key, 40, 20]], reasons=[["尺码", 20]],
    )  # fmt: skip
    fill(Fix, key, shop=shop, action="photos", products=[key], withdrawn_at=None)


def freight(shop: Shop, key: str, day: date, night: Run) -> None:
    """What freight cover keeps of one order and one billing day."""
    fill(Cover, key, shop=shop, order_ref=key, run=night)
    fill(Claim, key, shop=shop, order_ref=key)
    fill(FraudSignal, key, shop=shop, key=key, order_ref=key)
    fill(InvoiceRequest, key, shop=shop, month=day)
    fill(QuoteCheck, key, shop=shop, date=day)
    fill(Reconciled, key, shop=shop, order_ref=key)
    fill(StatementLine, key, shop=shop, order_ref=key, line_ref=key)


def service(shop: Shop, key: str, day: date, night: Run) -> None:
    """What customer service keeps, and a picture of the shop."""
    fill(AssessmentDay, key, shop=shop, day=day, run=night)
    fill(AssessmentPenalty, key, shop=shop, month=day, run=night)
    fill(AgentShift, key, shop=shop, agent=key, weekday=1, opens=9, closes=18)
    fill(LiveSession, key, shop=shop)
    fill(CourseExam, key, shop=shop, day=day)
    fill(QualitySample, key, shop=shop, week=day)
    fill(ShopImage, key, shop=shop, media="image/png")


def score(*shops: Shop) -> Run:
    """Give shops of one industry a score of day zero; returns its run."""
    newest = score_book().sets[-1]
    run = Run.objects.create(
        day=DAY_ZERO, rule_set=newest.id, rule_hash=newest.hash, trigger=Run.Trigger.NIGHTLY,
        state=State.DONE, finished_at=START,
    )  # fmt: skip
    Step.objects.create(run=run, position=1, name="scores", state=State.DONE)
    names = [f.name for f in DailyRow._meta.concrete_fields if f.name.endswith(("_num", "_den"))]
    counted = {name: 40 if name.endswith("_den") else 20 for name in names}
    for shop in shops:
        for back in range(1, 21):
            day = DAY_ZERO - timedelta(days=back)
            fill(DailyRow, "x", shop=shop, day=day, signed_orders=60, **counted)
    scores_compute(run_id=run.pk, industry=shops[0].industry)
    return run
