"""Looking at differences: somebody says why one is all right, or takes that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from freightins.models import Reconciled
from stores.models import Shop, User
from stores.services.audit import audit_record


@dataclass(frozen=True)
class Looked:
    """A row as somebody saw it."""

    key: int
    version: int


@transaction.atomic
def differences_see(
    *,
    actor: User | str,
    shop: Shop,
    looked: Sequence[Looked],
    reason: str,
    now: datetime | None = None,
) -> tuple[int, int]:
    """Mark differences as looked at; returns how many were, and how many had changed meanwhile.

    Those looked at already, and what is no difference, count as neither.
    """
    now = now or timezone.now()
    rows, stale = _held(shop, looked)
    fresh = [row for row in rows if row.seen_at is None and row.status != Reconciled.Status.MATCHED]
    name = actor if isinstance(actor, str) else actor.get_username()
    for row in fresh:
        row.seen_at, row.seen_by, row.seen_reason = now, name, reason
    _keep(actor, shop, fresh, "see", reason)
    return len(fresh), stale


@transaction.atomic
def differences_reopen(
    *, actor: User | str, shop: Shop, looked: Sequence[Looked], reason: str
) -> tuple[int, int]:
    """Take that back; returns as :func:`differences_see` does."""
    rows, stale = _held(shop, looked)
    fresh = [row for row in rows if row.seen_at is not None]
    for row in fresh:
        row.seen_at, row.seen_by, row.seen_reason = None, "", ""
    _keep(actor, shop, fresh, "reopen", reason)
    return len(fresh), stale


def _held(shop: Shop, looked: Sequence[Looked]) -> tuple[list[Reconciled], int]:
    """The rows as they were seen, locked; and how many are other rows by now or gone."""
    versions = {one.key: one.version for one in looked}
    rows = Reconciled.objects.for_shop(shop).filter(pk__in=versions).order_by("pk")
    same = [row for row in rows.select_for_update() if row.version == versions[row.pk]]
    return same, len(versions) - len(same)


def _keep(actor: User | str, shop: Shop, rows: Sequence[Reconciled], act: str, reason: str) -> None:
    if not rows:
        return
    Reconciled.objects.bulk_update(rows, ["seen_at", "seen_by", "seen_reason"])
    audit_record(
        actor=actor,
        action=f"statement.{act}",
        object_type="statement",
        object_id=f"{len(rows)} differences",
        shop=shop,
        after={"rows": [f"{row.side}:{row.order_ref}" for row in rows]},
        reason=reason,
    )
