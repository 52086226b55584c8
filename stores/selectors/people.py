"""Who may enter which shop."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from stores.models import Membership, Role, Shop, User

# What an admin is called where a member has a role.
ADMIN = "admin"


@dataclass(frozen=True)
class Entry:
    """A shop a person may enter, and as what: ``owner``, ``ops`` or ``admin``."""

    shop: Shop
    role: str


def entry_to(*, user: User, external_id: str) -> Entry | None:
    """The entry of ``user`` to the shop of that external id.

    None both when there is no such shop and when the person is not let in: nobody can tell the
    two apart.
    """
    if "\x00" in external_id:  # PostgreSQL has no such text, hence no such shop
        return None
    if user.is_admin:
        shop = Shop.objects.filter(external_id=external_id).first()
        return Entry(shop, ADMIN) if shop else None
    membership = (
        Membership.objects.select_related("shop")
        .filter(user=user, shop__external_id=external_id)
        .first()
    )
    return Entry(membership.shop, membership.role) if membership else None


def shops_of(*, user: User) -> QuerySet[Shop]:
    """The shops a person may enter, by name."""
    shops = Shop.objects.order_by("name", "external_id")
    return shops if user.is_admin else shops.filter(memberships__user=user)


def entries_of(*, user: User, limit: int) -> list[Entry]:
    """The first ``limit`` shops a person may enter, by name, each with the person's role."""
    if user.is_admin:
        return [Entry(shop, ADMIN) for shop in shops_of(user=user)[:limit]]
    memberships = (
        Membership.objects.select_related("shop")
        .filter(user=user)
        .order_by("shop__name", "shop__external_id")
    )
    return [Entry(membership.shop, membership.role) for membership in memberships[:limit]]


def entry_roles(*, user: User, shops: Iterable[Shop]) -> dict[int, str]:
    """What a person is in each of some shops they may enter, by the shop's key."""
    keys = [shop.pk for shop in shops]
    if user.is_admin:
        return dict.fromkeys(keys, ADMIN)
    return dict(Membership.objects.filter(user=user, shop__in=keys).values_list("shop", "role"))


def staffed_shops(*, user: User) -> QuerySet[Membership, int]:
    """Keys of the shops a person is ops of."""
    return Membership.objects.filter(user=user, role=Role.OPS).values_list("shop", flat=True)


def owner_count(*, shop: Shop) -> int:
    """How many owners a shop has; deactivated people do not count."""
    return Membership.objects.filter(shop=shop, role=Role.OWNER, user__is_active=True).count()


def admin_keys() -> list[int]:
    """Keys of the active admins."""
    admins = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
    return list(admins.values_list("pk", flat=True))


def owners_of(*, shops: Iterable[int]) -> list[tuple[int, int]]:
    """The active owners of some shops, as (shop, user)."""
    owners = Membership.objects.filter(shop__in=shops, role=Role.OWNER, user__is_active=True)
    return list(owners.order_by("pk").values_list("shop", "user"))


def members_told_of(*, shops: Iterable[int]) -> list[tuple[int, int]]:
    """The active owners and ops of some shops, as (shop, user)."""
    members = Membership.objects.filter(shop__in=shops, user__is_active=True)
    return list(members.order_by("pk").values_list("shop", "user"))


def user_named(name: str) -> User | None:
    """The person of that user name, else the only one of that e-mail address.

    An address that several accounts share identifies nobody.
    """
    if not name or "\x00" in name:
        return None
    by_name = User.objects.filter(username=name).first()
    if by_name is not None:
        return by_name
    if "@" not in name:
        return None
    by_mail = list(User.objects.filter(email__iexact=name)[:2])
    return by_mail[0] if len(by_mail) == 1 else None


def email_is_taken(*, user: User, email: str) -> bool:
    """Whether another account has an e-mail address."""
    return User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists()


def shop_keys(*, shops: Iterable[int]) -> dict[int, str]:
    """The external ids of some shops, by key."""
    return dict(Shop.objects.filter(pk__in=shops).values_list("pk", "external_id"))
