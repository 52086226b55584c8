"""The rules of joining, cover, claims and advice in the form calculations use."""

from dataclasses import dataclass

from shopguard.lib.rulesets import RuleSet


@dataclass(frozen=True)
class CoverRules:
    """Everything beside the fee. Money is fen, rates are fractions."""

    id: str
    hash: str
    total: float
    standing_days: int
    severe_points: int
    dispute_rate: float
    return_rate: float
    cover_days: int
    review_hours: int
    payout_hours: int
    self_sent: int
    least_orders: int
    low_return_rate: float
    freight_share: float
    worthwhile: float
    same_tracking: int
    buyer_claims: int
    buyer_days: int
    weight_share: float
    over_cost: int
    mature_days: int
    clip: float


def cover_rules(rules: RuleSet) -> CoverRules:
    """Compile a rule set. Raises RuleError when a parameter is missing."""
    return CoverRules(
        id=rules.id,
        hash=rules.hash,
        total=rules["eligibility.total"],
        standing_days=rules["eligibility.days"],
        severe_points=rules["eligibility.severe_points"],
        dispute_rate=rules["eligibility.dispute_rate"],
        return_rate=rules["eligibility.return_rate"],
        cover_days=rules["cover.days"],
        review_hours=rules["claim.review_hours"],
        payout_hours=rules["claim.payout_hours"],
        self_sent=rules["claim.self_sent"],
        least_orders=rules["advice.least_orders"],
        low_return_rate=rules["advice.low_return_rate"],
        freight_share=rules["advice.freight_share"],
        worthwhile=rules["advice.worthwhile"],
        same_tracking=rules["fraud.same_tracking"],
        buyer_claims=rules["fraud.buyer_claims"],
        buyer_days=rules["fraud.buyer_days"],
        weight_share=rules["fraud.weight_share"],
        over_cost=rules["fraud.over_cost"],
        mature_days=rules["check.mature_days"],
        clip=rules["check.clip"],
    )
