"""Freight insurance: is it on, what does it cost, where is that heading."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from freightins.models import Enrolment
from freightins.selectors.enrolments import conditions_now, cover_seen
from freightins.selectors.home_page import Strip, strip_of
from freightins.selectors.home_words import product_word
from stores.panels._declare import Panel
from stores.selectors.visit import Visit


@dataclass(frozen=True)
class InsurancePanel:
    """The figures; ``product`` is what is open, else what would be."""

    strip: Strip
    product: str


def read(visit: Visit) -> InsurancePanel | None:
    """None while nothing was quoted and nothing is open."""
    cover = visit.once(cover_seen)
    product = cover.enrolment.product if cover.enrolment else Enrolment.Product.SERVICE
    found = conditions_now(shop=visit.shop, product=product, now=visit.now)
    strip = strip_of(shop=visit.shop, cover=cover, found=found, now=visit.now)
    if strip.quote is None and cover.enrolment is None:
        return None
    return InsurancePanel(strip, product_word(product))


PANEL = Panel("insurance", _("运费险"), "thirds", 10, "overview/insurance.html", read)
