"""Applications as their people and admins find them."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from stores.calc.onboarding import (
    LOCAL_LIFE,
    OPENED,
    SUBMITTED,
    WITHDRAWN,
    Filled,
    Step,
    steps,
)
from stores.models import (
    Application,
    ApplicationPaper,
    DepositDue,
    DepositEntry,
    InvitationCode,
    Order,
    Product,
    Shop,
    User,
)

TEXTS = (
    "company_name", "company_type", "licence_no", "scope", "brand_name", "brand_intro",
    "brand_story", "shop_name", "shop_type", "industry", "main_category", "shop_address",
    "contact_phone", "service_mode",
)  # fmt: skip


def applications_of(*, user: User) -> QuerySet[Application]:
    """The applications of a person, the newest first."""
    return Application.objects.filter(applicant=user).order_by("-pk")


def application_for(*, user: User, application: int) -> Application | None:
    """One application, for its applicant and for admins."""
    rows = Application.objects.select_related("shop", "invitation", "applicant")
    mine = rows.filter(pk=application)
    return (mine if user.is_admin else mine.filter(applicant=user)).first()


def papers_of(*, application: Application) -> QuerySet[ApplicationPaper]:
    """The papers of an application without their content, the oldest first."""
    return ApplicationPaper.objects.filter(application=application).defer("content").order_by("pk")


def paper_for(*, user: User, application: int, paper: int) -> ApplicationPaper | None:
    """One paper with its content, for the applicant and for admins."""
    rows = ApplicationPaper.objects.filter(pk=paper, application=application)
    return (rows if user.is_admin else rows.filter(application__applicant=user)).first()


def filled_of(application: Application) -> Filled:
    """What an application holds, and how far its shop has come."""
    shop = application.shop
    kinds = papers_of(application=application).values_list("kind", flat=True)
    return Filled(
        texts={name: getattr(application, name) for name in TEXTS},
        papers=frozenset(kinds),
        is_local=application.kind == LOCAL_LIFE,
        has_agreed=bool(application.agreed_to),
        state=application.state,
        deposit_due=application.deposit_due,
        deposit_paid=application.deposit_paid,
        has_base_settings=bool(shop and shop.base_settings_complete),
        has_product=bool(shop and Product.objects.for_shop(shop).exists()),
        has_orders=bool(shop and Order.objects.for_shop(shop).exists()),
    )


def steps_of(application: Application) -> list[Step]:
    """Every step with what is missing."""
    return steps(filled_of(application))


def opening_of(*, shop: Shop) -> Application | None:
    """The application a shop was opened by."""
    return Application.objects.filter(shop=shop, state=OPENED).order_by("-pk").first()


@dataclass(frozen=True)
class Listed:
    """How applications are narrowed: ``state``, words of ``query``, and only the ``fast`` ones."""

    state: str = ""
    query: str = ""
    fast: bool = False


def applications_listed(listed: Listed) -> QuerySet[Application]:
    """Applications that were sent in, the fast lane first, then those that wait longest."""
    rows = Application.objects.exclude(submitted_at=None).exclude(state=WITHDRAWN)
    if listed.state:
        rows = rows.filter(state=listed.state)
    if listed.fast:
        rows = rows.exclude(invitation=None)
    if listed.query and "\x00" not in listed.query:
        found = Q()
        for name in ("company_name", "brand_name", "shop_name", "applicant__username"):
            found |= Q(**{f"{name}__icontains": listed.query})
        rows = rows.filter(found)
    is_waiting = Q(state=SUBMITTED)
    return (
        rows.select_related("applicant", "invitation", "shop")
        .annotate(waits=is_waiting, has_code=Q(invitation__isnull=False))
        .order_by("-waits", "-has_code", "submitted_at", "pk")
    )


def applications_waiting() -> int:
    """How many wait for a decision."""
    return Application.objects.filter(state=SUBMITTED).count()


def invitations_newest() -> QuerySet[InvitationCode]:
    """The codes, the newest first."""
    return InvitationCode.objects.order_by("-pk")[:50]


def deposit_balance(*, shop: Shop) -> int:
    """What a shop has deposited, in fen."""
    rows = DepositEntry.objects.for_shop(shop)
    return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)


def deposit_newest(*, shop: Shop) -> DepositDue | None:
    """The newest computed deposit of a shop."""
    return DepositDue.objects.for_shop(shop).order_by("-month").first()


def application_named(*, key: int) -> Application | None:
    """The application of that key, for what is done behind every door."""
    rows = Application.objects.select_related("shop", "applicant", "invitation")
    return rows.filter(pk=key).first()
