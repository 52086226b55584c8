"""Every table of the document on findings is what the code computes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from aftersales.calc.exact import binomial_midp, discoveries, hypergeometric_midp
from tests.findings.recipes import RULES, found_in

DOCUMENT = Path(__file__).parents[2] / "docs" / "algorithms" / "findings.md"
Rows = list[dict[str, str]]


def tables() -> Iterator[tuple[tuple[str, ...], Rows]]:
    """Header and rows of every table."""
    for block in DOCUMENT.read_text("utf-8").split("\n\n"):
        if block.startswith("|"):
            header, _, *rows = (
                tuple(cell.strip() for cell in line.strip("|").split("|"))
                for line in block.strip().splitlines()
            )
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


CHECKS: dict[tuple[str, ...], Callable[[dict[str, str]], None]] = {
    ("n", "k", "rows", "hits", "mid-p"): mid_p,
    ("returns", "with the reason", "mid-p"): mid_p_of_a_reason,
    ("p", "family", "q"): q_values,
    ("inside", "outside", "lift", "excess", "mean", "yuan"): figures,
}


@pytest.mark.parametrize(("header", "rows"), list(tables()), ids=lambda part: str(part)[:40])
def test_a_table_of_the_document_is_true(header: tuple[str, ...], rows: Rows) -> None:
    for row in rows:
        CHECKS[header](row)
