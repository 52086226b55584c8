"""The form that sends a file, and what a person says about its columns with it."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from shopguard.lib.days import SHANGHAI
from shopguard.lib.uploads import reopener
from stores.services.imports.source import Source
from stores.services.uploads import Wish

MOST_COLUMNS = 1000


class UploadForm(forms.Form):
    """A file and, when its columns were mapped by hand, the mapping.

    ``format`` is a kind, or a kind and a preset as ``orders:canonical``; it and the ``column-N``
    fields count only where ``remap`` is sent with them.
    """

    file = forms.FileField(
        label=_("文件"),
        error_messages={
            "required": _("请先选一个文件"),
            "empty": _("文件是空的"),
        },
    )
    as_of = forms.DateTimeField(label=_("数据时间"), required=False)
    format = forms.CharField(max_length=65, required=False)
    remap = forms.BooleanField(required=False)

    def clean_as_of(self) -> Any:
        """The time the file was exported, by the clocks of Shanghai."""
        told = self.cleaned_data["as_of"]
        return told.replace(tzinfo=SHANGHAI) if told else None

    @property
    def source(self) -> Source:
        """The file as the engine reads it. It has no name on disk."""
        sent: UploadedFile[Any] = self.cleaned_data["file"]
        return Source(name=sent.name or "", size=sent.size or 0, open=reopener(sent))

    @property
    def wish(self) -> Wish:
        """What was said about the file."""
        said = self.cleaned_data
        if not said["remap"]:
            return Wish(as_of=said["as_of"])
        kind, _, preset = said["format"].partition(":")
        return Wish(kind=kind, preset=preset, columns=self._columns(), as_of=said["as_of"])

    def _columns(self) -> dict[str, str] | None:
        """The columns chosen, by header; None when only the format was."""
        chosen = {}
        for number in range(MOST_COLUMNS):
            header = self.data.get(f"header-{number}")
            if header is None:
                break
            column = self.data.get(f"column-{number}")
            if column is not None:
                chosen[header] = column
        return chosen or None
