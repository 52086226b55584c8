"""Shops and accounts as the desk lists them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from stores.models import DepositDue, DepositEntry, Membership, Shop, User


@dataclass(frozen=True)
class ShopLine:
    """A shop with its people by role and its deposit in fen; ``due`` is None before it was worked
    out, ``balance`` where nobody entered any.
    """

    shop: Shop
    owners: list[str]
    ops: list[str]
    due: int | None
    balance: int | None

    @property
    def short(self) -> int:
        """What is missing in the deposit."""
        if self.due is None or self.balance is None:
            return 0
        return max(0, self.due - self.balance)


@dataclass(frozen=True)
class PersonLine:
    """An account with what it is where, as (shop, role)."""

    user: User
    shops: list[tuple[Shop, str]]


def shops_listed(query: str) -> QuerySet[Shop]:
    """Shops whose name or number holds the words, by name."""
    rows = Shop.objects.order_by("name", "external_id")
    return (
        rows.filter(Q(name__icontains=query) | Q(external_id__icontains=query)) if query else rows
    )


def shop_lines(shops: Sequence[Shop]) -> list[ShopLine]:
    """Those shops with their people and deposits; three queries."""
    keys = [shop.pk for shop in shops]
    people = defaultdict[int, dict[str, list[str]]](lambda: {"owner": [], "ops": []})
    members = Membership.objects.filter(shop__in=keys).order_by("user__username")
    for shop, role, name in members.values_list("shop_id", "role", "user__username"):
        people[shop][role].append(name)
    newest = DepositDue.objects.filter(shop__in=keys).order_by("shop_id", "-month")
    dues = {row.shop_id: max(row.by_category, row.floating) for row in newest.distinct("shop_id")}
    sums = DepositEntry.objects.filter(shop__in=keys).values("shop").annotate(sum=Sum("amount"))
    balances = dict(sums.values_list("shop", "sum"))
    return [
        ShopLine(
            shop, people[shop.pk]["owner"], people[shop.pk]["ops"], dues.get(shop.pk),
            balances.get(shop.pk),
        )
        for shop in shops
    ]  # fmt: skip


def people_listed(query: str) -> QuerySet[User]:
    """Accounts whose name or address holds the words, by name."""
    rows = User.objects.order_by("-is_staff", "username")
    return rows.filter(Q(username__icontains=query) | Q(email__icontains=query)) if query else rows


def people_lines(users: Sequence[User]) -> list[PersonLine]:
    """Those accounts with their shops; one query."""
    rows = Membership.objects.filter(user__in=users).select_related("shop").order_by("shop__name")
    shops = defaultdict[int, list[tuple[Shop, str]]](list)
    for row in rows:
        shops[row.user_id].append((row.shop, row.role))
    return [PersonLine(user, shops[user.pk]) for user in users]
