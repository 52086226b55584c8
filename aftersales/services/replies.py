"""What a shop does with its replies: word them, add one, take one away."""

from uuid import uuid4

from django.db import transaction

from aftersales.models import ReplyTemplate
from aftersales.templates_data import GROUPS, built_in_templates
from stores.models import Shop, User
from stores.services.audit import audit_record


class ReplyConflictError(Exception):
    """Somebody changed the reply meanwhile."""


class UnknownReplyError(LookupError):
    """The shop has no such reply."""


def reply_save(
    *, actor: User, shop: Shop, key: str, version: int, group: str, title: str, text: str
) -> ReplyTemplate:
    """Word a reply, or add one where ``key`` is empty.

    Raises UnknownReplyError for another key or group, and ReplyConflictError when it is at another
    version.
    """
    if group not in GROUPS:
        raise UnknownReplyError(group)
    with transaction.atomic():
        row = _locked(shop, key, version) if key else _new(shop, f"own-{uuid4().hex[:12]}")
        row.group, row.title, row.text, row.is_hidden = group, title, text, False
        return _kept(actor, row, "template.save")


def reply_drop(*, actor: User, shop: Shop, key: str, version: int) -> None:
    """Take a reply away. Raises as :func:`reply_save`."""
    with transaction.atomic():
        row = _locked(shop, key, version)
        row.is_hidden = True
        _kept(actor, row, "template.drop")


def _kept(actor: User, row: ReplyTemplate, action: str) -> ReplyTemplate:
    row.version += 1
    row.save()
    audit_record(
        actor=actor, action=action, object_type="template", object_id=row.key, shop=row.shop,
        after={"group": row.group, "title": row.title, "text": row.text},
    )  # fmt: skip
    return row


def _locked(shop: Shop, key: str, version: int) -> ReplyTemplate:
    Shop.objects.locked([shop.pk])
    row = ReplyTemplate.objects.for_shop(shop).filter(key=key).first() or _built_in(shop, key)
    if row.version != version:
        raise ReplyConflictError
    return row


def _built_in(shop: Shop, key: str) -> ReplyTemplate:
    for one in built_in_templates():
        if one.key == key:
            row = _new(shop, key)
            row.group, row.title, row.text = one.group, one.title, one.text
            return row
    raise UnknownReplyError(key)


def _new(shop: Shop, key: str) -> ReplyTemplate:
    return ReplyTemplate(shop=shop, key=key)
