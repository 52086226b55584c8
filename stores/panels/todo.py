"""What to do today, in the order to do it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from stores.duties import Line, lines_of
from stores.duties._files import file_ages
from stores.panels._declare import Panel
from stores.selectors.visit import Visit

# So many lines leave the figures beside them in sight.
MOST_OPEN = 8


@dataclass(frozen=True)
class TodoPanel:
    """The lines, and the time of the newest file they can know of."""

    lines: list[Line]
    known_until: datetime | None
    now: datetime

    @property
    def urgent(self) -> int:
        """How many lines are due within hours, or overdue."""
        return sum(line.tone == "urgent" for line in self.lines)

    @property
    def others_urgent(self) -> int:
        """How many urgent lines come after the first."""
        return sum(line.tone == "urgent" for line in self.lines[1:])

    @property
    def next(self) -> Line | None:
        """The first thing to do."""
        return self.lines[0] if self.lines else None

    @property
    def first_lines(self) -> list[Line]:
        """What always stands open: what has a time, or everything where nothing has."""
        return [line for line in self.lines if line.due_at] or self.lines

    @property
    def folded_lines(self) -> list[Line]:
        """The rest: folded on a phone, or where it is long, so that the cause is not far."""
        return self.lines[len(self.first_lines) :]

    @property
    def is_long(self) -> bool:
        """Whether the rest stays folded on a desk as well, until somebody asks for it."""
        return len(self.lines) > MOST_OPEN

    @property
    def is_clear(self) -> bool:
        """Whether nothing is due today."""
        return not any(line.tone for line in self.lines)


def todo(visit: Visit) -> TodoPanel:
    """Ask for it with ``visit.once``: the page needs it above the panels as well."""
    times = [age.as_of for age in visit.once(file_ages) if age.as_of is not None]
    return TodoPanel(lines_of(visit), max(times, default=None), visit.now)


def read(visit: Visit) -> TodoPanel:
    """The list of the page."""
    return visit.once(todo)


PANEL = Panel("todo", _("今天要做"), "hero", 20, "overview/todo.html", read)
