"""Applications as their people and admins find them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

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
    return Application.objects.filter(applicant=user).select_related("shop").order_by("-pk")


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
    return _filled([application])[application.pk]


def _filled(applications: Sequence[Application]) -> dict[int, Filled]:
    """The same of several, by key; three queries."""
    papers = defaultdict[int, set[str]](set)
    found = ApplicationPaper.objects.filter(application__in=applications)
    for key, kind in found.values_list("application", "kind"):
        papers[key].add(kind)
    shops = [row.shop_id for row in applications if row.shop_id]
    selling, sold = _shops_in(Product, shops), _shops_in(Order, shops)
    return {
        row.pk: Filled(
            texts={name: getattr(row, name) for name in TEXTS},
            papers=frozenset(papers[row.pk]),
            is_local=row.kind == LOCAL_LIFE,
            has_agreed=bool(row.agreed_to),
            state=row.state,
            deposit_due=row.deposit_due,
            deposit_paid=row.deposit_paid,
            has_base_settings=bool(row.shop and row.shop.base_settings_complete),
            has_product=row.shop_id in selling,
            has_orders=row.shop_id in sold,
        )
        for row in applications
    }


def _shops_in(model: type[Order | Product], shops: Sequence[int]) -> set[int]:
    """Those of some shops that have any; each is looked up, none is counted through."""
    if not shops:
        return set()
    any_row = model._default_manager.filter(shop=OuterRef("pk"))
    return set(Shop.objects.filter(Exists(any_row), pk__in=shops).values_list("pk", flat=True))


def steps_of(applications: Sequence[Application]) -> dict[int, list[Step]]:
    """Every step with what is missing, by the application's key."""
    return {key: steps(filled) for key, filled in _filled(applications).items()}


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


def invitations_made() -> QuerySet[InvitationCode]:
    """The codes, the newest first."""
    return InvitationCode.objects.order_by("-pk")


def application_named(*, key: int) -> Application | None:
    """The application of that key, for what is done behind every door."""
    rows = Application.objects.select_related("shop", "applicant", "invitation")
    return rows.filter(pk=key).first()
