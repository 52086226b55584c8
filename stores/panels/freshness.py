"""How old the files are that everything above rests on."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from stores.duties._files import KindAge, file_ages
from stores.panels._declare import Panel
from stores.selectors.visit import Visit


@dataclass(frozen=True)
class FreshnessPanel:
    """Kinds of files that have come, the oldest first, and those that never did."""

    came: list[KindAge]
    never: list[KindAge]

    @property
    def stale(self) -> int:
        """How many kinds are old."""
        return sum(age.is_stale for age in self.came)

    @property
    def state(self) -> str:
        """The state of all of them together."""
        if not self.came:
            return "none"
        return "watch" if self.stale else "good"


def read(visit: Visit) -> FreshnessPanel:
    """Every kind of file that tells of days of a shop."""
    ages = visit.once(file_ages)
    return FreshnessPanel(
        came=[age for age in ages if age.as_of is not None],
        never=[age for age in ages if age.as_of is None],
    )


PANEL = Panel("freshness", _("数据新鲜度"), "wide", 20, "overview/freshness.html", read)
