"""The files a shop lives on and how old each is: read once for the panel and the to-do line."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shopguard.lib import formats
from stores.kinds import kind_named, kind_names
from stores.kinds._declare import Kind
from stores.selectors.arrivals import arrivals
from stores.selectors.visit import Visit

# A file older than a long weekend tells of another week.
STALE_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class KindAge:
    """A kind of file with the time its newest file tells of, and when that was read; None where
    none has come.
    """

    name: str
    label: str
    as_of: datetime | None
    is_stale: bool
    read_at: datetime | None = None


def file_ages(visit: Visit) -> list[KindAge]:
    """Every kind of file that tells of days of a shop, the oldest first, what never came last."""
    kinds = [kind for kind in map(kind_named, kind_names()) if _tells_of_days(kind)]
    came = arrivals(shop=visit.shop, kinds=[kind.name for kind in kinds])
    found = []
    for kind in kinds:
        newest = came.get(kind.name)
        as_of, read_at = (newest.as_of, newest.read_at) if newest else (None, None)
        is_stale = as_of is not None and visit.now - as_of > STALE_AFTER
        found.append(KindAge(kind.name, label(kind), as_of, is_stale, read_at))
    return sorted(found, key=lambda age: (age.as_of is None, age.as_of or visit.now, age.name))


def files_mark(visit: Visit) -> str:
    """Changes with every file that came: part of the key of what is kept about a shop's records."""
    came = sorted(visit.once(file_ages), key=lambda age: age.name)
    return "/".join(str(age.read_at.timestamp()) if age.read_at else "" for age in came)


def _tells_of_days(kind: Kind) -> bool:
    return any(target.own_days or target.order_days for target in kind.targets)


def label(kind: Kind) -> str:
    """The name of a kind of file in the active language."""
    return kind.label_en if formats.is_english() else kind.label_zh
