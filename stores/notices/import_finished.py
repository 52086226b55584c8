"""An import has ended: who uploaded the file hears of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shopguard.lib import formats
from stores.models import ImportBatch, Notification
from stores.notices._declare import Notice, Recipient, Words
from stores.selectors.records import import_batch


def recipients(event: Mapping[str, Any]) -> Iterator[Recipient]:
    """The person who uploaded the file. ``event`` holds the key of the batch as ``batch``."""
    batch = import_batch(batch_id=event["batch"])
    if batch is None or batch.user_id is None:
        return
    is_clean = batch.status == ImportBatch.Status.APPLIED and not batch.rejected
    payload = {
        "batch": batch.pk,
        "file": batch.file_name,
        "status": batch.status,
        "taken": batch.new + batch.changed + batch.unchanged,
        "rejected": batch.rejected,
        "reason": batch.reason,
    }
    severity = Notification.Severity.GOOD if is_clean else Notification.Severity.WATCH
    yield Recipient(batch.user_id, severity, shop_id=batch.shop_id, payload=payload)


def words(told: Notification) -> Words:
    """How many rows landed and how many came back."""
    about = told.payload
    if about["status"] == ImportBatch.Status.REFUSED:
        return Words(_("%(file)s 没有导入") % {"file": about["file"]}, about["reason"])
    title = ngettext(
        "%(file)s 导入完成，收下 %(n)s 行", "%(file)s 导入完成，收下 %(n)s 行", about["taken"]
    ) % {"file": about["file"], "n": formats.number(about["taken"])}
    body = ngettext(
        "%(n)s 行没有收下，下载错误文件改好再传。",
        "%(n)s 行没有收下，下载错误文件改好再传。",
        about["rejected"],
    ) % {"n": formats.number(about["rejected"])}
    return Words(title, body if about["rejected"] else "")


NOTICE = Notice("import_finished", recipients, words, label=gettext_lazy("导入结束"))
