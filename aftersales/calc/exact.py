"""Exact one-sided tests with half of the observed point, and control of false discovery.

Mid-p: the chance of more than what was seen, and half the chance of exactly that. A p above the
expectation only is worked out to the last digit; where no more was seen than expected it is 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aftersales.calc.lines import Flags, Integers

Floats = NDArray[np.float64]
LongFloats = NDArray[np.longdouble]
# A term this much smaller than the sum changes no digit of it.
NEGLIGIBLE = float(np.finfo(np.float64).eps) / 2


def log_factorials(most: int) -> LongFloats:
    """ln 0! to ln ``most``!, summed in extended precision so that differences stay exact."""
    terms = np.log(np.arange(1, most + 1, dtype=np.longdouble))
    return np.concatenate([np.zeros(1, dtype=np.longdouble), np.cumsum(terms)])


def hypergeometric_midp(n: Integers, k: Integers, rows: Integers, hits: Integers) -> Floats:
    """The mid-p of ``k`` or more hits among ``n`` of the ``rows``, of which ``hits`` are hits."""
    p = np.ones(len(n))
    more = np.flatnonzero(k * rows > n * hits)
    if not len(more):
        return p
    n, k, rows, hits = n[more], k[more], rows[more], hits[more]
    ln = log_factorials(int(rows.max()))
    point = _ln_choose(ln, hits, k) + _ln_choose(ln, rows - hits, n - k) - _ln_choose(ln, rows, n)
    misses = rows - hits - n

    def ratio(x: Integers, at: Integers) -> Floats:
        up = (hits[at] - x).astype(np.float64) * (n[at] - x)
        return np.asarray(up / ((x + 1.0) * (misses[at] + x + 1)))

    p[more] = _tail(np.exp(point).astype(np.float64), k, ratio)
    return p


def binomial_midp(n: Integers, k: Integers, share: float) -> Floats:
    """The mid-p of ``k`` or more of ``n`` where each has the chance ``share``."""
    p = np.ones(len(n))
    more = np.flatnonzero(k > n * share)
    if not len(more):
        return p
    n, k = n[more], k[more]
    point = _ln_choose(log_factorials(int(n.max())), n, k)
    point = point + k * np.log(np.longdouble(share))
    point = point + (n - k) * np.log1p(-np.longdouble(share))

    def ratio(x: Integers, at: Integers) -> Floats:
        return np.asarray((n[at] - x) / (x + 1) * share / (1 - share))

    p[more] = _tail(np.exp(point).astype(np.float64), k, ratio)
    return p


def _ln_choose(ln: LongFloats, of: Integers, some: Integers) -> LongFloats:
    return np.asarray(ln[of] - ln[some] - ln[of - some], dtype=np.longdouble)


def _tail(point: Floats, k: Integers, ratio: Callable[[Integers, Integers], Floats]) -> Floats:
    """Half of ``point`` and every term after it, each being the one before times ``ratio``."""
    total = point / 2
    at = np.arange(len(point))
    term, x = point.copy(), k.copy()
    while len(at):
        term = term * ratio(x, at)
        total[at] += term
        x = x + 1
        going = term > total[at] * NEGLIGIBLE
        at, term, x = at[going], term[going], x[going]
    return total


@dataclass(frozen=True)
class Discoveries:
    """Which p-values pass, and the q-value of each."""

    passes: Flags
    q: Floats


def discoveries(p: Floats, family: int, rate: float) -> Discoveries:
    """Benjamini and Hochberg at ``rate`` over a family of tests, the ``p`` of some being given."""
    order = np.argsort(p, kind="stable")
    places = np.arange(1, len(p) + 1)
    scaled = p[order] * family / places
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return Discoveries(q <= rate, q)
