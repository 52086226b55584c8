"""Downloads of the API: the address names the kind of file, the description says what it is.

The file itself comes from :mod:`shopguard.lib.exports`, the same as on the pages.
"""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer

from shopguard.lib.exports import FORMATS, XLSX_TYPE

CSV_TYPE = "text/csv"


class CsvFile(BaseRenderer):
    """Lets a program say that it takes CSV."""

    media_type, format = CSV_TYPE, "csv"


class XlsxFile(BaseRenderer):
    """Lets a program say that it takes XLSX."""

    media_type, format = XLSX_TYPE, "xlsx"


FILES: dict[str, type[BaseRenderer]] = {"csv": CsvFile, "xlsx": XlsxFile}


class FileNegotiation:
    """Mixin of a view whose address ends in the ``kind`` of file: it answers with that or not."""

    kwargs: dict[str, Any]

    def get_renderers(self) -> list[BaseRenderer]:
        """The one kind that is asked for; problems where there is none such."""
        kind = getattr(self, "kwargs", {}).get("kind", "")
        return [FILES.get(kind, JSONRenderer)()]


describes_files = extend_schema(
    parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=FORMATS)],
    responses={(200, CSV_TYPE): OpenApiTypes.STR, (200, XLSX_TYPE): OpenApiTypes.BINARY},
)
