"""What one step would do to many cases."""

from dataclasses import dataclass

from django.http import QueryDict

from aftersales.case_words import STEP_WORDS
from aftersales.models import AfterSaleCase
from aftersales.selectors.case_goods import About, cases_about
from stores.models import Shop

MOST_CASES = 200


@dataclass(frozen=True)
class Preview:
    """The cases a step would be taken for, and those it would be refused for, with the reason."""

    name: str
    label: str
    ready: list[About]
    refused: list[tuple[About, str]]

    @property
    def amount(self) -> int:
        """Fen asked for by those that would be done."""
        return sum(about.case.requested or 0 for about in self.ready)

    @property
    def needs_contact(self) -> bool:
        """Whether the step needs a contact with the buyer."""
        return self.name == "reject"


def wanted_from(posted: QueryDict) -> list[tuple[str, int]]:
    """The cases ticked, each with the version it was seen at; what is no such pair is left out."""
    pairs = (value.rpartition("@") for value in posted.getlist("case")[:MOST_CASES])
    return [
        (ref, int(version))
        for ref, _, version in pairs
        if ref and "\x00" not in ref and version.isascii() and version.isdigit()
        and len(version) < len(str(2**31))
    ]  # fmt: skip


def cases_wanted(*, shop: Shop, refs: list[str]) -> list[About]:
    """The cases of those ids in the order asked for."""
    rows = AfterSaleCase.objects.for_shop(shop).filter(external_id__in=refs)
    found = {about.case.external_id: about for about in cases_about(shop=shop, cases=list(rows))}
    return [found[ref] for ref in refs if ref in found]


def preview_of(name: str, about: list[About], refusals: dict[str, str]) -> Preview:
    """The preview of a step; ``refusals`` are reasons by case id."""
    refused = [(one, refusals[one.case.external_id]) for one in about
               if one.case.external_id in refusals]  # fmt: skip
    ready = [one for one in about if one.case.external_id not in refusals]
    return Preview(name, str(STEP_WORDS[name]), ready, refused)
