"""What panel and duties of cover share on the overview, each read with ``visit.once``.

What is told from a shop's orders is kept for minutes, or until a file comes or another quote is
the newest; a case moved by hand shows a little later.
"""

from collections.abc import Callable
from typing import TypeVar

from freightins.models import FeeOutlook
from freightins.selectors.enrolments import cover_seen, disputes_by
from freightins.selectors.fees import Fees, fees_at
from freightins.selectors.outlooks import outlook_at
from freightins.selectors.product_page import VIEWS, rows_by
from shopguard.lib.days import shanghai_day
from shopguard.lib.keeping import kept_for
from stores.duties._files import files_mark
from stores.selectors.visit import Visit

KEPT_SECONDS = 10 * 60
T = TypeVar("T")


def fees_seen(visit: Visit) -> Fees:
    """The newest quote and the last fees."""
    return fees_at(shop=visit.shop, now=visit.now)


def outlook_seen(visit: Visit) -> FeeOutlook | None:
    """Where next week's fee is heading."""
    shop, now = visit.shop, visit.now
    return _kept("outlook", visit, lambda: outlook_at(shop=shop, now=now))


def disputes_seen(visit: Visit) -> float | None:
    """The dispute rate eligibility looks at."""
    newest = visit.once(fees_seen).newest
    return _kept("disputes", visit, lambda: disputes_by(newest, shop=visit.shop, now=visit.now))


def advised_off_seen(visit: Visit) -> int:
    """How many covered products had better not be; counted again when a choice changes."""
    shop, newest, now = visit.shop, visit.once(fees_seen).newest, visit.now
    return _kept(
        f"advised{visit.once(cover_seen).choices}",
        visit,
        lambda: sum(map(VIEWS["off"], rows_by(newest, shop=shop, now=now))),
    )


def _kept(name: str, visit: Visit, work: Callable[[], T]) -> T:
    newest = visit.once(fees_seen).newest
    parts = (visit.shop.pk, newest.pk if newest else 0, shanghai_day(visit.now))
    key = ":".join(map(str, (name, *parts, visit.once(files_mark))))
    return kept_for(KEPT_SECONDS, key, work)
