"""The pages of trials: what is being tried, what came of it, and a form for a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from freightins.calc.ratios import Interval
from freightins.calc.trials import NO_ORDERS, TOO_FEW, Effect, Followed, effect_of, weeks_more
from freightins.calc.worth import break_even, verdict
from freightins.calc.worth_rules import WorthRules
from freightins.models import ChoiceChange, EnrolmentEvent, Trial, TrialProduct
from freightins.rules import worth_rules_on
from freightins.selectors.enrolments import cover_at
from freightins.selectors.trials import (
    Span,
    candidates_of,
    covered_share,
    days_of_arms,
    followed,
    is_running,
    meddled,
    products_tried,
    span_of,
    trials_of,
)
from freightins.selectors.worth_sums import Goods, costs_newest, goods_of, said_of, whole_sums
from shopguard.lib.days import days_between, shanghai_day
from shopguard.lib.drawing import share
from shopguard.lib.formats import signed
from stores.models import Shop

WEEK_DAYS, HUNDRED = 7, 100
SWITCH_DAYS = 120
Arm = TrialProduct.Arm


@dataclass(frozen=True)
class Told:
    """A trial with what it says at an instant; ``need`` is the break-even of the shop."""

    trial: Trial
    span: Span
    effect: Effect
    is_running: bool
    need: float | None
    verdict: str
    sentence: str


@dataclass(frozen=True)
class IndexWeek:
    """A week of both sides; the weeks before it began are a hundred on average."""

    label: str
    is_after: bool
    on: float | None
    off: float | None
    on_x: str
    off_x: str


@dataclass(frozen=True)
class ProductLine:
    """A product of a trial."""

    row: Followed
    goods: Goods
    pair: int | None


@dataclass(frozen=True)
class TrialPage:
    """One trial."""

    told: Told
    weeks: list[IndexWeek]
    lines: list[ProductLine]
    meddled: list[ChoiceChange]
    covered: Mapping[str, float | None]
    more_weeks: int | None
    rules: WorthRules
    uplift_marks: Mapping[str, str]


@dataclass(frozen=True)
class Pick:
    """A product one may take into a trial."""

    key: str
    title: str
    category: str
    orders: int
    is_picked: bool
    is_tried: bool


@dataclass(frozen=True)
class TrialsPage:
    """Every trial, and what a new one can be made of."""

    trials: list[Told]
    picks: list[Pick]
    days: list[date]
    rules: WorthRules
    is_active: bool
    least: int


def told_of(*, trial: Trial, now: datetime, need: float | None) -> Told:
    """What a trial says."""
    day = shanghai_day(now)
    rules, span = worth_rules_on(day), span_of(trial, now)
    rows = _rows(trial, span, rules, day)
    effect = effect_of(rows, rules)
    wanted = need if trial.became else None
    return Told(
        trial=trial,
        span=span,
        effect=effect,
        is_running=is_running(trial, now),
        need=wanted,
        verdict=verdict(wanted, effect.uplift),
        sentence=_sentence(trial, span, effect, wanted),
    )


def _rows(trial: Trial, span: Span, rules: WorthRules, day: date) -> list[Followed]:
    ripe_to = day - timedelta(days=rules.unripe_days + 1)
    return followed(trial=trial, span=span, ripe_to=ripe_to)


def need_of(*, shop: Shop, now: datetime) -> float | None:
    """The break-even of the shop over the days shown."""
    rules = worth_rules_on(shanghai_day(now))
    first, last = rules.shown(shanghai_day(now))
    whole = whole_sums(shop=shop, first=first, last=last)
    return break_even(whole.on, whole.whole, said_of(costs_newest(shop=shop)))


def trial_page(*, shop: Shop, trial: Trial, now: datetime) -> TrialPage:
    """Everything about one trial."""
    day = shanghai_day(now)
    rules = worth_rules_on(day)
    told = told_of(trial=trial, now=now, need=need_of(shop=shop, now=now))
    rows = _rows(trial, told.span, rules, day)
    goods = goods_of(shop=shop, keys=[row.product for row in rows])
    pairs = dict(trial.products.values_list("product_ref", "pair"))
    uplift = told.effect.uplift
    more = None
    if uplift is not None and told.is_running:
        elapsed = max(told.span.days // WEEK_DAYS, 1)
        more = weeks_more(uplift, told.need or 0.0, elapsed, rules.most_trial_weeks)
    return TrialPage(
        told=told,
        weeks=_weeks(days_of_arms(trial=trial, span=told.span), told.span),
        lines=[ProductLine(row, goods[row.product], pairs[row.product]) for row in rows],
        meddled=meddled(trial=trial, span=told.span) if trial.kind == Trial.Kind.DRAWN else [],
        covered=covered_share(trial=trial, span=told.span),
        more_weeks=more,
        rules=rules,
        uplift_marks=_marks(uplift, told.need),
    )


def _marks(uplift: Interval | None, need: float | None) -> dict[str, str]:
    """The interval with nought and the break-even on one scale."""
    if uplift is None:
        return {}
    ends = [abs(uplift.low), min(abs(uplift.high), 2.0), abs(need or 0.0)]
    reach = max(ends) or 1.0
    found = {
        "x1": share(uplift.low, -reach, reach),
        "x2": share(min(uplift.high, reach), -reach, reach),
        "dot": share(uplift.value, -reach, reach),
        "kind": "is-filled" if uplift.excludes_zero else "is-hollow",
    }
    return found | ({"need": share(need, -reach, reach)} if need is not None else {})


def _weeks(days: Mapping[str, Mapping[date, int]], span: Span) -> list[IndexWeek]:
    """Whole weeks before and since, by orders of each side."""
    weeks = (span.before_last - span.before_first).days // WEEK_DAYS + 1
    starts = [span.before_first + timedelta(days=WEEK_DAYS * n) for n in range(weeks)]
    starts += [span.first + timedelta(days=WEEK_DAYS * n) for n in range(span.days // WEEK_DAYS)]
    sums = {
        arm: [
            sum(by_day.get(day, 0) for day in days_between(start, start + timedelta(days=6)))
            for start in starts
        ]
        for arm, by_day in days.items()
    }
    index = {arm: _index(counts, weeks) for arm, counts in sums.items()}
    known = [value for values in index.values() for value in values if value is not None]
    high = max(known, default=1.0) or 1.0
    return [
        IndexWeek(
            label=_week_label(place, weeks),
            is_after=place >= weeks,
            on=on,
            off=off,
            on_x="" if on is None else share(on, 0, high),
            off_x="" if off is None else share(off, 0, high),
        )
        for place, (on, off) in enumerate(zip(index[Arm.ON], index[Arm.OFF], strict=True))
    ]


def _index(counts: Sequence[int], weeks: int) -> list[float | None]:
    base = sum(counts[:weeks]) / weeks
    return [count / base * HUNDRED if base else None for count in counts]


def _week_label(place: int, weeks: int) -> str:
    if place < weeks:
        return _("前 %(n)s 周") % {"n": weeks - place}
    return _("第 %(n)s 周") % {"n": place - weeks + 1}


def told_trials(*, shop: Shop, trials: Sequence[Trial], now: datetime) -> list[Told]:
    """Trials of the shop with what they say."""
    need = need_of(shop=shop, now=now) if trials else None
    return [told_of(trial=trial, now=now, need=need) for trial in trials]


def trials_page(*, shop: Shop, now: datetime, category: str) -> TrialsPage:
    """Every trial, and the products a new one may take, those of a category ticked."""
    day = shanghai_day(now)
    rules = worth_rules_on(day)
    found = candidates_of(shop=shop, now=now)
    trials = trials_of(shop=shop)
    tried = products_tried(shop=shop, trials=trials, now=now)
    picks = [
        Pick(
            key=one.product,
            title=title,
            category=one.category,
            orders=one.orders,
            is_picked=bool(one.orders) and category in ("", one.category),
            is_tried=one.product in tried,
        )
        for one, title in sorted(found, key=lambda row: (row[0].category, -row[0].orders, row[1]))
    ]
    return TrialsPage(
        trials=told_trials(shop=shop, trials=trials, now=now),
        picks=picks,
        days=_switch_days(shop, now),
        rules=rules,
        is_active=cover_at(shop=shop, now=now).state == EnrolmentEvent.State.ACTIVE,
        least=2 * rules.least_pairs,
    )


def _switch_days(shop: Shop, now: datetime) -> list[date]:
    """Days of the last months on which something was switched, the newest first."""
    since = now - timedelta(days=SWITCH_DAYS)
    rows = ChoiceChange.objects.for_shop(shop).filter(at__gte=since).values_list("at", flat=True)
    today = shanghai_day(now)
    return sorted({shanghai_day(at) for at in rows} - {today}, reverse=True)


def newest_told(*, shop: Shop, now: datetime, need: float | None) -> Told | None:
    """The newest trial of opening that says something, drawn ones before others."""
    found = [
        told
        for trial in trials_of(shop=shop)
        if trial.became
        and (told := told_of(trial=trial, now=now, need=need)).effect.uplift is not None
    ]
    found.sort(key=lambda told: told.trial.kind != Trial.Kind.DRAWN)
    return next(iter(found), None)


def _sentence(trial: Trial, span: Span, effect: Effect, need: float | None) -> str:
    if span.days < WEEK_DAYS:
        return _("「%(name)s」还不满一周") % {"name": trial.name}
    if effect.thin == TOO_FEW:
        return _("「%(name)s」每边的商品太少，不判断") % {"name": trial.name}
    if effect.thin == NO_ORDERS or effect.uplift is None:
        return _("「%(name)s」有一边没有订单，没法比") % {"name": trial.name}
    told = {"name": trial.name, "uplift": change_of(effect.uplift.value)}
    if not effect.uplift.excludes_zero:
        return _("「%(name)s」订单 %(uplift)s，但区间跨过 0，还不能断定") % told
    if need is not None and effect.uplift.low >= need:
        return _("「%(name)s」订单 %(uplift)s，高过保本线") % told
    return _("「%(name)s」订单 %(uplift)s，区间不含 0") % told


def change_of(value: float) -> str:
    """A change as a signed percentage."""
    return signed(value * HUNDRED, 1) + "%"


def refusal_words(reason: str, rules: WorthRules) -> str:
    """Why a trial did not begin and what to do."""
    words = {
        "not_active": _("保障没有生效，先开通再做对照。"),
        "weeks": _("周数要在 %(least)s 到 %(most)s 之间。")
        % {"least": rules.trial_weeks, "most": rules.most_trial_weeks},
        "tried": _("有商品正在另一个对照里，先等它结束。"),
        "too_few": _("至少要 %(n)s 件能保的商品，才能分成两半。") % {"n": 2 * rules.least_pairs},
        "clash": _("有人刚改了其中的商品，请再试一次。"),
        "day": _("请选一个已经过去的日子。"),
        "few_switched": _("那天改动的商品，或没动的商品，不到 %(n)s 件。")
        % {"n": rules.least_pairs},
        "name": _("请给对照起个名字。"),
    }
    return words[reason]
