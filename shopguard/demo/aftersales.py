"""After-sale cases: called off before shipping, kept, sent back, exchanged, postage only."""

from dataclasses import dataclass, fields

import numpy as np

from shopguard.demo import calendar, causes
from shopguard.demo.calendar import DAY, HOUR, NEVER
from shopguard.demo.catalogue import Catalogue
from shopguard.demo.draws import Draws, Flags, Floats, Ints, Keys, keyed
from shopguard.demo.levels import Levels
from shopguard.demo.market import Market, read
from shopguard.demo.orders import Orders
from shopguard.demo.parcels import Parcels

KINDS = ("refund_unshipped", "refund_shipped", "return_refund", "exchange", "freight_only")
CALLED_OFF, KEPT, RETURN, EXCHANGE, POSTAGE = range(5)
OUTCOMES = ("open", "completed", "closed", "rejected", "cancelled")
OPEN, COMPLETED, CLOSED, REJECTED, CANCELLED = range(5)

_QUALITY_KINDS = {"return_refund": RETURN, "refund_shipped": KEPT, "exchange": EXCHANGE}
_KEPT_SHARE = (0.2, 1.0)  # of the line that is asked back when the goods are kept
_SEARCH_DAYS = (7.0, 12.0)  # after that a lost parcel is paid back
_ANSWER_DAYS = np.array([2, 2, 7, 7, 2])
_REVIEW_PART = 0.2
_PLATFORM_EVERY = 25
_RECEIVED_PART = 0.55  # of the shop's own time goes by before the goods are back


@dataclass
class Cases:
    """Cases as columns; ``order`` is the place of the order, ``reason`` one of ``reasons()``."""

    order: Ints
    kind: Ints
    line: Ints
    reason: Ints
    latest: Ints
    applied: Ints
    closed: Ints
    outcome: Ints
    waiting: Ints
    received: Ints
    deadline: Ints
    requested_fen: Ints
    refunded_fen: Ints
    key: Keys

    def only(self, which: Flags) -> "Cases":
        """The cases where ``which`` is true."""
        return Cases(**{column.name: getattr(self, column.name)[which] for column in fields(self)})


def reasons() -> list[str]:
    """Every reason text in use, in a fixed order."""
    table = read("aftersales")
    found: dict[str, None] = {}
    for group in ("quality_reasons", "return_reasons"):
        for weights in table[group].values():
            found.update(dict.fromkeys(weights))
    found.update(dict.fromkeys(["多拍/拍错/不想要", "其他", "仅退运费"]))
    return list(found)


def answered(cases: Cases, draws: Draws) -> Ints:
    """When the shop first answered each case: mostly within the hour, some much later."""
    minutes = 35 * draws.skewed("case/answer", cases.key, 0.9)
    return np.asarray(cases.applied + (minutes * 60).astype(np.int64), dtype=np.int64)


def state_names(cases: Cases, end: int) -> list[str]:
    """What an export says of the state of each case at ``end``; nothing of those that ended."""
    own = np.maximum(cases.closed - cases.applied - cases.waiting, 0)
    passed = end - cases.applied
    reviewed = (own * _REVIEW_PART).astype(np.int64)
    sends = (cases.kind == RETURN) | (cases.kind == EXCHANGE)
    is_back = cases.received < end
    left = cases.received + (np.maximum(cases.closed - cases.received, 0) * 0.5).astype(np.int64)
    sent_back = np.select(
        [~is_back & (passed < reviewed), ~is_back & (passed < cases.waiting), ~is_back],
        ["review", "buyer_sends", "receipt"],
        np.where(
            cases.kind == EXCHANGE,
            np.where(left < end, "buyer_confirms", "ship_back"),
            "refund_due",
        ),
    )
    paid_back = np.where(passed < own * 0.6, "review", "refund_due")
    state = np.where(sends, sent_back, paid_back)
    state = np.where(cases.key % np.uint64(_PLATFORM_EVERY) == 0, "platform", state)
    return [str(name) for name in np.where(cases.closed < end, "", state).tolist()]


