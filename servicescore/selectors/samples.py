"""Quality samples as their pages show them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import fmean

from django.db.models import QuerySet
from django.http import QueryDict

from servicescore.calc.assessment import AssessmentRules
from servicescore.calc.sampling import SamplingRules, sample_score, share_good
from servicescore.models import QualitySample
from servicescore.rules import compiled_sampling_rules
from shopguard.lib.days import SHANGHAI, day_start, shanghai_day
from shopguard.lib.paging import Page, page_of
from stores.models import Consultation, Shop

SUMMED_UP = timedelta(weeks=12)
PAGE_SIZE = 25


def week_of(now: datetime) -> date:
    """The Monday of the week."""
    today = shanghai_day(now)
    return today - timedelta(days=today.weekday())


def sessions_to_draw(
    shop: Shop, *, now: datetime, span: timedelta, hours: AssessmentRules
) -> list[tuple[str, str]]:
    """Id and agent of the sessions in the assessed hours of the last days not drawn yet."""
    today = shanghai_day(now)
    rows = Consultation.objects.for_shop(shop).filter(
        started_at__gte=day_start(today - span), started_at__lt=day_start(today)
    )
    drawn = QualitySample.objects.for_shop(shop).values("consultation_ref")
    fresh = rows.exclude(external_id__in=drawn).values_list("external_id", "agent", "started_at")
    return [(name, agent) for name, agent, at in fresh if hours.opens <= _clock(at) < hours.closes]


def _clock(at: datetime) -> int:
    local = at.astimezone(SHANGHAI)
    return (local.hour * 60 + local.minute) * 60 + local.second


@dataclass(frozen=True)
class SampleLine:
    """A session of the sample; ``score`` is the mean of its marks, None while nobody read it."""

    sample: QualitySample
    score: float | None
    is_good: bool


@dataclass
class AgentScore:
    """What one agent's sessions were given."""

    name: str
    scores: list[float] = field(default_factory=list)
    broken: int = 0

    @property
    def mean(self) -> float:
        """The mean of all sessions."""
        return fmean(self.scores)


@dataclass(frozen=True)
class SamplesPage:
    """All of the page; ``agents`` are of the last twelve weeks, the lowest first."""

    lines: list[SampleLine]
    page: Page[QualitySample]
    waiting: int
    drawn: int
    agents: list[AgentScore]
    good_share: float | None
    rules: SamplingRules
    week: date


def samples_of(shop: Shop) -> QuerySet[QualitySample]:
    """Every sample of the shop, the newest first."""
    return QualitySample.objects.for_shop(shop).order_by("-week", "-started_at", "-pk")


def sample_of(*, shop: Shop, key: int) -> QualitySample | None:
    """One session of a sample."""
    return samples_of(shop).filter(pk=key).first()


def consultation_of(sample: QualitySample) -> Consultation | None:
    """The session itself; None where its record is gone."""
    rows = Consultation.objects.for_shop(sample.shop)
    return rows.filter(external_id=sample.consultation_ref).first()


def samples_page(*, shop: Shop, asked: QueryDict, now: datetime) -> SamplesPage:
    """The newest sessions, and what the agents were given."""
    rules, week = compiled_sampling_rules(), week_of(now)
    recent = samples_of(shop).filter(scored_at__isnull=False, week__gte=week - SUMMED_UP)
    agents, scores = _agents(recent)
    page = page_of(samples_of(shop), asked, size=PAGE_SIZE)
    return SamplesPage(
        lines=[line_of(row, rules) for row in page.rows],
        page=page,
        waiting=samples_of(shop).filter(scored_at__isnull=True).count(),
        drawn=samples_of(shop).filter(week=week).count(),
        agents=agents,
        good_share=share_good(scores, rules),
        rules=rules,
        week=week,
    )


def line_of(sample: QualitySample, rules: SamplingRules) -> SampleLine:
    """A session with what its marks come to."""
    score = sample_score(sample.marks) if sample.marks else None
    return SampleLine(sample, score, score is not None and score >= rules.pass_from)


def _agents(rows: QuerySet[QualitySample]) -> tuple[list[AgentScore], list[float]]:
    found = defaultdict[str, AgentScore](lambda: AgentScore(""))
    scores = []
    for row in rows:
        if row.marks is None:
            continue
        agent = found[row.agent]
        agent.name = row.agent
        agent.scores.append(sample_score(row.marks))
        agent.broken += bool(row.clause)
        scores.append(agent.scores[-1])
    return sorted(found.values(), key=lambda agent: (agent.mean, agent.name)), scores
