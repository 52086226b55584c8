"""Writes the penalty log: what changed since the log last spoke, in the transaction of the change.

Each line covers the hash of the line before it, in the shop's own chain and in the one over all, so
that a line altered, dropped or slipped in behind the product's back shows. A cut-off end shows
against the heads that nightly runs noted.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from shopguard.lib.days import shanghai_day
from shopguard.lib.request_ids import current_request_id
from stores.models import PenaltyLogRow, Run, Shop, User
from stores.selectors.penalty_log import effects_due, effects_logged, shops_concerned

GENESIS_HASH = "0" * 64
LOG_LOCK = 0x9E4A17
SYSTEM = "system"
NOTED, CHANGED, WITHDRAWN = "noted", "changed", "withdrawn"


@dataclass(frozen=True)
class LogReport:
    """What a walk along the log found: how many lines, and the first that does not fit, if any."""

    rows: int
    broken_id: int | None = None
    reason: str = ""
    expected: str = ""
    found: str = ""

    @property
    def is_intact(self) -> bool:
        """Whether every line is as it was written and none is missing."""
        return self.broken_id is None and not self.reason


def log_renew(
    *, shops: Iterable[Shop], actor: User | str = SYSTEM, reason: str = "", action: str = ""
) -> int:
    """Write a line for everything the log does not yet say of these shops; returns how many.

    Call it last in the transaction of the change: lines are serialised by an advisory lock until
    the transaction ends. ``action`` names what somebody did; without it the lines say noted,
    changed or withdrawn. Doing it twice writes nothing. Raises TransactionManagementError outside
    a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "lines of the penalty log are written in the transaction of the change"
        )
    given = {shop.pk: shop for shop in shops}
    by_key = {key: given[key] for key in sorted(shops_concerned(given))}
    if not by_key:
        return 0
    today = shanghai_day(timezone.now())
    due = {key: effects_due(shop, today=today) for key, shop in by_key.items()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])
    logged = effects_logged(by_key)
    written = 0
    for key, effects in due.items():
        for about, content, word in _differences(effects, logged.get(key, {})):
            _append(by_key[key], actor, action or word, about, content, reason)
            written += 1
    return written


def _differences(
    due: Mapping[str, Any], logged: Mapping[str, Any]
) -> Iterable[tuple[str, dict[str, Any], str]]:
    for about in sorted(logged.keys() - due.keys()):
        yield about, {}, WITHDRAWN
    for about, content in due.items():
        if about not in logged:
            yield about, content, NOTED
        elif logged[about] != content:
            yield about, content, CHANGED


def _append(
    shop: Shop, actor: User | str, action: str, key: str, content: dict[str, Any], reason: str
) -> None:
    lines = PenaltyLogRow.objects.order_by("-pk").values_list("hash", flat=True)
    line = PenaltyLogRow(
        at=timezone.now(),
        shop=shop,
        actor=actor if isinstance(actor, str) else actor.get_username(),
        action=action,
        key=key,
        content=content,
        reason=reason,
        request_id=current_request_id(),
        shop_previous=lines.filter(shop=shop).first() or GENESIS_HASH,
        previous_hash=lines.first() or GENESIS_HASH,
    )
    line.hash = line_hash(line)
    line.save(force_insert=True)


def line_hash(line: PenaltyLogRow) -> str:
    """SHA-256 (64 hex digits) over every field of a line but its key in the table and its hash."""
    fields = {
        "at": _instant(line.at),
        "shop": line.shop_id,
        "actor": line.actor,
        "action": line.action,
        "key": line.key,
        "content": line.content,
        "reason": line.reason,
        "request_id": line.request_id,
        "shop_previous": line.shop_previous,
        "previous_hash": line.previous_hash,
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def log_head() -> tuple[str, int]:
    """The hash of the newest line and its number; ``("", 0)`` of an empty log."""
    last = PenaltyLogRow.objects.order_by("-pk").first()
    return (last.hash, last.pk) if last else ("", 0)


def log_verify(*, newest: int | None = None) -> LogReport:
    """Walk both chains and the heads noted by runs; names the first line that does not fit.

    ``newest`` walks only so many lines at the end, what stands before them taken as it is.
    """
    lines = PenaltyLogRow.objects.order_by("pk")
    begins = _begin(newest)
    rows, expected = 0, GENESIS_HASH if begins is None else begins.previous_hash
    heads: dict[int, str] = {}
    for line in lines.filter(pk__gte=begins.pk if begins else 0).iterator(chunk_size=2000):
        rows += 1
        unknown = GENESIS_HASH if begins is None else line.shop_previous
        own, of_shop = line_hash(line), heads.get(line.shop_id, unknown)
        checks = (
            (line.previous_hash, expected, "does not follow the line before it"),
            (line.shop_previous, of_shop, "does not follow the line before it of its shop"),
            (line.hash, own, "was altered after it was written"),
        )
        for found, wanted, reason in checks:
            if found != wanted:
                return LogReport(rows, line.pk, reason, wanted, found)
        expected = heads[line.shop_id] = line.hash
    return _against_receipts(rows)


def _begin(newest: int | None) -> PenaltyLogRow | None:
    """The line a walk over the end begins at; None for the whole log."""
    if newest is None:
        return None
    return next(iter(PenaltyLogRow.objects.order_by("-pk")[newest - 1 : newest]), None)


def _against_receipts(rows: int) -> LogReport:
    """A head that a run noted and that no line has any more: the end was cut off."""
    noted = Run.objects.exclude(log_head="").order_by("pk")
    for run in noted.only("log_head", "log_row").iterator():
        if not PenaltyLogRow.objects.filter(pk=run.log_row, hash=run.log_head).exists():
            last = PenaltyLogRow.objects.order_by("-pk").first()
            reason = f"was the end when run {run.pk} noted it, and is missing"
            return LogReport(rows, run.log_row, reason, run.log_head, last.hash if last else "")
    return LogReport(rows)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
