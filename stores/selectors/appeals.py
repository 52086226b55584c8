"""Appeals of a shop and the papers that belong to them."""

from django.db.models import QuerySet

from stores.models import Appeal, AppealPaper, Shop


def appeals_of(*, shop: Shop) -> QuerySet[Appeal]:
    """Every try of the shop."""
    return Appeal.objects.for_shop(shop)


def papers_of(*, shop: Shop) -> QuerySet[AppealPaper]:
    """The papers of the shop's appeals, without what is in them."""
    return AppealPaper.objects.for_shop(shop).select_related("appeal").defer("content")


def paper_content(paper: AppealPaper) -> bytes:
    """What is in a paper."""
    return bytes(paper.content)


def paper_stem(paper: AppealPaper) -> str:
    """The neutral name a paper is given back under, without its ending."""
    return f"appeal-{paper.appeal_id}-{paper.pk}"
