"""By which day returns are counted and by what they are divided: part of every heading.

``signed`` and ``paid`` ask what became of the lines of a day; ``applied`` asks what was applied for
on a day, by the lines signed for or paid on that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models.fields.json import KeyTransform
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aftersales.calc.return_sums import APPLIED, BASES, LATEST, PAID, QUALITY, SIGNED
from aftersales.models import ReturnSumsRow
from stores.models import Shop

FIRST, NEWEST = "first", "latest"


@dataclass(frozen=True)
class Basis:
    """What was asked for: the day, the denominator (that of the day but for ``applied``), and
    whether the first or the latest reason says what is quality.
    """

    day: str = SIGNED
    of: str = SIGNED
    reason: str = FIRST

    @property
    def query(self) -> str:
        """Its part of an address; what is usual is left out."""
        given = {"basis": self.day} if self.day != SIGNED else {}
        if self.day == APPLIED and self.of != SIGNED:
            given["of"] = self.of
        if self.reason != FIRST:
            given["reason"] = self.reason
        return urlencode(given)

    def rows_query(self, by: str, value: str) -> str:
        """The address of the rows of a value by it."""
        return "&".join(
            part for part in (self.query, urlencode({"by": by, "value": value})) if part
        )

    @property
    def quality(self) -> int:
        """Which of the sums counts quality."""
        return QUALITY if self.reason == FIRST else LATEST

    @property
    def words(self) -> str:
        """For headings: by which day, divided by what."""
        if self.day == APPLIED:
            of = _("当日签收件数") if self.of == SIGNED else _("当日支付件数")
            return _("按申请日，分母是%(of)s") % {"of": of}
        return (
            _("按签收日，分母是签收件数") if self.day == SIGNED else _("按支付日，分母是支付件数")
        )

    @property
    def day_words(self) -> str:
        """The name of the day, for the head of a column."""
        return {SIGNED: _("签收日"), PAID: _("支付日"), APPLIED: _("申请日")}[self.day]

    @property
    def of_words(self) -> str:
        """The name of the denominator."""
        return _("签收件数") if self.of == SIGNED else _("支付件数")

    @property
    def reason_words(self) -> str:
        """Which reason counts."""
        return _("按首次原因") if self.reason == FIRST else _("按最新原因")


def basis_of(asked: QueryDict) -> Basis:
    """The basis an address asks for; the usual one for anything that is none."""
    day = asked.get("basis", "")
    day = day if day in BASES else SIGNED
    of = asked.get("of", "") if day == APPLIED else day
    of = of if of in (SIGNED, PAID) else SIGNED
    return Basis(day, of, NEWEST if asked.get("reason") == NEWEST else FIRST)


@dataclass(frozen=True)
class Choice:
    """A link of the switch."""

    label: str
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Switch:
    """The links that change the basis, everything else of the address kept (``rest``)."""

    days: list[Choice]
    denominators: list[Choice]
    reasons: list[Choice]
    words: str


def switch_of(basis: Basis, rest: str = "") -> Switch:
    """The links of the switch; denominators only where there is a choice."""

    def choice(label: str, other: Basis) -> Choice:
        query = "&".join(part for part in (other.query, rest) if part)
        return Choice(label, query, other == basis)

    days = [
        choice(_("签收日"), replace(basis, day=SIGNED, of=SIGNED)),
        choice(_("支付日"), replace(basis, day=PAID, of=PAID)),
        choice(_("申请日"), replace(basis, day=APPLIED, of=basis.of)),
    ]
    denominators = [
        choice(_("签收件数"), replace(basis, of=SIGNED)),
        choice(_("支付件数"), replace(basis, of=PAID)),
    ]
    reasons = [
        choice(_("首次原因"), replace(basis, reason=FIRST)),
        choice(_("最新原因"), replace(basis, reason=NEWEST)),
    ]
    shown = denominators if basis.day == APPLIED else []
    return Switch(days, shown, reasons, basis.words)


@dataclass(frozen=True)
class Sums:
    """The newest sums of a shop by the basis; ``below`` those of the denominator. ``values`` and
    ``values_below`` are the rows of one cut.
    """

    basis: Basis
    row: ReturnSumsRow
    below: ReturnSumsRow
    values: Sequence[Sequence[Any]]
    values_below: Sequence[Sequence[Any]]

    @property
    def sold(self) -> dict[str, int]:
        """The denominator of each value of the cut."""
        return {value: n for value, n, *_rest in self.values_below}

    @property
    def mark(self) -> str:
        """Which sums of which night these are, by which basis and in which language."""
        return f"{self.row.pk}:{self.below.pk}:{self.basis.query}:{get_language()}"


def sums_newest(
    *, shop: Shop, basis: Basis, cut: str = "product", heat: bool = False
) -> Sums | None:
    """The newest sums with the values of one cut, in one query; None while no night has counted.

    The other cuts, and the heat map where nobody asks for it, are most of a row and not read.
    """
    rows = (
        ReturnSumsRow.objects.for_shop(shop)
        .filter(basis__in={basis.day, basis.of})
        .annotate(values_of_cut=KeyTransform(cut, "cuts"))
        .defer("cuts", *([] if heat else ["heat"]))
    )
    found = {row.basis: row for row in rows}
    if {basis.day, basis.of} - found.keys():
        return None
    row, below = found[basis.day], found[basis.of]
    return Sums(basis, row, below, row.values_of_cut or [], below.values_of_cut or [])
