"""How sure a total is, from the sampling noise of its metrics."""

from datetime import timedelta

import numpy as np

from servicescore.calc.interval import Interval, total_interval
from servicescore.calc.standpoint import Standpoint
from servicescore.calc.weekly import Days
from servicescore.rules import compiled_outlook_rules
from servicescore.selectors.forecast import PLACES
from servicescore.selectors.scores import ScoreView
from servicescore.selectors.stored_window import stored_window
from shopguard.lib.days import day_number


def interval_of(view: ScoreView, stand: Standpoint) -> Interval | None:
    """The middle 80 % of where the total could as well lie; None without a total.

    The same score always gets the same interval. ``stand`` is where its shop stood; one query, the
    shop's daily rows.
    """
    if view.total is None:
        return None
    window = stored_window([view.shop_id], view.date - timedelta(days=1), view.rules.window_days)
    chance = np.random.default_rng([day_number(view.date), view.shop_id, view.revision])
    return total_interval(stand, Days(window, PLACES), compiled_outlook_rules(), chance)
