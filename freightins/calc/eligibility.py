"""Whether a shop may have cover: a list of named conditions, each with what it is and must be."""

from dataclasses import dataclass

from freightins.calc.cover_rules import CoverRules


@dataclass(frozen=True)
class Standing:
    """What is known of a shop on a day. Rates and the total are None where there are none."""

    is_open: bool
    has_base_settings: bool
    total: float | None
    severe_points: int
    dispute_rate: float | None
    return_rate: float | None


@dataclass(frozen=True)
class Condition:
    """One condition. ``value`` and ``needed`` are numbers, flags as 0 and 1; None is unknown.

    ``blocks`` says whether cover needs it, otherwise it is advice.
    """

    name: str
    value: float | None
    needed: float
    is_met: bool
    blocks: bool


def conditions(rules: CoverRules, standing: Standing, *, is_insurance: bool) -> list[Condition]:
    """Every condition in the order pages show them.

    Insurance needs all of them; the platform's service only an open shop, the rest is advice.
    A rate nobody can work out yet holds nobody up; a missing total does.
    """
    total, disputes, returns = standing.total, standing.dispute_rate, standing.return_rate
    judged = (
        ("shop_open", float(standing.is_open), 1, standing.is_open),
        ("base_settings", float(standing.has_base_settings), 1, standing.has_base_settings),
        ("total", total, rules.total, total is not None and total >= rules.total),
        (
            "severe_points",
            float(standing.severe_points),
            rules.severe_points,
            standing.severe_points <= rules.severe_points,
        ),
        (
            "dispute_rate",
            disputes,
            rules.dispute_rate,
            disputes is None or disputes <= rules.dispute_rate,
        ),
        (
            "return_rate",
            returns,
            rules.return_rate,
            returns is None or returns < rules.return_rate,
        ),
    )
    return [
        Condition(name, value, needed, is_met, is_insurance or name == "shop_open")
        for name, value, needed, is_met in judged
    ]


def failures(found: list[Condition]) -> list[str]:
    """The names of conditions that cover needs and that are not met."""
    return [condition.name for condition in found if condition.blocks and not condition.is_met]
