"""What owners say about their shop: its data, pictures and hours. Audited.

What is saved here dates the shop's record, so that an older file rolls nothing back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shopguard.lib.papers import ENDINGS, PaperError, paper_of
from stores.models import Shop, ShopImage, User
from stores.selectors.shop_settings import images_of
from stores.services.audit import audit_record
from stores.services.paper_words import refusal_words

MOST_IMAGES = 5
MOST_BYTES = 5 * 1024 * 1024
# What the audit log repeats; of the rest it says only that it changed.
TOLD = ("name", "main_category", "introduction", "score_rules", "hours")


class StaleSettingsError(Exception):
    """Somebody else saved meanwhile; ``shop`` is as it stands now."""

    def __init__(self, shop: Shop) -> None:
        super().__init__("stale settings")
        self.shop = shop


@dataclass(frozen=True)
class Profile:
    """What an owner fills in. ``hours`` are opening and closing hour of each day from Monday on,
    None for a day off.
    """

    name: str
    main_category: str
    introduction: str
    contact_phone: str
    return_address: str
    return_province: str
    score_rules: str
    hours: Sequence[tuple[int, int] | None]

    def fields(self) -> dict[str, object]:
        """As they stand in the record."""
        kept = {name: getattr(self, name) for name in self.__dataclass_fields__}
        days = (f"{day[0]}-{day[1]}" if day else "-" for day in self.hours)
        return kept | {"hours": " ".join(days)}


@transaction.atomic
def profile_set(
    *, actor: User, shop: Shop, version: int, profile: Profile, reason: str, now: datetime
) -> Shop:
    """Save what was filled in over ``version``.

    Raises StaleSettingsError when somebody saved since.
    """
    row = Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    if row.settings_version != version:
        raise StaleSettingsError(row)
    was_complete = _is_filled(row)
    changed = {
        name: (getattr(row, name), value)
        for name, value in profile.fields().items()
        if getattr(row, name) != value
    }
    if not changed:
        return row
    for name, (_before, after) in changed.items():
        setattr(row, name, after)
    row.settings_version += 1
    row.as_of = max(row.as_of, now)
    _complete(row, was_complete)
    row.save()
    _record(actor, row, changed, reason)
    return row


def _is_filled(shop: Shop) -> bool:
    texts = (shop.name, shop.introduction, shop.contact_phone, shop.return_address)
    return all(text.strip() for text in texts) and images_of(shop=shop).exists()


def _complete(shop: Shop, was_complete: bool) -> None:
    """Base settings are complete when all is filled in. What a file said stands until then, and is
    taken back only where something that was filled in here is emptied.
    """
    is_complete = _is_filled(shop)
    shop.base_settings_complete = is_complete or (shop.base_settings_complete and not was_complete)


def _record(
    actor: User, shop: Shop, changed: Mapping[str, tuple[object, object]], reason: str
) -> None:
    before = {name: was for name, (was, _is) in changed.items() if name in TOLD}
    after = {name: now for name, (_was, now) in changed.items() if name in TOLD}
    audit_record(
        actor=actor,
        shop=shop,
        action="settings.change",
        object_type="shop",
        object_id=shop.external_id,
        before=before,
        after=after | {"changed": sorted(changed), "version": shop.settings_version},
        reason=reason,
    )


@transaction.atomic
def image_add(*, actor: User, shop: Shop, data: bytes, reason: str = "") -> ShopImage:
    """Keep a picture of the shop, written anew from the parts that draw it.

    Raises ValidationError, with what to do, for anything that is no PNG or JPEG.
    """
    row = Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    if len(data) > MOST_BYTES:
        raise ValidationError(refusal_words("too_large", MOST_BYTES))
    if images_of(shop=row).count() >= MOST_IMAGES:
        raise ValidationError(_("最多 %(n)s 张，先删一张。") % {"n": MOST_IMAGES})
    try:
        paper = paper_of(data, images_only=True)
    except PaperError as error:
        raise ValidationError(refusal_words(error.reason, MOST_BYTES)) from None
    was_complete = _is_filled(row)
    image = ShopImage.objects.create(
        shop=row, media=paper.media, size=len(paper.content), width=paper.width,
        height=paper.height, content=paper.content,
    )  # fmt: skip
    _complete(row, was_complete)
    row.save(update_fields=["base_settings_complete"])
    told: dict[str, object] = {"type": ENDINGS[paper.media], "size": image.size}
    audit_record(
        actor=actor, shop=row, action="settings.image_add", object_type="shop_image",
        object_id=str(image.pk), after=told, reason=reason,
    )  # fmt: skip
    return image


@transaction.atomic
def image_drop(*, actor: User, shop: Shop, image: int, reason: str = "") -> None:
    """Take a picture away; nothing happens when it is gone."""
    row = Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    was_complete = _is_filled(row)
    gone, _rows = images_of(shop=row).filter(pk=image).delete()
    if not gone:
        return
    _complete(row, was_complete)
    row.save(update_fields=["base_settings_complete"])
    audit_record(
        actor=actor, shop=row, action="settings.image_drop", object_type="shop_image",
        object_id=str(image), reason=reason,
    )  # fmt: skip
