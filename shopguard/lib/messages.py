"""Finds the texts of Django templates for pybabel, see ``babel.cfg``."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

# As pybabel types what its extractors give.
Text = tuple[int, str | tuple[str, ...], list[str], str | None]


def template_texts(
    file: BinaryIO, keywords: Mapping[str, Any], comments: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Text]:
    """Every text of a template: Django writes the template as Python, pybabel reads that."""
    source = templatize(file.read().decode(options.get("encoding", "utf-8")))
    # Lines keep the indent of the template, which means something else in Python.
    flat = "\n".join(line.lstrip() for line in source.splitlines())
    yield from extract_python(BytesIO(flat.encode()), keywords, comments, {"encoding": "utf-8"})
