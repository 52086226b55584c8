"""The computations of one score date side by side: only what differs between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from servicescore.selectors import metric_words
from servicescore.selectors.score_history import Revision
from servicescore.selectors.scores import MetricScore, ScoreView
from shopguard.lib import formats

# Beside each other fit so many; the newest ones.
MOST_BESIDE = 6
PLACES = 6


@dataclass(frozen=True)
class Cell:
    """What one computation says; ``is_new`` where the one before it said something else."""

    text: str
    is_new: bool


@dataclass(frozen=True)
class RevisionRow:
    """One figure over the computations, the oldest first."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RevisionTable:
    """The newest computations, oldest first; ``same`` is how many figures never changed."""

    revisions: tuple[Revision, ...]
    rows: tuple[RevisionRow, ...]
    same: int
    left_out: int


def revision_table(revisions: Sequence[Revision]) -> RevisionTable:
    """The table of ``revisions`` as they are listed, newest first."""
    beside = tuple(reversed(revisions[:MOST_BESIDE]))
    columns = [dict(_figures(one.view)) for one in beside]
    labels = list(dict.fromkeys(label for column in columns for label in column))
    rows = [_row(label, columns) for label in labels]
    differing = tuple(row for row in rows if len({cell.text for cell in row.cells}) > 1)
    return RevisionTable(
        revisions=beside,
        rows=differing,
        same=len(rows) - len(differing),
        left_out=len(revisions) - len(beside),
    )


def _row(label: str, columns: Sequence[Mapping[str, str]]) -> RevisionRow:
    texts = [column.get(label, formats.UNKNOWN) for column in columns]
    before = [texts[0], *texts[:-1]]
    return RevisionRow(
        label, tuple(Cell(text, text != was) for text, was in zip(texts, before, strict=True))
    )


def _figures(view: ScoreView) -> Iterator[tuple[str, str]]:
    yield _("总分"), exact(view.total)
    yield _("星级"), formats.UNKNOWN if view.stars is None else formats.stars(view.stars)
    yield _("超过同行"), exact(view.percentile)
    yield _("有总分的同行"), formats.number(view.peers_n)
    yield _("签收订单"), formats.number(view.signed_orders)
    yield _("规则校验值"), view.rule_hash
    for part in view.dimensions:
        label = metric_words.label(part.dimension)
        yield _("%(label)s得分") % {"label": label}, exact(part.score)
    for score in view.metrics:
        yield from _metric_figures(score)


def _metric_figures(score: MetricScore) -> Iterator[tuple[str, str]]:
    label = metric_words.label(score.metric)
    num = metric_words.numerator_text(score.metric, score.num)
    yield _("%(label)s：分子 / 分母") % {"label": label}, f"{num} / {formats.number(score.den)}"
    value = metric_words.shown(score.metric, score.value)
    yield _("%(label)s：加权值") % {"label": label}, exact(value)
    yield _("%(label)s：已剔除") % {"label": label}, formats.number(score.excl)
    yield _("%(label)s：超过同行") % {"label": label}, exact(score.percentile)
    yield _("%(label)s：得分") % {"label": label}, exact(score.score)


def exact(value: Any) -> str:
    """A number with the decimals it has, at most :data:`PLACES`."""
    if value is None:
        return formats.UNKNOWN
    text = formats.number(value, PLACES)
    return text.rstrip("0").rstrip(".")
