"""Where the middle of an industry stands."""

from collections import defaultdict

import numpy as np

from servicescore.selectors.standpoint import Results


def dimension_middles(night: Results) -> dict[str, float]:
    """The median score of each dimension among the shops of an industry.

    A dimension that fewer shops have than a rank needs is left out.
    """
    scores: dict[str, list[float]] = defaultdict(list)
    for result in night.by_shop.values():
        for name, part in result["dimensions"].items():
            if part["score"] is not None:
                scores[name].append(part["score"])
    enough = {name: found for name, found in scores.items() if len(found) >= night.rules.peers}
    return {name: float(np.median(found)) for name, found in enough.items()}