class _Desk:
    """What every group of cases is drawn from."""

    def __init__(
        self,
        orders: Orders,
        parcels: Parcels,
        market: Market,
        catalogue: Catalogue,
        levels: Levels,
        waiting: Floats,
        draws: Draws,
    ) -> None:
        self.orders, self.parcels, self.market = orders, parcels, market
        self.catalogue, self.levels, self.draws = catalogue, levels, draws
        self.waiting = waiting
        self.table = read("aftersales")

    def chance(self, purpose: str, share: Floats | float) -> Flags:
        """True for an order with the given probability."""
        return self.draws.chance(f"case/{purpose}", self.orders.key, share)

    def share(self, name: str) -> Floats:
        """Share by industry of a table of ``aftersales.toml``, one per order."""
        quiet = np.array([0.0 if shop.role == "too_small" else 1.0 for shop in self.market.shops])
        shares = self.market.of_industry(self.table[name]) * (
            quiet if name == "called_off_share" else 1.0
        )
        habit = self.draws.skewed("case/habit", keyed(self.market.numbers), 0.22)
        return np.asarray((shares * habit)[self.orders.shop], dtype=np.float64)

    def day(self, times: Ints) -> Ints:
        """Places in the covered days, ends held."""
        place = np.clip(times // DAY - self.market.days[0], 0, self.market.days.size - 1)
        return np.asarray(place, dtype=np.int64)

    def reason(self, key: Keys, shop: Ints, group: str) -> Ints:
        """Reason indices by the weights of the shop's industry (or of the whole market)."""
        texts, table = reasons(), self.table[group]
        rows = np.zeros((len(self.market.shops), len(texts)))
        for row, owner in enumerate(self.market.shops):
            for text, weight in table.get(owner.industry, table).items():
                rows[row, texts.index(text)] = weight
        return self.draws.pick(f"reason/{group}", key, rows[shop])

    def hours(self, kind: Ints, shop: Ints, applied: Ints, key: Keys) -> Floats:
        """The shop's own hours from applied to closed."""
        day, spread = self.day(applied), self.table["hours_spread"]
        sends = (kind == RETURN) | (kind == EXCHANGE)
        level = np.where(
            sends,
            self.levels.of("return_refund_hours")[shop, day],
            self.levels.of("refund_only_hours")[shop, day],
        )
        noise = np.where(
            sends,
            self.draws.skewed("case/hours/return", key, spread["return"]),
            self.draws.skewed("case/hours/refund", key, spread["refund"]),
        )
        return np.asarray(
            level * noise * (1 + self.table["backlog_slows"] * self.waiting[shop, day])
        )


def _open(desk: _Desk, which: Flags, kind: Ints | int, reason: Ints, applied: Ints) -> Cases:
    """Cases of the orders in ``which``; ``kind``, ``reason``, ``applied`` are per order."""
    order = np.flatnonzero(which)
    shop = desk.orders.shop[order]
    key = desk.orders.key[order]
    kinds = np.broadcast_to(np.asarray(kind), which.shape)[order]
    begins, draws = applied[order], desk.draws
    sends = (kinds == RETURN) | (kinds == EXCHANGE)
    wait = desk.table["buyer_wait_hours"]
    waits = wait["mean"] * draws.skewed("case/buyer", key, wait["spread"]) * HOUR
    waiting = np.where(sends, waits.astype(np.int64), 0)
    own = (desk.hours(kinds, shop, begins, key) * HOUR).astype(np.int64) + 120
    line = _line(desk, order, key, kinds)
    outcome = _outcome(desk, key, kinds)
    asked = _asked(desk, order, line, kinds, key)
    changed = draws.chance("case/changed", key, desk.table["late_reason_change"]) & (
        kinds != POSTAGE
    )
    other = desk.reason(key, shop, "return_reasons")
    return Cases(
        order=order,
        kind=kinds,
        line=line,
        reason=reason[order],
        latest=np.where(changed, other, reason[order]),
        applied=begins,
        closed=begins + waiting + own,
        outcome=outcome,
        waiting=waiting,
        received=np.where(sends, begins + waiting + (own * _RECEIVED_PART).astype(np.int64), NEVER),
        deadline=begins + _ANSWER_DAYS[kinds] * DAY,
        requested_fen=asked,
        refunded_fen=np.where((outcome == COMPLETED) & (kinds != EXCHANGE), asked, -1),
        key=key,
    )


def _line(desk: _Desk, order: Ints, key: Keys, kinds: Ints) -> Ints:
    """The line a case is about, 0 for the first; a whole order is called off by its first line."""
    lines = (desk.orders.lines[order] >= 0).sum(axis=1)
    chosen = (desk.draws.uniform("case/line", key) * lines).astype(np.int64)
    return np.where(kinds == CALLED_OFF, 0, chosen)


def _asked(desk: _Desk, order: Ints, line: Ints, kinds: Ints, key: Keys) -> Ints:
    """Fen asked back."""
    worth = desk.orders.line_fen[order, line]
    low, high = _KEPT_SHARE
    part = np.minimum(low + (high - low) * 1.5 * desk.draws.uniform("case/part", key), 1.0)
    postage = np.array(desk.table["freight_only_fen"])
    fee = postage[(desk.draws.uniform("case/postage", key) * postage.size).astype(np.int64)]
    asked = np.where(kinds == KEPT, (worth * part).astype(np.int64) // 10 * 10, worth)
    asked = np.where(kinds == POSTAGE, fee, asked)
    return np.where(
        kinds == CALLED_OFF, desk.orders.paid_fen[order], np.where(kinds == EXCHANGE, 0, asked)
    )


def _outcome(desk: _Desk, key: Keys, kinds: Ints) -> Ints:
    table = desk.table
    ends = np.array([table["cancelled_share"], table["rejected_share"], table["closed_share"]])
    picked = desk.draws.pick("case/outcome", key, np.append(ends, 1.0 - ends.sum()))
    outcome = np.array([CANCELLED, REJECTED, CLOSED, COMPLETED])[picked]
    return np.where(kinds == CALLED_OFF, COMPLETED, outcome)


def _called_off(desk: _Desk) -> Cases:
    orders, parcels = desk.orders, desk.parcels
    paid = (orders.paid != NEVER) & ~orders.cash
    which = paid & desk.chance("called-off", desk.share("called_off_share"))
    ends = np.where(orders.express, parcels.shipped, orders.paid + DAY)
    part = desk.draws.uniform("case/called-off/at", orders.key) ** 2.5
    applied = orders.paid + 300 + (part * 0.9 * np.maximum(ends - orders.paid, 0)).astype(np.int64)
    reason = desk.reason(orders.key, orders.shop, "called_off_reasons")
    return _open(desk, which, CALLED_OFF, reason, applied)


def _call_off(desk: _Desk, cases: Cases) -> None:
    """A called-off order is cancelled when the money is back, and never leaves the house."""
    desk.orders.cancelled[cases.order] = cases.closed
    for times in (
        desk.parcels.shipped,
        desk.parcels.collected,
        desk.parcels.signed,
        desk.parcels.finished,
    ):
        times[cases.order] = NEVER
    desk.parcels.late[cases.order] = False


def _after_signing(desk: _Desk, purpose: str) -> Ints:
    low, high = desk.table["apply_days"]
    days = low + (high - low) * desk.draws.uniform(f"case/{purpose}/at", desk.orders.key) ** 1.7
    applied = desk.parcels.signed + (days * DAY).astype(np.int64)
    return calendar.awake(applied, desk.draws, f"case/{purpose}/morning", desk.orders.key)


def _quality(desk: _Desk, signed: Flags) -> Cases:
    orders = desk.orders
    level = desk.levels.of("quality_refund_rate")[orders.shop, orders.day]
    weak = desk.catalogue.weakness[orders.shop, np.maximum(orders.lines[:, 0], 0)]
    share = level * weak / (1 - desk.table["cancelled_share"])
    weights = np.array([desk.table["quality_kinds"][name] for name in _QUALITY_KINDS])
    kind = np.array(list(_QUALITY_KINDS.values()))[
        desk.draws.pick("case/quality/kind", orders.key, weights)
    ]
    kind = np.where(orders.express, kind, KEPT)
    reason = desk.reason(orders.key, orders.shop, "quality_reasons")
    which = signed & desk.chance("quality", share)
    return _open(desk, which, kind, reason, _after_signing(desk, "quality"))


def _returns(desk: _Desk, signed: Flags, taken: Flags) -> Cases:
    orders = desk.orders
    regret = np.where(orders.promotion, desk.table["sale_regret"], 0.95)
    share = desk.share("return_share") * regret * causes.factor(desk.market, orders)
    which = signed & ~taken & desk.chance("return", share)
    kind = np.where(orders.express, RETURN, KEPT)
    reason = desk.reason(orders.key, orders.shop, "return_reasons")
    reason = causes.reason(desk.market, orders, reason, reasons(), desk.draws)
    applied = _after_signing(desk, "return")
    applied = causes.one_day(desk.market, orders, applied, desk.parcels.signed, desk.draws)
    return _open(desk, which, kind, reason, applied)


def _kept(desk: _Desk, signed: Flags, taken: Flags) -> Cases:
    """Part of the money back, and everything back for a parcel that never arrived."""
    orders, parcels = desk.orders, desk.parcels
    lost = (parcels.shipped != NEVER) & (parcels.signed == NEVER)
    which = (signed & ~taken & desk.chance("kept", desk.share("kept_share"))) | lost
    low, high = _SEARCH_DAYS
    search = low + (high - low) * desk.draws.uniform("case/lost", orders.key)
    applied = np.where(
        lost, parcels.shipped + (search * DAY).astype(np.int64), _after_signing(desk, "kept")
    )
    return _open(desk, which, KEPT, desk.reason(orders.key, orders.shop, "kept_reasons"), applied)


def _postage(desk: _Desk, signed: Flags, taken: Flags) -> Cases:
    which = (
        signed
        & ~taken
        & desk.orders.express
        & desk.chance("postage", desk.table["freight_only_share"])
    )
    reason = np.full(desk.orders.size, reasons().index("仅退运费"))
    return _open(desk, which, POSTAGE, reason, _after_signing(desk, "postage"))


def _mark(taken: Flags, cases: Cases) -> Cases:
    taken[cases.order] = True
    return cases


def handle(
    orders: Orders,
    parcels: Parcels,
    market: Market,
    catalogue: Catalogue,
    levels: Levels,
    waiting: Floats,
    draws: Draws,
) -> Cases:
    """Every case of every order, at most one each; called-off orders lose their parcel."""
    desk = _Desk(orders, parcels, market, catalogue, levels, waiting, draws)
    called_off = _called_off(desk)
    _call_off(desk, called_off)
    signed, taken = parcels.signed != NEVER, np.zeros(orders.size, dtype=bool)
    groups = [called_off, _mark(taken, _quality(desk, signed))]
    groups += [_mark(taken, build(desk, signed, taken)) for build in (_returns, _kept, _postage)]
    return Cases(
        **{
            column.name: np.concatenate([getattr(group, column.name) for group in groups])
            for column in fields(Cases)
        }
    )
