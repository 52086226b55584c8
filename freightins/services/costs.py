"""What a merchant says an order leaves and what trouble costs."""

from django.db import transaction
from django.utils import timezone

from freightins.models import Costs
from stores.models import Shop, User
from stores.services.audit import audit_record

MOST_FEN = 100_000


@transaction.atomic
def costs_enter(
    *, actor: User, shop: Shop, margin: int, return_cost: int, dispute_cost: int
) -> Costs:
    """Keep a margin in tenths of a per cent, and fen per return and per dispute.

    Raises ValueError for a margin outside 0.1 % to 100 % and costs outside 0 to 1000 yuan.
    """
    if not 0 < margin <= Costs.WHOLE:
        raise ValueError("not a margin")
    if not (0 <= return_cost <= MOST_FEN and 0 <= dispute_cost <= MOST_FEN):
        raise ValueError("not a cost")
    costs = Costs.objects.create(
        shop=shop,
        margin=margin,
        return_cost=return_cost,
        dispute_cost=dispute_cost,
        entered_by=actor.get_username(),
        entered_at=timezone.now(),
    )
    audit_record(
        actor=actor,
        action="costs.enter",
        object_type="costs",
        object_id=str(costs.pk),
        shop=shop,
        after={"margin": margin, "return_cost": return_cost, "dispute_cost": dispute_cost},
    )
    return costs
