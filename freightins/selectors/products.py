"""Products of a shop as cover sees them: how they sell, come back, and what is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from freightins.calc.advice import Advice, ProductFacts, advice_on
from freightins.calc.choices import CATEGORY, PRODUCT, SHOP, Decision, decided
from freightins.calc.cover_rules import CoverRules
from freightins.models import Choice, ProductSale, QuoteRevision
from freightins.selectors.choices import choices_of
from stores.models import Product, Shop

# Days a page looks back; a month is half of it.
DAYS = 60
MONTHS = 2


@dataclass(frozen=True)
class Pricing:
    """What a fee preview is worked out with: fen per order and per claim, the shop's return rate.

    Without a quote all are nought and nothing can be advised.
    """

    fee: int
    payout: float
    rate: float


@dataclass(frozen=True)
class CoverRow:
    """One product in the table of choices. Money is fen a month."""

    product: Product
    facts: ProductFacts
    advice: Advice
    decision: Decision
    choice: Choice | None
    pricing: Pricing

    @property
    def key(self) -> str:
        """The external id."""
        return self.product.external_id

    @property
    def version(self) -> int:
        """The version of the product's own choice."""
        return self.choice.version if self.choice else 0

    @property
    def rate(self) -> float | None:
        """The share of orders that came back, None when nothing sold."""
        return self.facts.returns / self.facts.orders if self.facts.orders else None

    @property
    def month_orders(self) -> float:
        """Orders a month."""
        return self.facts.orders / MONTHS

    @property
    def month_fee(self) -> float:
        """What cover of all its orders costs a month."""
        return self.month_orders * self.pricing.fee

    @property
    def month_payout(self) -> float:
        """What buyers would get back a month."""
        return self.month_orders * self.advice.expected


def products_named(*, shop: Shop, keys: Sequence[str]) -> dict[str, Product]:
    """Products of the shop by external id; unknown ids are absent."""
    rows = Product.objects.for_shop(shop).filter(external_id__in=keys)
    return {product.external_id: product for product in rows}


def sold(*, shop: Shop) -> dict[str, tuple[int, int]]:
    """Orders and returned orders per product of the last 60 days, as the night counted them."""
    rows = ProductSale.objects.for_shop(shop).values_list("product_ref", "orders", "returns")
    return {key: (orders, returns) for key, orders, returns in rows}


def pricing_of(quote: QuoteRevision | None) -> Pricing:
    """What a quote says for previews."""
    if quote is None:
        return Pricing(0, 0.0, 0.0)
    return Pricing(quote.fee, quote.expected_payout, quote.blended_rate)


def cover_rows(*, shop: Shop, rules: CoverRules, pricing: Pricing) -> list[CoverRow]:
    """Every product of the shop with its figures, its advice and what is chosen for it."""
    counts = sold(shop=shop)
    rows = choices_of(shop=shop)
    chosen = {key: on for key, row in rows.items() if (on := row.is_covered) is not None}
    found = []
    for product in Product.objects.for_shop(shop).order_by("external_id"):
        orders, returns = counts.get(product.external_id, (0, 0))
        facts = ProductFacts(
            orders, returns, product.price, product.is_virtual, product.is_made_to_order
        )
        advice = advice_on(
            rules, facts, fee=pricing.fee, payout=pricing.payout, shop_rate=pricing.rate
        )
        decision = decided(chosen, product.external_id, product.category)
        choice = rows.get((PRODUCT, product.external_id))
        found.append(CoverRow(product, facts, advice, decision, choice, pricing))
    return found


@dataclass(frozen=True)
class LevelRow:
    """The shop, or a category with how many products it has, as a choice."""

    level: str
    key: str
    products: int
    covered: int
    choice: Choice | None

    @property
    def version(self) -> int:
        """The version of the choice."""
        return self.choice.version if self.choice else 0


def level_rows(*, shop: Shop, rows: Sequence[CoverRow]) -> list[LevelRow]:
    """The shop and its categories, with what is chosen for each."""
    choices = choices_of(shop=shop)
    groups: dict[str, list[CoverRow]] = {}
    for row in rows:
        if row.product.category:
            groups.setdefault(row.product.category, []).append(row)
    on = [row for row in rows if is_covered(row)]
    whole = LevelRow(SHOP, "", len(rows), len(on), choices.get((SHOP, "")))
    return [
        whole,
        *(
            LevelRow(
                CATEGORY,
                code,
                len(group),
                sum(is_covered(row) for row in group),
                choices.get((CATEGORY, code)),
            )
            for code, group in sorted(groups.items())
        ),
    ]


def is_covered(row: CoverRow) -> bool:
    """Whether a product has cover while the shop's is active; virtual goods never."""
    return row.decision.is_covered and not row.product.is_virtual
