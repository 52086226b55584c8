"""Complaint tickets, and the reports shops file when a parcel will be late."""

from dataclasses import dataclass

import numpy as np

from shopguard.demo import calendar
from shopguard.demo.aftersales import POSTAGE, Cases
from shopguard.demo.calendar import DAY, HOUR, NEVER
from shopguard.demo.draws import Draws, Flags, Floats, Ints, Keys
from shopguard.demo.levels import Levels
from shopguard.demo.market import Market, read
from shopguard.demo.orders import Orders
from shopguard.demo.parcels import Parcels

OUTCOMES = ("open", "upheld", "rejected", "withdrawn")
DECISIONS = ("pending", "accepted", "refused")
BURST = "burst"  # words of the tickets that come together
_LONGEST_DAYS = 28.0
_BURST_DAYS = 4.0


@dataclass
class Complaints:
    """Tickets as columns; ``order`` is the place of the order, ``topic`` one of ``topics()``."""

    order: Ints
    opened: Ints
    answered: Ints
    outcome: Ints
    malicious: Flags
    topic: Ints
    key: Keys


@dataclass
class DelayReports:
    """Reports as columns; ``storm`` tells the cause."""

    order: Ints
    filed: Ints
    decided: Ints
    decision: Ints
    storm: Flags
    key: Keys


def topics() -> list[str]:
    """Codes of the topics, those of the burst last."""
    return [*read("voices")["complaints"]["topics"], BURST]


def _chances(
    orders: Orders, parcels: Parcels, cases: Cases, market: Market, levels: Levels
) -> Floats:
    """Chance of a ticket by order: more after a case or a late parcel, the level on the whole."""
    rule = read("voices")["complaints"]
    level = levels.of("dispute_rate")[orders.shop, orders.day]
    troubled = np.zeros(orders.size, dtype=bool)
    troubled[cases.order[cases.kind != POSTAGE]] = True
    weight = np.where(troubled, rule["case_odds"], 1.0) * np.where(
        parcels.late, rule["late_odds"], 1.0
    )
    usual = market.of_industry(rule["usual"])[orders.shop]
    counted = (1 - rule["outcomes"]["withdrawn"]) * (1 - rule["malicious_share"])
    return np.where(parcels.signed != NEVER, level * weight / usual / counted, 0.0)


def _bursts(orders: Orders, parcels: Parcels, market: Market, draws: Draws) -> Flags:
    """Orders of the bad lot whose buyers complain."""
    hit = np.zeros(orders.size, dtype=bool)
    today = calendar.number(market.today)
    for burst in read("characters")["bursts"]:
        day = parcels.signed // DAY - today
        inside = (day >= burst["first"]) & (day <= burst["last"]) & (parcels.signed != NEVER)
        owner = np.isin(orders.shop, market.where(burst["role"]))
        hit |= inside & owner & draws.chance("burst", orders.key, burst["share"])
    return hit


def complain(
    orders: Orders, parcels: Parcels, cases: Cases, market: Market, levels: Levels, draws: Draws
) -> Complaints:
    """The tickets on signed orders, at most one each."""
    rule = read("voices")["complaints"]
    burst = _bursts(orders, parcels, market, draws)
    chance = draws.chance("complaint", orders.key, _chances(orders, parcels, cases, market, levels))
    order = np.flatnonzero(chance | burst)
    key, of_burst = orders.key[order], burst[order]
    days = rule["days"]["mean"] * draws.skewed("complaint/days", key, rule["days"]["spread"])
    days = np.where(
        of_burst,
        0.3 + _BURST_DAYS * draws.uniform("burst/days", key),
        np.minimum(days, _LONGEST_DAYS),
    )
    opened = parcels.signed[order] + (days * DAY).astype(np.int64)
    opened = calendar.awake(opened, draws, "complaint/morning", key)
    hours = rule["answer_hours"]["mean"] * draws.skewed(
        "complaint/answer", key, rule["answer_hours"]["spread"]
    )
    weights = np.array(list(rule["topics"].values()))
    topic = np.where(of_burst, weights.size, draws.pick("complaint/topic", key, weights))
    outcomes = np.array([rule["outcomes"][name] for name in OUTCOMES[1:]])
    outcome = 1 + draws.pick("complaint/outcome", key, outcomes)
    malicious = draws.chance("complaint/malicious", key, rule["malicious_share"])
    counts = (outcome != OUTCOMES.index("withdrawn")) & ~malicious
    of_blacklist = _blacklisted(market, orders.shop[order], opened, counts)
    topic[of_blacklist] = topics().index("blacklist")
    outcome[of_blacklist] = OUTCOMES.index("upheld")
    return Complaints(
        order=order,
        opened=opened,
        answered=opened + (hours * HOUR).astype(np.int64) + 600,
        outcome=outcome,
        malicious=malicious,
        topic=topic,
        key=key,
    )


def _blacklisted(market: Market, shop: Ints, opened: Ints, counts: Flags) -> list[int]:
    """Places of the tickets that are about blacklisting: the newest before a day, by shop."""
    today, found = calendar.number(market.today), list[int]()
    for row in read("characters")["blacklisting"]:
        is_old = opened < (today - row["older_than"]) * DAY
        for place in market.where(row["role"]):
            theirs = np.flatnonzero(counts & is_old & (shop == place))
            newest = theirs[np.argsort(opened[theirs], kind="stable")]
            found += newest[-row["tickets"] :].tolist()
    return found


def report(orders: Orders, parcels: Parcels, draws: Draws) -> DelayReports:
    """Reports on late parcels, filed shortly before the deadline; storms are mostly accepted."""
    rule = read("voices")["delay_reports"]
    share = np.where(parcels.storm, rule["storm_share"], rule["other_share"])
    order = np.flatnonzero(parcels.late & draws.chance("delay", orders.key, share))
    key, storm = orders.key[order], parcels.storm[order]
    before = (0.4 + 9 * draws.uniform("delay/filed", key)) * HOUR
    filed = np.maximum(
        parcels.deadline[order] - before.astype(np.int64), orders.starts[order] + HOUR
    )
    hours = rule["decision_hours"]
    decided = filed + (
        hours["mean"] * draws.skewed("delay/decided", key, hours["spread"]) * HOUR
    ).astype(np.int64)
    accepted = np.where(storm, rule["accepted_share"]["storm"], rule["accepted_share"]["other"])
    decision = np.where(draws.chance("delay/accepted", key, accepted), 1, 2)
    return DelayReports(order, filed, decided, decision, storm, key)
