"""The page of the guarantee: the switch, the days by category, examples of the rule in force."""

from dataclasses import dataclass
from datetime import date, datetime

from aftersales.calc.guarantee import Goods, Period, Terms, period_of, terms_of
from aftersales.models import GuaranteeTerm
from aftersales.rules import guarantee_book
from aftersales.selectors.case_goods import guarantee_of
from shopguard.lib import formats
from shopguard.lib.days import shanghai_day
from shopguard.lib.rulesets import RuleSet
from stores.models import Product, Shop

MOST_CATEGORIES = 200


@dataclass(frozen=True)
class CategoryTerms:
    """A category of the shop, its terms, and the shop's own entry if there is one."""

    category: str
    terms: Terms
    own: GuaranteeTerm | None


@dataclass(frozen=True)
class GuaranteePage:
    """What the page shows; the example is goods signed for today."""

    rules: RuleSet
    working_days: bool
    version: int
    categories: list[CategoryTerms]
    plain: Period
    working: Period
    today: date
    title: str
    default_days: int
    longest: int


def guarantee_page(*, shop: Shop, now: datetime) -> GuaranteePage:
    """The choices of a shop with what they mean."""
    today = shanghai_day(now)
    rules, chosen = guarantee_book().in_force(today), guarantee_of(shop=shop)
    known = Product.objects.for_shop(shop).exclude(category="").order_by("category")
    names = known.values_list("category", flat=True).distinct()[:MOST_CATEGORIES]
    categories = sorted({*names, *chosen.terms})
    days = rules["period.days"]
    return GuaranteePage(
        rules=rules,
        working_days=chosen.working_days,
        version=chosen.version,
        categories=[_terms(rules, name, chosen.terms.get(name)) for name in categories],
        plain=period_of(now, days),
        working=period_of(now, days, working_days=True),
        today=today,
        title=rules.title_en if formats.is_english() else rules.title_zh,
        default_days=days,
        longest=rules["period.longest"],
    )


def _terms(rules: RuleSet, name: str, own: GuaranteeTerm | None) -> CategoryTerms:
    goods = Goods(
        category=name,
        category_days=own.days if own else None,
        category_unsealed_exempt=own.unsealed_exempt if own else None,
    )
    return CategoryTerms(name, terms_of(rules, goods), own)
