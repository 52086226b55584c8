"""Forms of applications. A draft may be saved with anything missing; sending it in asks for all."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shopguard.lib.money import fen_from_yuan
from shopguard.lib.words import INDUSTRIES
from stores.models import Application
from stores.selectors.onboarding import TEXTS
from stores.selectors.onboarding_words import (
    COMPANY_TYPES,
    KINDS,
    MODES,
    PAPER_WORDS,
    SCOPES,
    SHOP_TYPES,
)

BOX = {"class": "form-control"}
CHOICE = {"class": "form-select"}
NOTHING = ("", "—")
MOST_YUAN = 10_000_000


def _text(label: Any, chars: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=chars, required=False, widget=forms.TextInput(BOX), **more
    )


def _long(label: Any, chars: int) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=chars, required=False,
        widget=forms.Textarea({**BOX, "rows": 3}),
    )  # fmt: skip


def _choice(label: Any, words: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[NOTHING, *words.items()], required=False,
        widget=forms.Select(CHOICE), **more,
    )  # fmt: skip


class ApplicationForm(forms.Form):
    """What an application says."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("商家类型"), widget=forms.Select(CHOICE),
        choices=list(KINDS.items()),
    )  # fmt: skip
    company_name = _text(_("企业名称"), 200)
    company_type = _choice(_("企业类型"), COMPANY_TYPES)
    licence_no = _text(_("统一社会信用代码"), 40)
    scope = _choice(_("经营范围"), SCOPES, help_text=_("本地生活商家选一项。"))
    brand_name = _text(_("品牌名称"), 100)
    brand_intro = _long(_("品牌介绍"), 500)
    brand_story = _long(_("品牌故事（选填）"), 2000)
    shop_name = _text(_("店铺名称"), 200)
    shop_type = _choice(_("店铺类型"), SHOP_TYPES, help_text=_("决定保证金。"))
    industry = _choice(_("行业"), INDUSTRIES)
    main_category = _text(_("主营类目（选填）"), 64)
    shop_address = _text(_("店铺地址"), 200)
    contact_phone = _text(_("联系电话"), 32)
    service_mode = _choice(
        _("客服方式"), MODES,
        help_text=_("自主客服要接受考核，平台代运营另外收费。"),
    )  # fmt: skip
    agrees = forms.BooleanField(label=_("已阅读并同意店铺服务协议"), required=False)

    @staticmethod
    def initial_of(application: Application) -> dict[str, Any]:
        """What was saved."""
        found = {name: getattr(application, name) for name in TEXTS}
        more = {"kind": application.kind, "version": application.version}
        return found | more | {"agrees": bool(application.agreed_to)}

    def texts(self) -> dict[str, str]:
        """What was filled in."""
        said = self.cleaned_data
        return {name: said[name].strip() for name in (*TEXTS, "kind")}

    def groups(self) -> list[tuple[str, Any, list[forms.BoundField]]]:
        """The fields by step: its name, its title and its fields."""
        return [(name, title, [self[field] for field in fields]) for name, title, fields in GROUPS]


GROUPS = (
    ("qualifications", _("主体资质"), (
        "kind", "company_type", "company_name", "licence_no", "scope",
    )),
    ("brand", _("品牌"), ("brand_name", "brand_intro", "brand_story")),
    ("shop", _("店铺"), (
        "shop_name", "shop_type", "industry", "main_category", "shop_address", "contact_phone",
        "service_mode",
    )),
)  # fmt: skip


class PaperForm(forms.Form):
    """A paper and which it is."""

    kind = forms.ChoiceField(
        label=_("材料种类"), choices=list(PAPER_WORDS.items()), widget=forms.Select(CHOICE)
    )
    file = forms.FileField(
        label=_("文件"), widget=forms.FileInput({**BOX, "accept": ".png,.jpg,.jpeg,.pdf"}),
        help_text=_("照片或扫描件，不超过 5 兆；看的是内容，不是文件名。"),
        error_messages={"required": _("请先选一个文件。"), "empty": _("文件是空的，请换一个。")},
    )  # fmt: skip


class SubmitForm(forms.Form):
    """An invitation code, if there is one."""

    code = forms.CharField(
        label=_("邀请码（选填）"), max_length=24, required=False, widget=forms.TextInput(BOX),
        help_text=_("有邀请码的申请先审。"),
    )  # fmt: skip


class OpenForm(forms.Form):
    """The first product."""

    title = forms.CharField(
        label=_("第一个商品的名称"), max_length=300, widget=forms.TextInput(BOX)
    )
    price = forms.DecimalField(
        label=_("价格（元）"), min_value=0, max_value=MOST_YUAN, max_digits=10, decimal_places=2,
        widget=forms.NumberInput({**BOX, "step": "0.01"}),
    )  # fmt: skip

    @property
    def price_fen(self) -> int:
        """The price in fen."""
        return fen_from_yuan(f"{self.cleaned_data['price']:.2f}")
