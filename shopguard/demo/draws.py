"""Random numbers that depend on nothing but the seed, a purpose and the key of a fact.

A stream that is read in order changes everything behind the place where one more number was drawn.
Here each number is a hash of what it is for, so yesterday's orders stay the same when the market is
built again tomorrow, or with fewer shops. The mixing function is SplitMix64 (Steele, Lea and
Flood, 2014).
"""

import hashlib

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_FRACTION_BITS = 53


def _mix(words: Keys) -> Keys:
    words = (words ^ (words >> np.uint64(30))) * _FIRST
    words = (words ^ (words >> np.uint64(27))) * _SECOND
    return words ^ (words >> np.uint64(31))


def keyed(*parts: Ints | Keys) -> Keys:
    """One key per element from integer parts of any broadcastable shapes (not of plain numbers)."""
    words = np.zeros((1,), dtype=np.uint64)
    for part in parts:
        words = _mix(words * _STEP + np.asarray(part).astype(np.uint64) + _STEP)
    return words


class Draws:
    """Random numbers of one market. Every method is a pure function of its arguments."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def _start(self, purpose: str) -> Keys:
        digest = hashlib.blake2b(f"{self._seed}:{purpose}".encode(), digest_size=8).digest()
        return np.array([int.from_bytes(digest, "big")], dtype=np.uint64)

    def uniform(self, purpose: str, key: Keys) -> Floats:
        """Numbers in [0, 1), one per key."""
        words = _mix(_mix(key + self._start(purpose)) + _STEP)
        return (words >> np.uint64(64 - _FRACTION_BITS)).astype(np.float64) * 2.0**-_FRACTION_BITS

    def normal(self, purpose: str, key: Keys) -> Floats:
        """Standard normal numbers (Box and Muller), one per key."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(purpose + "/radius", key)))
        return radius * np.cos(2.0 * np.pi * self.uniform(purpose + "/angle", key))

    def chance(self, purpose: str, key: Keys, probability: Floats | float) -> Flags:
        """True with the given probability, one per key."""
        return self.uniform(purpose, key) < probability

    def skewed(self, purpose: str, key: Keys, spread: float) -> Floats:
        """Log-normal factors with mean 1; ``spread`` is the standard deviation of the logarithm."""
        return np.exp(spread * self.normal(purpose, key) - spread * spread / 2.0)

    def pick(self, purpose: str, key: Keys, weights: Floats) -> Ints:
        """Index into ``weights`` (one row for all keys, or one row per key), by weight."""
        steps = np.cumsum(weights, axis=-1)
        place = self.uniform(purpose, key) * steps[..., -1]
        if steps.ndim == 1:
            return np.searchsorted(steps, place, side="right").astype(np.int64)
        return np.asarray((place[:, None] >= steps).sum(axis=1), dtype=np.int64)

    def counts(self, purpose: str, key: Keys, rate: Floats) -> Ints:
        """Poisson counts with the given rates (below about 500), one per key."""
        place = self.uniform(purpose, key)
        term = np.exp(-rate)
        reached = term.copy()
        result = np.zeros(rate.shape, dtype=np.int64)
        for step in range(1, int(20 + 4 * rate.max(initial=0.0))):
            further = place >= reached
            if not further.any():
                break
            result[further] = step
            term = term * rate / step
            reached = reached + term
        return result
