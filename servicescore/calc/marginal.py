"""What single records do to the total of a shop, from sums alone."""

from servicescore.calc.rules import Floats
from servicescore.calc.standpoint import Standpoint, repeated, scored_again
from servicescore.calc.windows import Integers, WindowSums


def effects_on_total(
    stand: Standpoint, stem: str, weights: Floats, nums: Integers, dens: Integers
) -> Floats:
    """The total without each record less the total with it, the other shops held as they are.

    ``nums`` and ``dens`` are what the records add to the sums of ``stem`` (stored integers) and
    ``weights`` their weights; a positive effect is a record the shop would do better without.
    Only this metric loses the record, not others that count the same order, and a metric that
    falls below its least n leaves the score. NaN where there is no total with or without it.
    """
    changed = without(stand.sums, stem, weights, nums, dens)
    effects: Floats = scored_again(stand, changed).total - scored_again(stand, stand.sums).total
    return effects


def without(
    sums: WindowSums, stem: str, weights: Floats, nums: Integers, dens: Integers
) -> WindowSums:
    """The sums of a shop without each of some records, one entry per record."""
    changed = repeated(sums, len(weights))
    num, den = f"{stem}_num", f"{stem}_den"
    plain = {num: changed.plain[num] - nums, den: changed.plain[den] - dens}
    weighted = {
        num: changed.weighted[num] - weights * nums,
        den: changed.weighted[den] - weights * dens,
    }
    return WindowSums(plain={**changed.plain, **plain}, weighted={**changed.weighted, **weighted})
