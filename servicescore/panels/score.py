"""The score: how the shop stands, in one figure with everything that belongs to it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from servicescore.calc.interval import Interval
from servicescore.selectors.headline import gates_of
from servicescore.selectors.night_now import interval_now, middles_now
from servicescore.selectors.score_cards import DimensionCard, dimension_cards
from servicescore.selectors.score_page import Need, total_need
from servicescore.selectors.standing_now import Standing, standing_now
from stores.panels._declare import Panel
from stores.selectors.visit import Visit


@dataclass(frozen=True)
class ScorePanel:
    """The standing with its gates and dimensions; ``interval`` is how sure the total is and
    ``need`` what a missing one waits for.
    """

    standing: Standing
    interval: Interval | None
    gates: tuple[tuple[float, str], ...]
    dimensions: list[DimensionCard]
    middle: float
    need: Need | None


def read(visit: Visit) -> ScorePanel | None:
    """None while nothing was ever computed."""
    standing = visit.once(standing_now)
    if standing is None:
        return None
    view, gates = standing.view, gates_of(standing.view.rule_set)
    return ScorePanel(
        standing=standing,
        interval=visit.once(interval_now),
        gates=tuple((gate.value, gate.label) for gate in gates),
        dimensions=dimension_cards(view, standing.series, visit.once(middles_now)),
        middle=gates[len(gates) // 2].value,
        need=total_need(view),
    )


PANEL = Panel("score", _("商家服务分"), "hero", 10, "overview/score.html", read)
