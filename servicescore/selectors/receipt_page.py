"""Everything the page of a receipt shows, in three queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from servicescore.selectors.check_words import DifferenceLine, difference_lines
from servicescore.selectors.receipt_check import ReceiptCheck, receipt_checked
from servicescore.selectors.receipt_inputs import (
    DimensionLine,
    InputLine,
    dimension_lines,
    input_lines,
)
from servicescore.selectors.revision_table import RevisionTable, revision_table
from servicescore.selectors.score_frame import FramedPage, ScoreFrame, frame_asked
from servicescore.selectors.score_history import CAUSES
from shopguard.lib import formats
from shopguard.lib.days import shanghai_day
from stores.models import Shop

EXACT_PLACES = 9


@dataclass(frozen=True)
class ReceiptPage(FramedPage):
    """The receipt of one revision; ``earlier`` is None where there is only one, ``check`` until
    somebody asks for it.
    """

    sentence: SafeString
    dimensions: list[DimensionLine]
    inputs: list[InputLine]
    earlier: RevisionTable | None
    check: ReceiptCheck | None

    @property
    def exact_total(self) -> str:
        """The total as it is stored."""
        return formats.number(self.view.total, EXACT_PLACES)

    @property
    def is_newest(self) -> bool:
        """Whether no later computation took its place."""
        revisions = self.frame.revisions
        return not revisions or any(one.is_shown and one.is_newest for one in revisions)

    @property
    def cause(self) -> str:
        """Why the revision was written."""
        return str(CAUSES[self.view.cause])

    @property
    def differences(self) -> list[DifferenceLine]:
        """What the check found, in words."""
        return difference_lines(self.check) if self.check else []

    @property
    def half_life(self) -> str:
        """After how many days an event weighs half."""
        return formats.number(self.view.rules.half_life)

    @property
    def value_share(self) -> float:
        """How much of a score the value makes, where there is a rank."""
        return 1 - self.view.rules.rank_share

    @property
    def weight_present(self) -> float:
        """The weights of the present dimensions together."""
        return sum(line.weight for line in self.dimensions if line.score is not None)

    @property
    def has_modes(self) -> bool:
        """Whether any metric is scored by trade mode."""
        return any(line.is_mode for line in self.inputs)


def receipt_page(
    *, shop: Shop, role: str, now: datetime, asked: Mapping[str, str]
) -> ReceiptPage | None:
    """The receipt for a person of ``role``; None where there is no such score.

    ``asked`` may name a score date (``date``) and a ``revision`` of it, and ask for a ``check``.
    """
    frame = frame_asked(shop, role, now, asked)
    if frame is None:
        return None
    return ReceiptPage(
        frame=frame,
        sentence=_sentence(frame, now),
        dimensions=dimension_lines(frame.view),
        inputs=input_lines(frame.view),
        earlier=revision_table(frame.revisions) if frame.revisions else None,
        check=receipt_checked(frame.view) if asked.get("check") else None,
    )


def _sentence(frame: ScoreFrame, now: datetime) -> SafeString:
    """The total of the date, from how many metrics it was computed and how often."""
    view = frame.view
    told = {
        "day": formats.day(view.date, shanghai_day(now)),
        "total": formats.score(view.total),
        "n": sum(metric.score is not None for metric in view.metrics),
        "times": max((one.view.revision for one in frame.revisions), default=1),
    }
    if view.total is None:
        return format_html(_("{day}没有总分：每一项的输入都在这里"), **told)
    if told["times"] == 1:
        return format_html(_("{day}的 {total} 由 {n} 项指标算出，没有更正过"), **told)
    return format_html(_("{day}的分数算过 {times} 次，这一次是 {total}"), **told)
