"""Which deposits do not reach."""

from django.db.models import BigIntegerField, DateTimeField, F, Func, OuterRef, QuerySet, Subquery
from django.db.models import Sum as Total
from django.db.models.functions import Greatest

from shopguard.lib.days import SHANGHAI
from stores.models import DepositDue, DepositEntry, Shop


def deposits_short(*, shop: Shop) -> QuerySet[DepositDue]:
    """The newest month of a shop while its deposit does not reach, with ``until``, when the last
    day to pay is over. Empty where nobody ever entered a deposit here: it is kept elsewhere.
    """
    mine = DepositDue.objects.for_shop(shop)
    entered = DepositEntry.objects.filter(shop=OuterRef("shop")).values("shop")
    balance = Subquery(
        entered.annotate(sum=Total("amount")).values("sum"), output_field=BigIntegerField()
    )
    over = Func(
        F("payable_until"),
        template=f"((%(expressions)s + 1)::timestamp AT TIME ZONE '{SHANGHAI.key}')",
        output_field=DateTimeField(),
    )
    return (
        mine.filter(month=Subquery(mine.order_by("-month").values("month")[:1]))
        .annotate(amount=Greatest("by_category", "floating"), balance=balance, until=over)
        .filter(balance__lt=F("amount"))
    )
