"""What comes in and goes out: bodies of requests and the fields of records."""

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from shopguard.lib.api.filters import EARLIEST, LATEST
from shopguard.lib.api.problems import TooLarge

MOST_BODY_BYTES = 1024 * 1024
ROW_ID = "^[1-9][0-9]{0,17}$"


class BoundedJsonParser(JSONParser):
    """JSON of at most :data:`MOST_BODY_BYTES`. Raises TooLarge, or ParseError for anything else."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The parsed body."""
        body = stream.read(MOST_BODY_BYTES + 1)
        if len(body) > MOST_BODY_BYTES:
            raise TooLarge
        try:
            return super().parse(io.BytesIO(body), media_type, {"encoding": "utf-8"})
        except (RecursionError, ParseError) as error:
            raise ParseError(_("请求内容不是有效的 JSON。")) from error


class InputSerializer(serializers.Serializer):
    """Fields a client may send; a field it does not have is refused rather than ignored, and so is
    a number where a text belongs. A text is as long as it was sent, spaces at its ends included.
    """

    def to_internal_value(self, data: Any) -> Any:
        """The validated values. Raises ValidationError naming every field that cannot be."""
        if isinstance(data, Mapping):
            unknown = {str(name): [_("没有这个字段。")] for name in set(data) - set(self.fields)}
            wrong = unknown | self._no_texts(data)
            if wrong:
                raise serializers.ValidationError(dict(sorted(wrong.items())))
        return super().to_internal_value(data)

    def _no_texts(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What is wrong with the values of text fields as they were sent, by field."""
        wrong: dict[str, Any] = {}
        for name, field in self.fields.items():
            if not isinstance(field, serializers.CharField):
                continue
            value, most = data.get(name), field.max_length
            if isinstance(value, int | float):
                wrong[name] = [field.error_messages["invalid"]]
            elif isinstance(value, str) and most is not None and len(value) > most:
                wrong[name] = [field.error_messages["max_length"].format(max_length=most)]
        return wrong


class InstantInput(serializers.DateTimeField):
    """A time somebody enters: within the bounds any record of ours can have."""

    default_error_messages = {"bounds": _("时间太早或太晚，请核对年份。")}

    def to_internal_value(self, value: Any) -> datetime:
        """The instant. Raises ValidationError outside of the bounds."""
        at: datetime = super().to_internal_value(value)
        if not EARLIEST <= at <= LATEST:
            self.fail("bounds")
        return at


class Fen(serializers.IntegerField):
    """Money: whole fen (1/100 yuan). The field's name ends in ``_fen``."""

    def __init__(self, source: str) -> None:
        super().__init__(
            source=source, read_only=True, allow_null=True, help_text=_("金额，单位分。")
        )


@extend_schema_field({"type": "string", "pattern": ROW_ID, "examples": ["1"]})
class RowId(serializers.IntegerField):
    """The number of a record: text to programs, as every id is; a number is refused."""

    default_error_messages = {"invalid": _('编号是文本，例如 "12"。')}

    def to_internal_value(self, data: Any) -> int:
        """The number in the text."""
        if not isinstance(data, str) or not re.match(ROW_ID, data):
            self.fail("invalid")
        return int(data)

    def to_representation(self, value: Any) -> Any:
        """The number in text."""
        return str(value)


class ReadSerializer(serializers.ModelSerializer):
    """A row as it is shown: every field of ``Meta.fields`` is read only and always there."""

    def get_extra_kwargs(self) -> dict[str, Any]:
        """The field options of ``Meta``, each field read only."""
        given = super().get_extra_kwargs()
        return {name: {**given.get(name, {}), "read_only": True} for name in self.Meta.fields}


class RecordSerializer(ReadSerializer):
    """A record of a shop; ``id`` is the id the platform gave it."""

    id = serializers.CharField(source="external_id", read_only=True, help_text=_("平台上的编号。"))
    as_of = serializers.DateTimeField(
        read_only=True, help_text=_("最近一次写到这条记录的文件的时间。")
    )


def text(source: str, about: Any = "") -> serializers.CharField:
    """A text field that goes by another name than its column, mostly the id of another record."""
    return serializers.CharField(source=source, read_only=True, help_text=about)
