"""Why a paper was not taken, in words that say what to do."""

from django.utils.translation import gettext as _

BYTES_A_MEGABYTE = 1024 * 1024


def refusal_words(reason: str, most_bytes: int) -> str:
    """The sentence for the code of a refusal."""
    words = {
        "empty": _("文件是空的，请换一个。"),
        "too_large": _("文件超过 %(mb)s MB，请压缩后再传。")
        % {"mb": most_bytes // BYTES_A_MEGABYTE},
        "unknown_type": _("只收照片（PNG、JPEG）和 PDF，看的是内容，不是文件名。"),
        "broken": _("文件读不全，请重新拍照或导出。"),
        "too_many_pixels": _("照片太大了，请缩小到 4000 万像素以内。"),
        "not_whole": _("PDF 末尾还有别的内容，请重新导出一份。"),
        "lively": _("PDF 里有脚本、附件或加密，请打印成普通 PDF 再传。"),
    }
    return words[reason]
