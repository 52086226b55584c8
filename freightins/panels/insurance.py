"""Freight insurance: is it on, what does it cost, where is that heading."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from freightins.models import Enrolment
from freightins.selectors.enrolments import conditions_by, cover_seen
from freightins.selectors.home_page import Strip, strip_of
from freightins.selectors.home_words import product_word
from freightins.selectors.visits import disputes_seen, fees_seen, outlook_seen
from stores.panels._declare import Panel
from stores.selectors.visit import Visit


@dataclass(frozen=True)
class InsurancePanel:
    """The figures; ``product`` is what is open, else what would be."""

    strip: Strip
    product: str


def read(visit: Visit) -> InsurancePanel | None:
    """None while nothing was quoted and nothing is open."""
    cover, fees = visit.once(cover_seen), visit.once(fees_seen)
    if fees.current is None and cover.enrolment is None:
        return None
    product = cover.enrolment.product if cover.enrolment else Enrolment.Product.SERVICE
    disputes = visit.once(disputes_seen)
    found = conditions_by(fees.newest, disputes, shop=visit.shop, product=product, now=visit.now)
    outlook = visit.once(outlook_seen)
    strip = strip_of(cover=cover, fees=fees, found=found, outlook=outlook)
    return InsurancePanel(strip, product_word(product))


PANEL = Panel("insurance", _("运费险"), "thirds", 10, "overview/insurance.html", read)
