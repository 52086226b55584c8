"""违规. Only admins and the command line import them; no metric reads them, they touch no day."""

import numpy as np

from shopguard.lib.days import number_day
from stores.calc.cells import Code, Flag, Id, Instant, Values, Whole, days_of, known
from stores.calc.clauses import catalogue, codes_ever
from stores.kinds._declare import Column, Columns, Kind, Mask, Rule, Target
from stores.models import Violation
from stores.rules import conduct_book

MOST_POINTS = 100


def _open(row: Columns) -> list[bool | None]:
    """Whether a reviewer decides the clause of each row; None where it was not in force."""
    days = days_of(row["occurred_at"]).tolist()
    there = known(row["occurred_at"]).tolist()
    clauses = {
        day: catalogue(conduct_book(), number_day(day))
        for day, is_known in zip(days, there, strict=True)
        if is_known
    }
    return [
        clauses[day][code].is_open if is_known and code in clauses[day] else None
        for day, is_known, code in zip(days, there, row["clause"].tolist(), strict=True)
    ]


def _not_in_force(row: Columns) -> Mask:
    told = known(row["occurred_at"]) & known(row["clause"])
    unknown: Values = np.array([is_open is None for is_open in _open(row)], dtype=np.bool_)
    return np.asarray(told & unknown, dtype=np.bool_)


def _weight_is_fixed(row: Columns) -> Mask:
    given = known(row["kind"]) | known(row["points"])
    fixed: Values = np.array([is_open is False for is_open in _open(row)], dtype=np.bool_)
    return np.asarray(given & fixed, dtype=np.bool_)


def _executed_without_time(row: Columns) -> Mask:
    return np.asarray((row["state"] == "executed") & ~known(row["executed_at"]), dtype=np.bool_)


KIND = Kind(
    name="violations",
    label_zh="违规",
    label_en="Violations",
    identity=(Column("violation_id", Id()),),
    admin_only=True,
    record=Target(
        model=Violation,
        keys={"external_id": "violation_id"},
        columns=(
            Column("clause", Code(codes_ever(conduct_book())), required=True),
            Column("occurred_at", Instant(), required=True),
            Column("notified_at", Instant()),
            Column("executed_at", Instant()),
            Column("state", Code(tuple(Violation.State.values)), default="pending"),
            Column("is_counterfeit", Flag(), default=0),
            Column("kind", Code(tuple(Violation.Kind.values))),
            Column("points", Whole(0, MOST_POINTS)),
        ),
        rules=(
            Rule("clause_not_in_force", "clause", "error", _not_in_force),
            Rule("weight_is_fixed", "points", "warning", _weight_is_fixed),
            Rule("executed_without_time", "executed_at", "warning", _executed_without_time),
        ),
    ),
)
