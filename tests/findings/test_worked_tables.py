"""Every table of the document on findings is what the code computes."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from aftersales.calc.control import control
from aftersales.calc.effect import Counts, effect
from aftersales.calc.exact import binomial_midp, discoveries, hypergeometric_midp
from aftersales.calc.overlap import Part, counted_once
from aftersales.rules import diagnostic_rules_on
from tests.findings.recipes import RULES, found_in

FOLDER = Path(__file__).parents[2] / "docs" / "algorithms"
DOCUMENTS = (FOLDER / "findings.md", FOLDER / "diagnostics.md")
# Tables that say something and compute nothing.
TOLD = {("basis", "a row", "day", "divided by")}
Rows = list[dict[str, str]]
DIAGNOSTICS = diagnostic_rules_on(date(2024, 3, 1))


def tables() -> Iterator[tuple[tuple[str, ...], Rows]]:
    """Header and rows of every table that is computed."""
    for block in "\n\n".join(one.read_text("utf-8") for one in DOCUMENTS).split("\n\n"):
        if block.startswith("|"):
            header, _, *rows = (
                tuple(cell.strip() for cell in line.strip("|").split("|"))
                for line in block.strip().splitlines()
            )
            if header in TOLD:
                continue
            yield header, [dict(zip(header, row, strict=True)) for row in rows]


def mid_p(row: dict[str, str]) -> None:
    counts = (np.array([int(row[name])]) for name in ("n", "k", "rows", "hits"))
    assert f"{hypergeometric_midp(*counts)[0]:.3g}" == row["mid-p"]


def mid_p_of_a_reason(row: dict[str, str]) -> None:
    n, k = (np.array([int(row[name])]) for name in ("returns", "with the reason"))
    assert f"{binomial_midp(n, k, RULES.usual_share)[0]:.3g}" == row["mid-p"]


def q_values(row: dict[str, str]) -> None:
    p = np.array([float(cell) for cell in row["p"].split(", ")])
    q = discoveries(p, int(row["family"]), RULES.false_discovery).q
    assert ", ".join(f"{value:.3g}" for value in q) == row["q"]


def figures(row: dict[str, str]) -> None:
    (k, n), (k_out, n_out) = (
        (int(part) for part in row[side].split(" of ")) for side in ("inside", "outside")
    )
    fen = int(row["mean"]) * 100
    [found] = found_in(
        [
            {"n": n, "k": k, "sku": "red", "refunded": fen},
            {"n": n_out, "k": k_out, "sku": "blue", "refunded": fen},
        ]
    ).findings
    assert (found.lift, found.excess) == pytest.approx((float(row["lift"]), float(row["excess"])))
    assert found.excess_fen == pytest.approx(float(row["yuan"]) * 100)


def counted_together(row: dict[str, str]) -> None:
    parts = [_part(row[name]) for name in ("finding 1", "finding 2")]
    whole = counted_once(parts)
    yuan = (whole.excess_fen or 0) / 100
    assert (f"{whole.excess:g}", f"{yuan:g}") == (row["cases"], row["yuan"])


def _part(told: str) -> Part:
    lines, excess, yuan = told.replace(":", ",").split(", ")
    fen = None if yuan == "unknown" else float(yuan) * 100
    return Part(np.array([int(key) for key in lines.split()]), float(excess), fen)


def usual_range(row: dict[str, str]) -> None:
    n = np.array([int(row["n"])] * 40 + [int(row["day n"])])
    k = np.array([int(row["k"])] * 40 + [int(row["day k"])])
    found = control(n, k, np.ones(len(n), dtype=bool), DIAGNOSTICS.control)
    told = {"low": f"{found.low[-1]:.3f}", "high": f"{found.high[-1]:.3f}"}
    told["outside"] = "yes" if found.outside[-1] else "no"
    assert told == {name: row[name] for name in told}


def effect_of_a_fix(row: dict[str, str]) -> None:
    columns = ("before", "after", "others before", "others after")
    counts = [Counts(*map(int, row[name].split(" of ")[::-1])) for name in columns]
    found = effect(*counts, DIAGNOSTICS.effect)
    assert found.verdict == row["verdict"]
    told = {name: getattr(found, name) for name in ("change", "low", "high")}
    texts = {name: "" if value is None else f"{value:.3f}" for name, value in told.items()}
    assert texts == {name: row[name] for name in texts}


CHECKS: dict[tuple[str, ...], Callable[[dict[str, str]], None]] = {
    ("n", "k", "rows", "hits", "mid-p"): mid_p,
    ("returns", "with the reason", "mid-p"): mid_p_of_a_reason,
    ("p", "family", "q"): q_values,
    ("inside", "outside", "lift", "excess", "mean", "yuan"): figures,
    ("finding 1", "finding 2", "cases", "yuan"): counted_together,
    ("n", "k", "day n", "day k", "low", "high", "outside"): usual_range,
    (
        "before",
        "after",
        "others before",
        "others after",
        "change",
        "low",
        "high",
        "verdict",
    ): effect_of_a_fix,
}


@pytest.mark.parametrize(("header", "rows"), list(tables()), ids=lambda part: str(part)[:40])
def test_a_table_of_the_document_is_true(header: tuple[str, ...], rows: Rows) -> None:
    for row in rows:
        CHECKS[header](row)
