"""What the settings of a shop show."""

from dataclasses import dataclass

from django.db.models import QuerySet

from stores.models import Membership, Product, Shop, ShopImage

ASSESSED_HOURS = range(9, 23)
WEEKDAYS = 7


@dataclass(frozen=True)
class BaseSetting:
    """One of the five things base settings need."""

    name: str
    is_done: bool


def images_of(*, shop: Shop) -> QuerySet[ShopImage]:
    """The pictures of a shop without their content, the oldest first."""
    return ShopImage.objects.for_shop(shop).defer("content").order_by("pk")


def image_of(*, shop: Shop, image: int) -> ShopImage | None:
    """One picture with its content."""
    return ShopImage.objects.for_shop(shop).filter(pk=image).first()


def base_settings(*, shop: Shop) -> list[BaseSetting]:
    """The five things, each with whether it is there."""
    return [
        BaseSetting("name", bool(shop.name.strip())),
        BaseSetting("introduction", bool(shop.introduction.strip())),
        BaseSetting("images", images_of(shop=shop).exists()),
        BaseSetting("contact_phone", bool(shop.contact_phone.strip())),
        BaseSetting("return_address", bool(shop.return_address.strip())),
    ]


def members_of(*, shop: Shop) -> list[Membership]:
    """The people of a shop, owners first."""
    rows = Membership.objects.filter(shop=shop).select_related("user")
    return list(rows.order_by("-role", "user__username"))


def categories_of(*, shop: Shop) -> list[str]:
    """The categories of the shop's products and its own, in order."""
    rows = Product.objects.for_shop(shop).values_list("category", flat=True)
    return sorted({*rows.distinct(), shop.main_category} - {""})


def hours_uncovered(*, shop: Shop) -> int:
    """Assessed hours of a week in which the shop says it is not open; 0 where it says nothing."""
    return sum(
        sum(not (day and day[0] <= hour < day[1]) for hour in ASSESSED_HOURS)
        for day in shop.open_hours
    )
