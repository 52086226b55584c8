"""The page of who answers a shop's customers."""

from dataclasses import dataclass
from datetime import date, datetime

from servicescore.calc.assessment import PASSED, AssessmentRules
from servicescore.calc.mode import CONDITIONS, EXAMINED, RUNNING, SIGNED, STAFFED
from servicescore.models import ModeSwitch, ServiceModeSpell
from servicescore.rules import compiled_assessment_rules
from servicescore.selectors.modes import (
    AgentLine,
    Blacklisting,
    Ground,
    agent_lines,
    blacklisting_of,
    ground_of,
    switches_newest,
)
from shopguard.lib import formats
from shopguard.lib.days import shanghai_day
from stores.calc.clauses import Clause
from stores.models import Shop
from stores.selectors.conduct import clauses_on


@dataclass(frozen=True)
class Condition:
    """One line of the checklist; ``is_met`` is None where the owner has to say."""

    name: str
    is_met: bool | None


@dataclass(frozen=True)
class ClauseLine:
    """A clause of conduct in the active language."""

    clause: Clause
    text: str

    @property
    def number(self) -> str:
        """Its number in the rules; empty for a clause that has only a name."""
        return self.clause.code if self.clause.code.isdigit() else ""


@dataclass(frozen=True)
class ModePage:
    """All of the page. ``since`` is empty for the mode the shop opened with."""

    mode: str
    since: date | None
    ground: Ground
    waiting: ModeSwitch | None
    conditions: list[Condition]
    switches: list[ModeSwitch]
    agents: list[AgentLine]
    blacklist: Blacklisting
    rules: AssessmentRules
    clauses: list[ClauseLine]

    @property
    def is_own(self) -> bool:
        """Whether the shop answers for itself."""
        return self.mode == Shop.ServiceMode.OWN

    @property
    def failures(self) -> int:
        """Tries at the exam of the waiting switch that failed."""
        exams = self.waiting.exams.all() if self.waiting else ()
        return sum(exam.outcome != PASSED for exam in exams)


def mode_page(*, shop: Shop, now: datetime) -> ModePage:
    """As it stands now."""
    today, ground = shanghai_day(now), ground_of(shop, now=now)
    switches = switches_newest(shop)
    waiting = next((each for each in switches if each.state == ModeSwitch.State.OPEN), None)
    spell = ServiceModeSpell.objects.for_shop(shop).order_by("pk").last()
    return ModePage(
        mode=shop.service_mode,
        since=spell.from_day if spell and spell.mode == shop.service_mode else None,
        ground=ground,
        waiting=waiting,
        conditions=_conditions(ground, waiting),
        switches=switches,
        agents=agent_lines(shop, ground),
        blacklist=blacklisting_of(shop, day=today),
        rules=compiled_assessment_rules(today),
        clauses=clause_lines(today),
    )


def _conditions(ground: Ground, waiting: ModeSwitch | None) -> list[Condition]:
    met = {
        SIGNED: True if waiting else None,
        RUNNING: ground.is_running,
        STAFFED: len(ground.agents) >= ground.needed,
        EXAMINED: False,
    }
    return [Condition(name, met[name]) for name in CONDITIONS]


def clause_lines(day: date) -> list[ClauseLine]:
    """The clauses of conduct in force on a day, in the active language."""
    is_english = formats.is_english()
    return [
        ClauseLine(clause, clause.text_en if is_english else clause.text_zh)
        for clause in clauses_on(day).values()
    ]
