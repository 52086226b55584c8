"""The audit log: one row per change, written with the change, linked by hashes.

The hash of a row covers the hash of the row before it, so a row that was altered, dropped or
slipped in behind the product's back shows. The database itself refuses UPDATE and DELETE.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from shopguard.lib.request_ids import current_request_id
from stores.models import AuditEntry, Shop, User

GENESIS_HASH = "0" * 64
# Any constant will do, as long as nothing else in this database locks the same number.
AUDIT_LOCK = 0x5EA1ED
COMMAND_ACTOR = "command"

Json = dict[str, Any] | list[Any] | str | int | bool | None


@dataclass(frozen=True)
class AuditReport:
    """What a walk along the chain found: how many rows, and the first broken one if any.

    ``expected`` is the hash that should stand there and ``found`` the one that does.
    """

    rows: int
    broken_id: int | None = None
    reason: str = ""
    expected: str = ""
    found: str = ""

    @property
    def is_intact(self) -> bool:
        """Whether every row is as it was written and none is missing between two others."""
        return self.broken_id is None


def audit_record(
    *,
    actor: User | str,
    action: str,
    object_type: str,
    object_id: str,
    shop: Shop | None = None,
    before: Json = None,
    after: Json = None,
    reason: str = "",
) -> AuditEntry:
    """Append one row in the caller's transaction; it stands or falls with the change it tells of.

    ``before`` and ``after`` are JSON without floats (write a decimal as text), as a float need not
    come back from the database digit for digit and the hash would then not match. Raises
    TransactionManagementError outside a transaction and TypeError for a value of another kind.
    Rows are serialised by an advisory lock until the caller's transaction ends, so call this last.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "an audit row is written in the transaction of the change it records"
        )
    _require_plain(before)
    _require_plain(after)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [AUDIT_LOCK])
    last = AuditEntry.objects.order_by("-pk").values_list("hash", flat=True).first()
    entry = AuditEntry(
        at=timezone.now(),
        actor=actor if isinstance(actor, str) else actor.get_username(),
        shop=shop,
        action=action,
        object_type=object_type,
        object_id=object_id,
        before=before,
        after=after,
        reason=reason,
        request_id=current_request_id(),
        previous_hash=last or GENESIS_HASH,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 (64 hex digits) over every field of a row but its key and its own hash."""
    fields = {
        "at": _instant(entry.at),
        "actor": entry.actor,
        "shop": entry.shop_id,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
        "request_id": entry.request_id,
        "previous_hash": entry.previous_hash,
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def audit_verify(*, newest: int | None = None) -> AuditReport:
    """Walk the chain in order and name the first row that does not fit.

    ``newest`` walks only so many rows at its end, the first of them taken as it stands.
    """
    rows = 0
    expected = GENESIS_HASH if newest is None else None
    for entry in _in_order(newest):
        rows += 1
        own = entry_hash(entry)
        if expected is not None and entry.previous_hash != expected:
            reason = "does not follow the row before it"
            return AuditReport(rows, entry.pk, reason, expected, entry.previous_hash)
        if entry.hash != own:
            return AuditReport(rows, entry.pk, "was altered after it was written", own, entry.hash)
        expected = entry.hash
    return AuditReport(rows)


def _in_order(newest: int | None) -> Iterator[AuditEntry]:
    rows = AuditEntry.objects.order_by("pk")
    if newest is not None:
        first = AuditEntry.objects.order_by("-pk").values("pk")[newest - 1 : newest]
        key = next(iter(first), None)
        # Fewer rows than asked for: the whole chain, from its first row.
        rows = rows.filter(pk__gte=key["pk"]) if key else rows
    return rows.iterator(chunk_size=2000)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _require_plain(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"audit values have text keys, not {key!r}")
            _require_plain(item)
    elif isinstance(value, list):
        for item in value:
            _require_plain(item)
    elif value is not None and not isinstance(value, str | int):
        raise TypeError(f"audit values are text, integers, flags, lists and objects, not {value!r}")
