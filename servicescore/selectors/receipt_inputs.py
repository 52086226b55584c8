"""The inputs of a score, metric by metric, so that a person can compute it again with a pencil."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicescore.selectors import metric_words
from servicescore.selectors.metric_ladder import Part, ladder_of
from servicescore.selectors.scores import MetricScore, ScoreView
from shopguard.lib import formats
from shopguard.lib.exports import Column

SUM_PLACES = {"hours": 2, "stars": 3, "fraction": 3}
VALUE_PLACES = {"hours": 3, "stars": 4, "fraction": 3}


@dataclass(frozen=True)
class DimensionLine:
    """One dimension: ``points`` is what it adds to the total, its score by its share."""

    label: str
    score: float | None
    weight: float
    share: float
    points: float | None


@dataclass(frozen=True)
class InputLine:
    """One metric, or one trade mode of it. ``wnum`` is in the unit of the value.

    ``relative`` is what the rank (or a benchmark) is worth, ``absolute`` what the value is worth;
    both are None for a metric whose modes are scored apart, and without a score.
    """

    metric: str
    label: str
    mode: str
    unit: str
    wnum: float
    wden: float
    value: float | None
    num: float
    den: int
    excl: int
    peers: int
    percentile: float | None
    relative: float | None
    absolute: float | None
    score: float | None
    share: float | None

    @property
    def is_mode(self) -> bool:
        """Whether this is a part of the line above."""
        return bool(self.mode)

    @property
    def value_text(self) -> str:
        """The value with enough decimals to follow the division."""
        shown = (
            self.value * 100 if self.value is not None and self.unit == "fraction" else self.value
        )
        text = formats.number(shown, VALUE_PLACES[self.unit])
        if self.value is None or self.unit == "stars":
            return text
        return f"{text}%" if self.unit == "fraction" else _("%(n)s 小时") % {"n": text}

    @property
    def sums_text(self) -> str:
        """The weighted numerator by the weighted denominator."""
        if not self.wden:
            return formats.UNKNOWN
        places = SUM_PLACES[self.unit]
        return f"{formats.number(self.wnum, places)} / {formats.number(self.wden, 3)}"

    @property
    def plain_text(self) -> str:
        """The unweighted numerator by the unweighted denominator."""
        if not self.den:
            return formats.UNKNOWN
        places = 1 if self.unit == "hours" else 0
        return f"{formats.number(self.num, places)} / {formats.number(self.den)}"


def dimension_lines(view: ScoreView) -> list[DimensionLine]:
    """Every dimension with its part of the total."""
    present = sum(part.weight for part in view.dimensions if part.score is not None)
    lines = []
    for part in view.dimensions:
        share = part.weight / present if present and part.score is not None else 0.0
        points = None if part.score is None else part.score * share
        label = metric_words.label(part.dimension)
        lines.append(DimensionLine(label, part.score, part.weight, share, points))
    return lines


def input_lines(view: ScoreView) -> list[InputLine]:
    """Every metric in the order of the rule set, each followed by its trade modes."""
    return [line for score in view.metrics for line in _lines_of(view, score)]


def _lines_of(view: ScoreView, score: MetricScore) -> Iterator[InputLine]:
    metric = score.metric
    ladder = ladder_of(view.rules.metrics[metric.id], score, view.rules)
    own = None if metric.modes else ladder.parts[0]
    share = score.weight or None
    yield _line(score, score.receipt, own, share=share)
    if not metric.modes:
        return
    shown = [mode for mode in metric.modes if score.modes[mode]["n"]]
    for mode, part in zip(shown, ladder.parts, strict=True):
        yield _line(score, score.modes[mode], part, mode=part.label)


def _line(
    score: MetricScore,
    receipt: object,
    part: Part | None,
    *,
    mode: str = "",
    share: float | None = None,
) -> InputLine:
    kept: dict[str, float] = dict(receipt)  # type: ignore[call-overload]
    metric = score.metric
    return InputLine(
        metric=metric.id,
        label=metric_words.label(metric),
        mode=mode,
        unit=metric.unit,
        wnum=kept["wnum"] / metric.scale,
        wden=kept["wden"],
        value=kept["value"],
        num=kept["num"] / metric.scale,
        den=int(kept["den"]),
        excl=int(kept["excl"]),
        peers=int(kept["peers"]),
        percentile=kept["percentile"],
        relative=part.relative if part else None,
        absolute=part.absolute if part else None,
        score=kept["score"],
        share=share,
    )


def input_columns() -> list[Column[InputLine]]:
    """The columns of the download: numbers as they are stored, rates as fractions."""
    return [
        Column(_("指标"), lambda line: line.label),
        Column(_("贸易方式"), lambda line: line.mode),
        Column(_("加权分子"), lambda line: line.wnum),
        Column(_("加权分母"), lambda line: line.wden),
        Column(_("加权值"), lambda line: line.value),
        Column(_("分子"), lambda line: line.num),
        Column(_("分母"), lambda line: line.den),
        Column(_("已剔除"), lambda line: line.excl),
        Column(pgettext("column", "同行"), lambda line: line.peers),
        Column(_("超过同行"), lambda line: line.percentile),
        Column(_("排名得分"), lambda line: line.relative),
        Column(_("数值得分"), lambda line: line.absolute),
        Column(_("得分"), lambda line: line.score),
        Column(_("占总分权重"), lambda line: line.share),
    ]
