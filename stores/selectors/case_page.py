"""One violation on a page of its own: facts, why each point was given, what was decided when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import pgettext

from stores.calc.cases import MOVES
from stores.calc.standing import Entry, Node, Standing
from stores.models import Appeal, AppealPaper, PenaltyLogRow, Shop, Violation
from stores.selectors.appeals import papers_of
from stores.selectors.case_history import LastDecision, last_decision
from stores.selectors.case_words import SCOPES, node_word, rule_title
from stores.selectors.cases import rules_of_appeals
from stores.selectors.conduct import rules_of_clause, standing_of
from stores.selectors.penalty_lines import CaseLine, case_lines, morning_after
from stores.selectors.penalty_log import lines_of


@dataclass(frozen=True)
class CaseShown:
    """All a page says of one violation."""

    line: CaseLine
    standing: Standing
    rule_title: str
    rule_source: str
    scope: str
    log: list[PenaltyLogRow]
    moves: frozenset[str]
    tries_left: int
    papers: dict[int, list[AppealPaper]]
    last: LastDecision | None

    @property
    def entry(self) -> Entry | None:
        """Its step in the replay of the shop's points."""
        return self.line.entry

    @property
    def after(self) -> int:
        """Points of its kind after it."""
        entry = self.entry
        return entry.before + entry.case.points if entry else 0

    @property
    def reached(self) -> list[str]:
        """The nodes it newly reached."""
        return [node_word(node) for node in self.entry.reached] if self.entry else []

    @property
    def next_node(self) -> Node | None:
        """The node above the points of its kind today."""
        return self.standing.next_nodes.get(self.line.kind)

    @property
    def tries(self) -> list[tuple[Appeal, list[AppealPaper]]]:
        """Every appeal with its papers."""
        return [(appeal, self.papers.get(appeal.pk, [])) for appeal in self.line.appeals]

    @property
    def open_appeal(self) -> Appeal | None:
        """The appeal that waits for a decision."""
        appeal = self.line.appeal
        return appeal if appeal and appeal.state == Appeal.State.OPEN else None


def all_cases() -> QuerySet[Violation]:
    """Every case there is, for an admin to choose from."""
    return Violation.objects.select_related("shop")


def case_of(*, key: int, shop: Shop | None = None) -> Violation | None:
    """A case by its key, of one shop where one is given."""
    rows = Violation.objects.for_shop(shop) if shop else Violation.objects.all()
    return rows.select_related("shop").filter(pk=key).first()


def case_named(*, shop: Shop, external_id: str) -> Violation | None:
    """A case of a shop by the platform's id."""
    rows = Violation.objects.for_shop(shop).select_related("shop")
    return rows.filter(external_id=external_id).first()


def appeal_of(*, key: int) -> Appeal | None:
    """An appeal by its key."""
    return Appeal.objects.filter(pk=key).first()


def case_appealed(appeal: Appeal) -> Violation:
    """The case an appeal is about."""
    return Violation.objects.get(shop=appeal.shop_id, external_id=appeal.violation_ref)


def shop_named(external_id: str) -> Shop | None:
    """A shop by its id."""
    return Shop.objects.filter(external_id=external_id).first()


def case_shown(case: Violation, *, now: datetime) -> CaseShown:
    """What the page of ``case`` shows."""
    (line,) = case_lines([case], now=now)
    rules = rules_of_clause(case)
    scope = line.clause.scope if line.clause else ()
    return CaseShown(
        line=line,
        standing=standing_of(case.shop, day=morning_after(now)),
        rule_title=rule_title(rules) if rules else "",
        rule_source=rules.source if rules else "",
        scope=pgettext("list", "、").join(str(SCOPES.get(each, each)) for each in scope),
        log=lines_of(case.shop, case.external_id),
        moves=MOVES[case.state],
        tries_left=max(0, rules_of_appeals(case).tries - len(line.appeals)),
        papers=_papers(case),
        last=last_decision(case),
    )


def _papers(case: Violation) -> dict[int, list[AppealPaper]]:
    found: dict[int, list[AppealPaper]] = {}
    rows = papers_of(shop=case.shop).filter(appeal__violation_ref=case.external_id)
    for paper in rows.order_by("pk"):
        found.setdefault(paper.appeal_id, []).append(paper)
    return found
