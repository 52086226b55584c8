"""Filters of lists: declared ones only, and every other query parameter is refused by name."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, TypeVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request
from rest_framework.views import APIView

from shopguard.lib.api.problems import FieldError, InvalidRequest

# No fact is older or will be younger; instants outside would not survive a change of time zone.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
MOST_WHOLE = 2**63 - 1
WHOLE_SHAPE = {
    "type": "integer", "format": "int64", "minimum": -MOST_WHOLE - 1, "maximum": MOST_WHOLE,
}  # fmt: skip

AnyFilter = TypeVar("AnyFilter", bound=filters.Filter)


class InstantField(filters.IsoDateTimeFilter.field_class):
    """An RFC 3339 instant, or a date meaning its first moment in Shanghai."""

    def to_python(self, value: Any) -> datetime | None:
        """The instant, moved to the nearest one any fact could have."""
        try:
            instant: datetime | None = super().to_python(value)
            # PostgreSQL refuses offsets of 16 hours and more.
            return min(max(instant, EARLIEST), LATEST).astimezone(UTC) if instant else None
        except OverflowError:
            return EARLIEST if str(value).startswith("0") else LATEST


class InstantFilter(filters.IsoDateTimeFilter):
    """Compares a time field."""

    field_class = InstantField


class FlagFilter(filters.TypedChoiceFilter):
    """``true`` or ``false``; anything else is refused rather than ignored."""

    def __init__(self, **kwargs: Any) -> None:
        choices = (("true", "true"), ("false", "false"))
        super().__init__(choices=choices, coerce=lambda text: text == "true", **kwargs)


class WholeField(forms.IntegerField):
    """A whole number written in plain digits."""

    default_error_messages = {"invalid": gettext_lazy("请填整数。")}


class WholeFilter(filters.NumberFilter):
    """Compares a whole number."""

    field_class = WholeField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=-MOST_WHOLE - 1, max_value=MOST_WHOLE, **kwargs)

    def get_max_validator(self) -> None:
        """None: a form's integer field brings its own bounds."""


def exact(field: str, about: Any) -> filters.CharFilter:
    """Rows whose ``field`` is exactly the text."""
    return filters.CharFilter(field, help_text=about)


def one_of(codes: Collection[str], about: Any, **kwargs: Any) -> filters.ChoiceFilter:
    """Rows with one of some codes."""
    choices = [(code, code) for code in codes]
    return filters.ChoiceFilter(choices=choices, help_text=about, **kwargs)


def flag(field: str, about: Any) -> FlagFilter:
    """Rows whose ``field`` is true, or false."""
    return _told(FlagFilter(field_name=field), {"type": "boolean"}, about)


def known(field: str, about: Any) -> FlagFilter:
    """Rows whose ``field`` has a value, or has none."""
    absent = FlagFilter(field_name=field, lookup_expr="isnull", exclude=True)
    return _told(absent, {"type": "boolean"}, about)


def whole(field: str, about: Any, lookup: str = "exact") -> WholeFilter:
    """Rows whose ``field`` compares to the whole number."""
    return _told(WholeFilter(field, lookup), WHOLE_SHAPE, about)


def on_day(field: str, about: Any, lookup: str = "exact") -> filters.DateFilter:
    """Rows whose ``field`` compares to the day, written YYYY-MM-DD."""
    return filters.DateFilter(field, lookup, input_formats=["%Y-%m-%d"], help_text=about)


def _told(filter_: AnyFilter, shape: dict[str, Any], about: Any) -> AnyFilter:
    """The filter, described as it is rather than as the generator would guess."""
    extend_schema_field({**shape, "description": about})(filter_)
    return filter_


def since(field: str) -> InstantFilter:
    """Rows whose ``field`` is at the instant or later."""
    return InstantFilter(field, "gte", help_text=gettext_lazy("不早于这一刻（含）。"))


def until(field: str) -> InstantFilter:
    """Rows whose ``field`` is before the instant."""
    return InstantFilter(field, "lt", help_text=gettext_lazy("早于这一刻（不含）。"))


class StrictFilters(filters.DjangoFilterBackend):
    """Applies the view's ``filterset_class``. Raises InvalidRequest for a value it cannot read."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        """The rows that pass."""
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise InvalidRequest(
                [
                    FieldError("query", name, " ".join(messages))
                    for name, messages in filterset.errors.items()
                ]
            )
        rows: QuerySet[Any] = filterset.qs
        return rows


def refuse_unknown(request: Request, known: Collection[str]) -> None:
    """Raise InvalidRequest when the query names something not ``known``, twice or without value."""
    allowed = ", ".join(sorted(known)) or _("无")
    errors = []
    for name, values in request.query_params.lists():
        if name not in known:
            detail = _("没有这个参数。可用的参数：%(allowed)s。") % {"allowed": allowed}
            errors.append(FieldError("query", name, detail))
        elif len(values) > 1:
            errors.append(FieldError("query", name, _("这个参数只能出现一次。")))
        elif not values[0] or "\x00" in values[0]:
            detail = _("这个参数没有值。不需要它时请去掉。")
            errors.append(FieldError("query", name, detail))
    if errors:
        raise InvalidRequest(errors)
