"""Forms about the person who sits in front of the screen."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.utils.translation import gettext_lazy as _

from stores.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# Long enough for any password manager, short enough that hashing one stays cheap.
PASSWORD_MAX_CHARS = 256


def _password_field(label: "StrPromise", autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=PASSWORD_MAX_CHARS,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(forms.Form):
    """Name or e-mail address, password, and whether to stay signed in."""

    username = forms.CharField(
        label=_("账号或邮箱"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = _password_field(_("密码"), "current-password")
    remember = forms.BooleanField(label=_("14 天内保持登录"), required=False)


class PasswordChangeForm(forms.Form):
    """The old password once, the new one twice."""

    old_password = _password_field(_("当前密码"), "current-password")
    new_password = _password_field(_("新密码"), "new-password")
    new_password_again = _password_field(_("再输入一次新密码"), "new-password")

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.user = user
        self.fields["new_password"].help_text = " ".join(password_validators_help_texts())

    def clean_new_password(self) -> str:
        """The new password, held against the rules for this person."""
        password: str = self.cleaned_data["new_password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> None:
        """Both new passwords are the same and not the old one."""
        first = self.cleaned_data.get("new_password")
        if first is None:
            return
        again = self.cleaned_data.get("new_password_again")
        if again is not None and again != first:
            self.add_error("new_password_again", _("两次输入的新密码不一致。"))
        if first == self.cleaned_data.get("old_password"):
            self.add_error("new_password", _("新密码与当前密码相同，请换一个。"))


CODE_ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "autocapitalize": "none",
    "spellcheck": "false",
}


class CodeForm(forms.Form):
    """The six digits of the app, or a backup code."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=32,
        help_text=_("应用里的 6 位数字，或一个备用码。"),
        widget=forms.TextInput(attrs={**CODE_ATTRIBUTES, "autofocus": True}),
    )


class EnrolmentForm(forms.Form):
    """The six digits an app shows for the secret of the page; the secret comes back sealed."""

    sealed = forms.CharField(max_length=400, widget=forms.HiddenInput())
    code = forms.CharField(
        label=_("应用里的 6 位数字"),
        max_length=32,
        widget=forms.TextInput(attrs={**CODE_ATTRIBUTES, "inputmode": "numeric"}),
    )


class TokenForm(forms.Form):
    """What a new token is for, how long it lasts and whether it may write."""

    name = forms.CharField(
        label=_("用途"), max_length=80, help_text=_("给哪个程序用，例如“财务报表”。")
    )
    days = forms.TypedChoiceField(
        label=_("有效期"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 天")), (90, _("90 天")), (365, _("365 天"))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    can_write = forms.BooleanField(
        label=_("可以写入"), required=False, help_text=_("只读取数据的程序不需要。")
    )
