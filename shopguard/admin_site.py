"""Django's admin as a window: every model can be looked at by admins, nothing can be changed.

A write here would go around the services and leave no audit row, so there is no way to one: no
add, change or delete, no actions, and only reading methods pass the door.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from stores.access import admin_page
from stores.models import ApiToken, AppealPaper, KeptAnswer, User

LISTED_COLUMNS = 8
COUNTED_ROWS = 10_000
# What would let a reader act as somebody else is not shown: the hash of a password, and sessions
# as a whole, because even their key is one. Files are given back as downloads only.
HIDDEN_FIELDS: dict[type[models.Model], frozenset[str]] = {
    User: frozenset({"password"}),
    ApiToken: frozenset({"hash"}),
    AppealPaper: frozenset({"content"}),
    KeptAnswer: frozenset({"key", "body"}),
    Session: frozenset({"session_key", "session_data"}),
    TOTPDevice: frozenset({"key"}),
    StaticToken: frozenset({"token"}),
}
LONG_FIELDS = (models.TextField, models.JSONField, models.ManyToManyField)


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than anybody turns pages: the order table may hold ten million rows."""

    @cached_property
    def count(self) -> int:
        """Rows there are, at most :data:`COUNTED_ROWS`."""
        rows: Any = self.object_list
        return int(rows.order_by()[:COUNTED_ROWS].count())


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows the columns of a model and nothing else."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator
    ordering = ("-pk",)

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        self.hidden = HIDDEN_FIELDS.get(model, frozenset())
        shown = [field for field in model._meta.concrete_fields if field.name not in self.hidden]
        short = [field.name for field in shown if not isinstance(field, LONG_FIELDS)]
        self.list_display = tuple(short[:LISTED_COLUMNS])
        self.exclude = tuple(sorted(self.hidden))  # type: ignore[misc]
        if model._meta.pk.name in self.hidden:
            self.list_display_links = None

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The door lets only admins come this far; a row whose key is a secret has no page."""
        return obj is None or self.opts.pk.name not in self.hidden

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Every app is listed."""
        return True

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """No filters: they would let one guess a hidden column sign by sign."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The list and the single row."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        look = self.admin_site.admin_view
        return [
            path("", look(self.changelist_view), name=f"{name}_changelist"),
            path("<path:object_id>/history/", look(self.history_view), name=f"{name}_history"),
            path("<path:object_id>/change/", look(self.change_view), name=f"{name}_change"),
        ]


class ReadOnlyAdminSite(admin.AdminSite):
    """The site: behind the product's own door, without a sign-in or password page of its own."""

    site_header = site_title = "ShopGuard"
    final_catch_all_view = False

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Every view of the site carries the admins' policy; the door does the rest."""

        def look(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            return view(request, *args, **kwargs)

        return admin_page()(look)

    def get_urls(self) -> list[Any]:
        """Django's own addresses of reading pages; those that write lead nowhere."""
        models_urls = [
            path(f"{model._meta.app_label}/{model._meta.model_name}/", include_of(model_admin))
            for model, model_admin in self._registry.items()
        ]
        nowhere = self.admin_view(_nowhere)
        return [
            path("", self.admin_view(self.index), name="index"),
            path("jsi18n/", self.admin_view(self.i18n_javascript), name="jsi18n"),
            *(
                path(f"{name}/", nowhere, name=name)
                for name in ("login", "logout", "password_change", "password_change_done")
            ),
            *models_urls,
            path("<slug:app_label>/", self.admin_view(self.app_index), name="app_list"),
        ]


def include_of(model_admin: Any) -> Any:
    """What ``path()`` takes for the addresses of one model."""
    return (model_admin.get_urls(), None, None)


def _nowhere(request: HttpRequest, **kwargs: Any) -> Any:
    """The site's own sign-in, sign-out and password pages do not exist."""
    raise Http404


def build_site() -> ReadOnlyAdminSite:
    """The site with every installed model; a new model needs no line here."""
    site = ReadOnlyAdminSite(name="admin")
    for model in apps.get_models():
        site.register(model, ReadOnlyAdmin)
    return site
