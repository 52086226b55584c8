"""Records of a shop drawn by lot: ids from small pools, the same for every shop, all else not.

:func:`lay` puts them there, of a namesake so that its rows have keys and times on both sides of
those of any other shop: whatever is the first or the last of all rows is then the namesake's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F

from aftersales.models import AfterSaleCase, CaseEvent, FindingRow, FindingSet
from freightins import models as freight
from freightins.rules import compiled_fee_rules
from servicescore import models as service
from shopguard.lib.days import at_hour
from stores import models as stores
from stores.models import Run, Shop, User
from tests.conftest import DAY_ZERO, NOON_ZERO

ROWS, POOL, DAYS, LONG_AGO = 24, 12, 70, 150
KEYS, FAR = 10_000, 1_000_000
FEES = "fee-2023"
# Whose ids a field holds.
NAMED = {
    "order_ref": "o", "case_ref": "c", "product_ref": "p", "complaint_ref": "m",
    "consultation_ref": "s", "violation_ref": "v", "line_ref": "l",
}  # fmt: skip
OWN = {"Order": "o", "AfterSaleCase": "c", "Product": "p", "Consultation": "s", "Violation": "v"}
WORDS = ("青", "竹", "石")
# What code reads as one of a few words.
CODED: dict[str, list[str]] = {
    "trade_mode": ["domestic", "bonded"], "logistics_mode": ["express"], "presale_mode": [""],
    "started_by": ["buyer"], "outcome": ["open", "completed", "upheld"], "channel": ["", "live"],
    "topic": ["blacklist", "return_freight", ""], "excluded_reason": [""], "decision": ["pending"],
    "return_method": ["pickup", "self", ""], "last_message_by": ["buyer", "agent"],
    "basis": ["shop", "category"], "province": ["浙江", "西藏", ""],
    "buyer_ref": [f"b{number}" for number in range(10)],
}  # fmt: skip
# In this order, so that whatever a row points to is there.
LAID: tuple[type[models.Model], ...] = (
    stores.Product, stores.Order, stores.OrderLine, stores.Parcel, stores.Review,
    stores.Consultation, stores.Complaint, stores.DelayReport, stores.Traffic, stores.Violation,
    stores.Exclusion, AfterSaleCase, CaseEvent, FindingSet, FindingRow,
    service.JudgedSpan, service.AssessmentDay, service.AssessmentPenalty, service.CourseExam,
    service.ServiceModeSpell, service.ModeSwitch, service.ModeExam, service.AgentShift,
    service.LiveSession, service.QualitySample, service.DailyRow,
    freight.Enrolment, freight.EnrolmentEvent, freight.Consent, freight.Choice, freight.ChoiceSet,
    freight.ChoiceChange, freight.ChoiceView, freight.Cover, freight.Claim, freight.InvoiceRequest,
    freight.FeeOutlook, freight.ProductSale, freight.PricingWindow, freight.QuoteRevision,
    freight.EnteredFee, freight.FraudSignal, freight.StatementLine, freight.Reconciled,
    freight.Trial, freight.TrialProduct, freight.SaleDay, freight.QuoteCheck, freight.Costs,
)  # fmt: skip
# Whose rows refuse to be written anew.
FINAL = {
    "QuoteRevision", "CourseExam", "JudgedSpan", "AssessmentDay", "AssessmentPenalty"
}  # fmt: skip
GIVEN = {"id", "trial", "choice_set", "switch", "enrolment"}


@dataclass(frozen=True)
class Draw:
    """The row of that number of a shop is being drawn; ``known`` has the keys laid so far."""

    random: Random
    known: dict[Any, list[Any]]
    is_namesake: bool
    number: int = 0

    @property
    def days_ago(self) -> int:
        """Those of a namesake reach from before the first of the shop to after its last."""
        if not self.is_namesake:
            return self.random.randrange(1, DAYS)
        return {0: 0, 1: DAYS + 1}.get(self.number, self.random.randrange(DAYS))

    @property
    def day(self) -> date:
        """A day up to day zero."""
        return DAY_ZERO - timedelta(days=self.days_ago)

    @property
    def recent(self) -> date:
        """A day of the last week."""
        return DAY_ZERO - timedelta(days=self.random.randrange(1, 8))

    @property
    def instant(self) -> datetime:
        """An instant before noon of day zero."""
        return NOON_ZERO - timedelta(days=self.days_ago, minutes=self.random.randrange(1440))

    def ref(self, of: str) -> str:
        """The id of some record."""
        return f"{of}{self.random.randrange(POOL)}"

    def key(self, level: str) -> str:
        """What a choice of a level is about."""
        return {"shop": "", "category": self.random.choice(WORDS)}.get(level) or self.ref("p")


def lay(
    shop: Shop, seed: int, *, user: User, run: Run, is_namesake: bool = False
) -> dict[Any, list[Any]]:
    """Rows of every model of :data:`LAID`, those left out that clash with one before; their keys by
    model, in that order.
    """
    random, keys = Random(seed), count(KEYS + FAR * is_namesake)
    known: dict[Any, list[Any]] = {User: [user.pk], Run: [run.pk]}
    for model in LAID:
        rows = []
        for number in range(ROWS):
            key = next(keys)
            row = _row(model, shop, Draw(random, known, is_namesake, number))
            row.pk = -key if is_namesake and number % 2 == 0 else key
            rows.append(row)
        model._default_manager.bulk_create(rows, ignore_conflicts=True)
        there = set(model._default_manager.filter(shop=shop).values_list("pk", flat=True))
        known[model] = [row.pk for row in rows if row.pk in there]
    return known


def touch(shop: Shop) -> None:
    """Write half of the rows of a shop anew: they lie behind all others then, the rest before."""
    for model in LAID:
        if model.__name__ not in FINAL:
            rows = model._default_manager.filter(shop=shop).alias(half=F("pk") % 2)
            rows.filter(half=1).update(shop=shop)


def contents(shop: Shop) -> dict[str, list[Any]]:
    """What all rows of a shop hold, by model, without the keys the database gave them."""
    found = {}
    for model in LAID:
        names = [f.attname for f in model._meta.concrete_fields if f.name not in GIVEN]
        rows = model._default_manager.filter(shop=shop).values_list(*names)
        found[model.__name__] = sorted(map(repr, rows))
    return found


def _row(model: type[models.Model], shop: Shop, draw: Draw) -> models.Model:
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name == "shop":
            values["shop_id"] = shop.pk
        elif field.is_relation:
            values[field.attname] = draw.random.choice(draw.known[field.related_model])
        elif field.name == "external_id":
            values[field.name] = f"{OWN.get(model.__name__, 'x')}{draw.number % POOL}"
        elif not field.primary_key:
            values[field.name] = _value(field, draw)
    mend = MENDED.get(model)
    return model(**(values | (mend(draw, values) if mend else {})))


def _value(field: Any, draw: Draw) -> Any:
    if field.null and draw.random.random() < 0.2:
        return None
    if field.choices:
        return draw.random.choice([value for value, _ in field.flatchoices])
    if field.name in CODED:
        return draw.random.choice(CODED[field.name])[: field.max_length]
    if field.name in NAMED:
        return draw.ref(NAMED[field.name])
    if isinstance(field, models.DateTimeField):
        return draw.instant
    if isinstance(field, models.DateField):
        return draw.day
    return _content(field, draw.random)


def _content(field: Any, random: Random) -> Any:
    if isinstance(field, models.BooleanField):
        return random.random() < 0.5
    if isinstance(field, models.JSONField):
        return field.get_default() if field.has_default() else []
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.FloatField):
        return random.random()
    if isinstance(field, models.SmallIntegerField | models.PositiveSmallIntegerField):
        return random.randint(1, 5)
    if isinstance(field, models.IntegerField):
        return random.randint(1, 900)
    return random.choice(WORDS)[: field.max_length]


Values = dict[str, Any]


def _case(draw: Draw, values: Values) -> Values:
    told = {"line_no": None, "state": "", "told_state": "", "condition": "", "outcome": "completed"}
    return told | {"kind": draw.random.choice(["return_refund", "exchange"])}


def _exclusion(draw: Draw, values: Values) -> Values:
    kind, of = [("order", "o"), ("case", "c"), ("consultation", "s"), ("review", "x")][
        draw.number % 4
    ]
    metrics = ["dispute_rate", "ship_on_time_rate", "quality_refund_rate"]
    told = {"kind": kind, "external_id": draw.ref(of), "metrics": metrics, "revoked_at": None}
    return told | {"reason": f"{draw.random.choice(WORDS)}{draw.random.randrange(99)}"}


def _finding(draw: Draw, values: Values) -> Values:
    found = draw.known[FindingSet]
    return {
        "found_id": found[draw.number % len(found)], "rank": draw.number + 1,
        "lines": draw.random.sample(draw.known[stores.OrderLine], 1),
        "cut": [["reason", word] for word in WORDS],
    }  # fmt: skip


def _claim(draw: Draw, values: Values) -> Values:
    # Some orders have none yet.
    told: Values = {"case_ref": draw.ref("c"), "is_estimated": False}
    told["order_ref"] = f"o{draw.number % (POOL - 4)}"
    if draw.number % 3 == 0:
        due = NOON_ZERO - timedelta(days=draw.random.randrange(1, 9))
        return told | {"state": "in_review", "review_due_at": due, "paid_at": None, "amount": None}
    if values["state"] == "paid":
        return told | {"paid_at": values["opened_at"], "amount": draw.random.randrange(900)}
    return told | {"paid_at": None, "amount": None}


def _cover(draw: Draw, values: Values) -> Values:
    if values["reason"] and draw.number % 2:
        return {"from_at": None, "to_at": None, "fee": None}
    placed = values["placed_at"]
    return {"reason": "", "from_at": placed, "to_at": placed + timedelta(days=60)}


def _quote(draw: Draw, values: Values) -> Values:
    day = DAY_ZERO - timedelta(days=draw.number + (not draw.is_namesake))
    binds = draw.random.random() < 0.7
    return {
        "date": day, "rule_set": "fee-empirical" if draw.number % 3 == 1 else FEES, "revision": 1,
        "score_rule_set": "service-score-2022", "is_backfilled": False, "category": "other",
        "valid_from": day + timedelta(days=1) if binds else None,
        "valid_to": day + timedelta(days=7) if binds else None,
    }  # fmt: skip


def _window(draw: Draw, values: Values) -> Values:
    day = DAY_ZERO - timedelta(days=draw.number + 1)
    first, last = compiled_fee_rules(FEES).window_days(day)
    return {"day": day, "first_day": first, "last_day": last, "orders": 900}


def _check(draw: Draw, values: Values) -> Values:
    last = values["date"] + timedelta(days=6)
    told = {"rule_set": FEES, "first_day": values["date"], "last_day": last}
    return told | {"returns": draw.random.randrange(9), "orders": 60}


def _signal(draw: Draw, values: Values) -> Values:
    figures = {"claims": draw.number, "returned": 5, "sent": 9}
    return {"orders": [draw.ref("o"), draw.ref("o")], "key": f"k{draw.number}", "figures": figures}


def _sale_day(draw: Draw, values: Values) -> Values:
    product = draw.random.choice(["", "p0", values["product_ref"]])
    told: Values = {"product_ref": product} | ({"cover": "on"} if product == "p0" else {})
    if draw.is_namesake and draw.number == 0:
        return told | {"day": DAY_ZERO - timedelta(days=LONG_AGO)}
    return told | ({"day": draw.recent} if draw.number % 2 else {})


def _tried(draw: Draw, values: Values) -> Values:
    trials = draw.known[freight.Trial]
    return {"trial_id": trials[0]} if draw.number % 2 else {}


def _change(draw: Draw, values: Values) -> Values:
    if draw.number % 2:
        return {"key": draw.key(values["level"])}
    return {"level": "product", "key": draw.ref("p"), "at": at_hour(draw.recent, 9)}


def _turn(draw: Draw, values: Values) -> Values:
    """The newest of the open enrolment says that it is active, of a namesake that it is not."""
    first = draw.known[freight.Enrolment][0]
    if draw.number:
        return {"at": values["at"] - timedelta(days=3)}
    state = "suspended" if draw.is_namesake else "active"
    at = NOON_ZERO - timedelta(hours=1 if draw.is_namesake else 30)
    return {"enrolment_id": first, "state": state, "at": at}


def _invoice(draw: Draw, values: Values) -> Values:
    if draw.is_namesake and draw.number < 2:
        return {"month": date(2024, draw.number + 1, 1), "state": "requested"}
    return {"month": date(2022, draw.number % 12 + 1, 1)}


def _daily(draw: Draw, values: Values) -> Values:
    counted = {name: 900 for name in values if name.endswith("_den")}
    return counted | {"day": DAY_ZERO - timedelta(days=draw.number + 1)}


def _outlook(draw: Draw, values: Values) -> Values:
    return {"day": DAY_ZERO + timedelta(days=draw.number)}


def _consultation(draw: Draw, values: Values) -> Values:
    """Half of them lately, by day."""
    text = f"{values['text']}{draw.random.randrange(999)}"
    return {"text": text} | ({"started_at": at_hour(draw.recent, 12)} if draw.number % 2 else {})


def _switch(draw: Draw, values: Values) -> Values:
    if draw.number:
        return {"state": "done" if draw.number % 2 else "withdrawn"}
    return {"state": "open", "wanted": "own" if draw.is_namesake else "platform"}


def _sample(draw: Draw, values: Values) -> Values:
    marks = {name: draw.random.randint(1, 5) for name in ("solved", "tone", "accuracy", "conduct")}
    this_week = DAY_ZERO - timedelta(days=DAY_ZERO.weekday())
    half = POOL // 2
    named = f"s{draw.number % half + half * draw.is_namesake}"
    week = values["week"] if draw.number % 6 else this_week
    return marks | {"clause": "", "week": week, "consultation_ref": named}


MENDED: dict[type[models.Model], Callable[[Draw, Values], Values]] = {
    AfterSaleCase: _case,
    FindingRow: _finding,
    freight.Choice: lambda draw, values: {"key": draw.key(values["level"]), "version": 5000},
    freight.ChoiceChange: _change,
    freight.Claim: _claim,
    freight.Consent: lambda draw, values: {"agreement": "terms" if draw.number % 2 else "service"},
    freight.Cover: _cover,
    freight.Enrolment: lambda draw, values: {
        "closed_at": values["opened_at"] if draw.number else None,
        "product": values["product"] if draw.number else "service",
    },
    freight.EnrolmentEvent: _turn,
    freight.FeeOutlook: _outlook,
    freight.FraudSignal: _signal,
    freight.InvoiceRequest: _invoice,
    freight.PricingWindow: _window,
    freight.QuoteCheck: _check,
    freight.QuoteRevision: _quote,
    freight.SaleDay: _sale_day,
    freight.Trial: lambda draw, values: {
        "started_on": DAY_ZERO - timedelta(days=9 + draw.number), "weeks": 4, "ended_at": None,
        "kind": "looked" if draw.number % 2 else "drawn",
    },
    freight.TrialProduct: _tried,
    service.DailyRow: _daily,
    service.AgentShift: lambda draw, values: {"opens": 9, "closes": 9 + values["closes"]},
    service.ModeSwitch: _switch,
    service.QualitySample: _sample,
    service.ServiceModeSpell: lambda draw, values: {
        "mode": "own", "from_day": values["set_at"].date()
    },
    stores.Consultation: _consultation,
    stores.Exclusion: _exclusion,
    stores.Order: lambda draw, values: {"province": "西藏"} if draw.is_namesake else {},
    stores.Product: lambda draw, values: {
        "is_virtual": False, "on_shelf": True,
        "title": f"{values['title']}{draw.random.randrange(999)}",
    },
}  # fmt: skip
