"""Codes from files, in words. A code without a word here is shown as it came."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INDUSTRIES: dict[str, Promise] = {
    "apparel": _("服饰"),
    "beauty": _("美妆"),
    "food": _("食品"),
    "home": _("家居"),
    "baby": _("母婴"),
    "shoes": _("鞋靴"),
    "digital": _("电子数码"),
    "jewellery": _("珠宝饰品"),
    "pets": _("宠物"),
    "sports": _("运动"),
    "books": _("图书文具"),
    "local_life": _("本地生活"),
    "outdoor_services": _("户外服务"),
    "merged": _("合并行业"),
}
PLATFORMS: dict[str, Promise] = {
    "xiaohongshu": _("小红书"),
    "taobao": _("淘宝"),
    "tmall": _("天猫"),
    "douyin": _("抖音"),
    "pdd": _("拼多多"),
    "jd": _("京东"),
    "kuaishou": _("快手"),
}


def industry(code: str) -> str:
    """An industry in words; an unknown code without its underscores."""
    return str(INDUSTRIES.get(code, code.replace("_", " ")))


def platform(code: str) -> str:
    """A platform in words; an unknown code as it came."""
    return str(PLATFORMS.get(code, code))
