"""The platform's statements of freight cover as shops of the demo would have imported them."""

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from freightins.models import Claim, Cover, FraudSignal, Reconciled, StatementLine
from freightins.selectors.statement_page import differences_open
from freightins.services.signals import signal_see, signals_find
from freightins.services.statements import Looked, differences_see
from shopguard.demo.cast import SLIPPING, STEADY
from shopguard.lib.days import SHANGHAI
from shopguard.lib.money import yuan_text
from stores.kinds import kind_named
from stores.models import Shop, User
from stores.presets import presets
from stores.services.imports.engine import Job, import_file
from stores.services.imports.source import file_source

HEADER = (
    "结算时间", "生效时间", "用户下单时间", "发货时间", "订单号", "运费宝单号", "金额", "结算账户",
)  # fmt: skip
ACCOUNT = "店铺余额"
# A statement lags a few days; every so many rows something is off, each time in another way.
LAG = timedelta(days=4)
SETTLED = timedelta(days=2)
STATED = timedelta(days=45)
FEES_DEARER, FEES_LEFT_OUT, PAYOUTS_SHORT, PAYOUTS_LEFT_OUT = 53, 67, 9, 7
DEARER, SHORT = 10, 100
REASON = "平台 11 月的费率高一角，已问过招商"
ONE_PARCEL = "两单合并寄回，买家已说明"
Row = tuple[str, ...]


def statements_bring(*, ops: User, today: date) -> None:
    """Import a statement for each shop that reconciles; done once per shop."""
    now = datetime.combine(today, datetime.min.time(), tzinfo=SHANGHAI)
    for shop in Shop.objects.filter(external_id__in=(SLIPPING, STEADY)).order_by("pk"):
        if StatementLine.objects.for_shop(shop).exists():
            continue
        rows = [*_fees(shop, now), *_payouts(shop, now)]
        if rows:
            _import(shop, [*rows, *_uncovered(shop, now), _of_nobody(now)])
            with transaction.atomic():
                Shop.objects.locked([shop.pk])
                signals_find(shop_id=shop.pk, now=now)
    _look(ops)


def _fees(shop: Shop, now: datetime) -> list[Row]:
    covers = Cover.objects.for_shop(shop).filter(
        reason="", fee__isnull=False, from_at__range=(now - STATED, now - LAG)
    )
    found: list[Row] = []
    for place, cover in enumerate(covers.order_by("from_at", "order_ref"), 1):
        begun, fee = cover.from_at, cover.fee
        if begun is None or fee is None or place % FEES_LEFT_OUT == 0:
            continue
        fen = fee + (DEARER if place % FEES_DEARER == 0 else 0)
        times = (_clock(begun + SETTLED), _clock(begun), _clock(cover.placed_at), _clock(begun))
        found.append(
            (*times, cover.order_ref, f"YFB{cover.order_ref}", f"-{yuan_text(fen)}", ACCOUNT)
        )
    return found


def _payouts(shop: Shop, now: datetime) -> list[Row]:
    claims = Claim.objects.for_shop(shop).filter(
        is_estimated=True, paid_at__range=(now - STATED, now - 2 * LAG)
    )
    found: list[Row] = []
    for place, claim in enumerate(claims.order_by("paid_at", "order_ref"), 1):
        due = claim.review_due_at or claim.paid_at
        if due is None or claim.amount is None or place % PAYOUTS_LEFT_OUT == 0:
            continue
        fen = claim.amount - (SHORT if place % PAYOUTS_SHORT == 0 else 0)
        settled = _clock(due + timedelta(hours=6))
        number = f"YFB{claim.order_ref}"
        found.append((settled, "", "", "", claim.order_ref, number, yuan_text(fen), ACCOUNT))
    return found


def _uncovered(shop: Shop, now: datetime) -> list[Row]:
    """A fee for an order that had no cover."""
    covers = Cover.objects.for_shop(shop).filter(placed_at__range=(now - STATED, now - LAG))
    cover = covers.exclude(reason="").order_by("placed_at", "order_ref").first()
    if cover is None:
        return []
    at = _clock(now - 2 * LAG)
    return [(at, at, "", at, cover.order_ref, f"YFB{cover.order_ref}", "-1.80", ACCOUNT)]


def _of_nobody(now: datetime) -> Row:
    """A line about an order the shop never had."""
    at = _clock(now - 2 * LAG)
    return (at, at, "", at, "P700000000000001", "YFB700000000000001", "-1.80", ACCOUNT)


def _clock(when: datetime) -> str:
    return f"{when.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _import(shop: Shop, rows: list[Row]) -> None:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(rows)
    with TemporaryDirectory(prefix="shopguard-demo-") as folder:
        path = Path(folder) / "运费宝结算明细.csv"
        path.write_text(text.getvalue(), "utf-8-sig")
        kind, preset = kind_named("freight_statement"), presets()["xhs-freight-statement"]
        import_file(Job(kind, file_source(path), preset, shop=shop.external_id))


def _look(ops: User) -> None:
    """Somebody has looked at the first difference of a fee, and at one sign of fraud."""
    shop = Shop.objects.filter(external_id=SLIPPING).first()
    if shop is None:
        return
    rows = differences_open(shop=shop).filter(side="fee", status=Reconciled.Status.DIFFERENT)
    row = rows.order_by("at", "pk").first()
    if row is not None:
        differences_see(
            actor=ops, shop=shop, looked=[Looked(row.pk, row.version)], reason=REASON
        )  # fmt: skip
    signal = FraudSignal.objects.for_shop(shop).filter(kind=FraudSignal.Kind.SAME_TRACKING).first()
    if signal is not None:
        signal_see(
            actor=ops, shop=shop, key=signal.pk, version=signal.version, reason=ONE_PARCEL
        )  # fmt: skip
