"""What the score makes of the lines of the to-do list: fills the slot ``stores.duties`` offers."""

from django.urls import reverse

from servicescore.calc.worth import worth_between
from servicescore.selectors.standing_now import standing_now
from stores.duties import ScoreSlot, fill_score_slot
from stores.duties._declare import Stake
from stores.selectors.visit import Visit


def effect(visit: Visit, stake: Stake) -> float | None:
    """Points of the total; None where the shop has no total or the metric no score."""
    standing = visit.once(standing_now)
    if standing is None or standing.view.total is None:
        return None
    view = standing.view
    score = next((one for one in view.metrics if one.metric.id == stake.metric), None)
    if score is None or score.score is None:
        return None
    return worth_between(
        score.receipt,
        view.rules.metrics[stake.metric],
        view.rules,
        share=score.weight,
        den=stake.den,
        done=stake.done,
        undone=stake.undone,
    )


def page(visit: Visit, metric: str) -> str:
    """The page of the metric with the records behind it."""
    return reverse("servicescore:metric", args=[visit.shop.external_id, metric])


def fill() -> None:
    """Fill the slot."""
    fill_score_slot(ScoreSlot(effect, page))
