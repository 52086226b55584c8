"""The OpenAPI description of a view, worked out from what the view declares.

A view says ``title``, ``about`` and ``tag``; its serializer, filters and policy say the rest. Every
operation lists the problems it can answer with. Texts are in the active language.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from shopguard.lib.api.problems import MEDIA_TYPE, PROBLEMS
from shopguard.lib.api.shapes import Shapes
from shopguard.lib.api.words import FIELD_WORDS

KEY_HEADER = "Idempotency-Key"
MOST_KEY_CHARS = 128
PATH_WORDS: dict[str, Promise] = {
    "shop": gettext_lazy("店铺编号。"),
    "day": gettext_lazy("分数日期（上海），YYYY-MM-DD。"),
    "run": gettext_lazy("运行编号。"),
    "batch": gettext_lazy("导入编号。"),
    "token": gettext_lazy("令牌编号。"),
    "upload": gettext_lazy("所发文件的编号。"),
    "rule": gettext_lazy("规则的编号。"),
    "appeal": gettext_lazy("申诉的编号。"),
    "application": gettext_lazy("入驻申请的编号。"),
    "sheet": gettext_lazy("入驻材料的编号。"),
    "violation": gettext_lazy("案件编号。"),
    "paper": gettext_lazy("材料的编号。"),
    "image": gettext_lazy("照片的编号。"),
    "live": gettext_lazy("直播的编号。"),
    "penalty_view": gettext_lazy("视图的编号。"),
    "person": gettext_lazy("账号的编号。"),
    "sample": gettext_lazy("抽检的编号。"),
    "shard": gettext_lazy("分片的编号。"),
    "shift": gettext_lazy("班次的编号。"),
    "switch": gettext_lazy("切换的编号。"),
    "kind": gettext_lazy("文件的格式：csv 或 xlsx。"),
    "case_view": gettext_lazy("视图的编号。"),
    "fix": gettext_lazy("整改的编号。"),
}
ALWAYS = (400, 401, 403, 406, 429, 500, 503)


class FieldErrorSerializer(serializers.Serializer):
    """One field at fault."""

    def get_fields(self) -> dict[str, Any]:
        """``in`` is a word of the language and cannot be a class attribute."""
        places = ("query", "body", "header")
        return {
            "in": serializers.ChoiceField(places, help_text=gettext_lazy("字段所在的位置。")),
            "name": serializers.CharField(
                allow_blank=True, help_text=gettext_lazy("字段名；整个内容有误时为空。")
            ),
            "detail": serializers.CharField(help_text=gettext_lazy("错在哪里，怎么改。")),
        }


class ProblemSerializer(serializers.Serializer):
    """Problem details (RFC 9457)."""

    type = serializers.CharField(help_text=gettext_lazy("这类问题在文档里的位置。"))
    title = serializers.CharField(help_text=gettext_lazy("这类问题的名字。"))
    status = serializers.IntegerField(help_text=gettext_lazy("HTTP 状态码。"))
    detail = serializers.CharField(help_text=gettext_lazy("这一次的说明和做法。"))
    instance = serializers.CharField(help_text=gettext_lazy("出问题的地址。"))
    request_id = serializers.CharField(help_text=gettext_lazy("请求编号，报问题时请附上。"))
    errors = FieldErrorSerializer(  # type: ignore[assignment]
        many=True, required=False, help_text=gettext_lazy("有误的字段，逐个列出。")
    )


class ApiSchema(AutoSchema):
    """Describes one method of a view of ours."""

    view: Any

    def get_summary(self) -> str:
        """The view's title."""
        return str(self.view.title)

    def get_description(self) -> str:  # type: ignore[override]
        """What the view says about itself."""
        return str(self.view.about)

    def get_tags(self) -> list[str]:
        """The part of the documentation the view belongs to."""
        return [str(self.view.tag)]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The operation with its headers and every problem it can answer with."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        parameters = operation.setdefault("parameters", [])
        for parameter in parameters:
            if parameter["in"] == "path" and parameter["name"] in PATH_WORDS:
                parameter["description"] = str(PATH_WORDS[parameter["name"]])
            if parameter["in"] == "query" and parameter["schema"].get("type") == "string":
                parameter["schema"].setdefault("minLength", 1)
        parameters += self._headers()
        responses = operation["responses"]
        if self.view.is_conditional and self.method == "GET":
            responses["200"]["headers"] = {"ETag": {"schema": {"type": "string"}}}
            responses["304"] = {"description": _("没有变化，内容与 If-None-Match 相同。")}
        problem = self.resolve_serializer(ProblemSerializer, "response").ref
        for status in sorted(set(self._problems())):
            responses[str(status)] = {
                "description": f"{PROBLEMS[status].title} — {PROBLEMS[status].advice}",
                "content": {MEDIA_TYPE: {"schema": problem}},
            }
        return operation

    def _headers(self) -> Iterator[dict[str, Any]]:
        if self.view.is_conditional and self.method == "GET":
            yield _header("If-None-Match", _("上次得到的 ETag；没有变化就回答 304。"), {})
        if self.method not in SAFE_METHODS:
            yield _header(
                KEY_HEADER,
                _("你自选的唯一键。用同一个键重发同样的请求，得到同样的回答，只执行一次。"),
                {"minLength": 1, "maxLength": MOST_KEY_CHARS, "pattern": "^[!-~]+$"},
                required=self.method == "POST",
            )

    def _problems(self) -> Iterator[int]:
        """The statuses this operation can answer with beside success."""
        yield from ALWAYS
        if "{" in self.path or self.view.door_hides:
            yield 404
        if self.method not in SAFE_METHODS:
            yield from (409, 422)
        if self.method in ("POST", "PUT", "PATCH"):
            yield from (413, 415)


def _header(
    name: str, about: str, schema: dict[str, Any], *, required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": about,
        "schema": {"type": "string", **schema},
    }


def with_words(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Explain every field that its serializer does not explain: a hook of the generator."""
    for shape in result.get("components", {}).get("schemas", {}).values():
        for name, field in shape.get("properties", {}).items():
            field.pop("x-spec-enum-id", None)
            if name in FIELD_WORDS and not field.get("description"):
                field["description"] = str(FIELD_WORDS[name])
    return result


def with_examples(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Give every request and every good answer an example: a hook of the generator."""
    shapes = Shapes(result)
    for path in result["paths"].values():
        for operation in path.values():
            answers = [part for code, part in operation["responses"].items() if code < "300"]
            for part in [operation.get("requestBody", {}), *answers]:
                for content in part.get("content", {}).values():
                    content["example"] = shapes.example(content["schema"])
    return result


def closed_requests(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Say of every request body that it takes no other fields: a hook of the generator."""
    schemas = result.get("components", {}).get("schemas", {})
    for path in result["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                _close(content["schema"], schemas)
    return result


def _close(shape: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Close the object a shape refers to, and the objects its lists hold."""
    name = shape.get("$ref", "").rpartition("/")[2]
    if name in schemas:
        schemas[name]["additionalProperties"] = False
        for part in schemas[name].get("properties", {}).values():
            _close(part.get("items", {}), schemas)
