"""Kinds of files that have not come for days."""

from django.utils.translation import ngettext

from shopguard.lib import formats
from stores.duties._declare import Duty, Waiting, Words
from stores.duties._files import STALE_AFTER, file_ages
from stores.selectors.visit import Visit


def waiting(visit: Visit) -> Waiting:
    """How many kinds of files are old; a kind that never came is not waited for."""
    return Waiting(sum(age.is_stale for age in visit.once(file_ages)))


def words(waiting: Waiting) -> Words:
    """The line."""
    n = waiting.count
    title = ngettext("导入 %(n)s 种没更新的文件", "导入 %(n)s 种没更新的文件", n)
    why = ngettext("超过 %(n)s 天没有新文件", "超过 %(n)s 天没有新文件", STALE_AFTER.days)
    return Words(title % {"n": formats.number(n)}, why % {"n": STALE_AFTER.days})


DUTY = Duty("files_stale", "file-down", words, waiting=waiting, page="imports")
