"""Keeps exclusions in step with the records that grant them."""

from collections.abc import Iterable
from dataclasses import dataclass

from stores.kinds._declare import Change
from stores.models import Exclusion


@dataclass(frozen=True)
class Grant:
    """An exclusion a record asks for: what it excludes, by which source, from which metrics."""

    shop: int
    kind: str
    external_id: str
    source: str
    reason: str


def grants_follow(
    change: Change, *, kind: str, sources: Iterable[tuple[int, str]], grants: list[Grant],
    metrics: tuple[str, ...],
) -> None:  # fmt: skip
    """Write ``grants`` and revoke what their sources granted before and no longer do.

    ``sources`` are (shop, source) of every record that changed, granting or not. Nothing is
    deleted: a revoked exclusion keeps its row and comes back to life when it is granted again.
    """
    pairs = set(sources)
    wanted = {(grant.shop, grant.source, grant.external_id): grant for grant in grants}
    there = Exclusion.objects.filter(
        kind=kind, shop__in={shop for shop, _ in pairs}, source__in={source for _, source in pairs}
    )
    gone, back = [], []
    for exclusion in there:
        if (exclusion.shop_id, exclusion.source) not in pairs:
            continue
        grant = wanted.pop((exclusion.shop_id, exclusion.source, exclusion.external_id), None)
        if grant is None:
            if exclusion.revoked_at is None:
                exclusion.revoked_at = change.now
                gone.append(exclusion)
        elif exclusion.revoked_at is not None or exclusion.reason != grant.reason:
            exclusion.revoked_at, exclusion.reason = None, grant.reason
            back.append(exclusion)
    Exclusion.objects.bulk_update(gone + back, ["revoked_at", "reason"], batch_size=1000)
    Exclusion.objects.bulk_create(
        [
            Exclusion(
                shop_id=grant.shop, kind=grant.kind, external_id=grant.external_id,
                metrics=list(metrics), source=grant.source, reason=grant.reason,
                granted_by_id=change.user_id, granted_at=change.now,
            )
            for grant in wanted.values()
        ],
        batch_size=1000,
    )  # fmt: skip
