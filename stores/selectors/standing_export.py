"""The table of where every shop stands on a day, for machines: one row per shop."""

from dataclasses import dataclass
from datetime import date

from shopguard.lib.exports import neutralised
from stores.calc.standing import GENERAL, SEVERE, Standing
from stores.selectors.conduct import standings

HEADER = [
    "shop_id",
    "date",
    "general_points",
    "severe_points",
    "active_penalties",
    "next_general_node",
    "next_severe_node",
]


@dataclass(frozen=True)
class StandingTable:
    """A header and its rows, all texts ready to be written."""

    header: list[str]
    rows: list[list[str]]


def standing_table(*, day: date) -> StandingTable:
    """Points and penalties on the morning of ``day``, as cases and revocations are known now."""
    rows = [
        [neutralised(name), day.isoformat(), *_cells(standing)]
        for name, standing in standings(day=day)
    ]
    return StandingTable(header=HEADER, rows=rows)


def _cells(standing: Standing) -> list[str]:
    return [
        str(standing.points[GENERAL]),
        str(standing.points[SEVERE]),
        ";".join(standing.active_nodes),
        _node(standing, GENERAL),
        _node(standing, SEVERE),
    ]


def _node(standing: Standing, kind: str) -> str:
    node = standing.next_nodes[kind]
    return "" if node is None else str(node.points)
