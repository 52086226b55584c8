"""Files people send never get a name on disk: what is not kept cannot be left behind.

The handler writes to a temporary file that has no name, so it is gone with the request, however
that ends. What is larger than the limit is not written at all.
"""

import os
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class NamelessUploadHandler(FileUploadHandler):
    """Takes a file into a nameless temporary file; one beyond the limit counts but is not kept."""

    file: Any
    chunk_size = 1 << 20

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.file = TemporaryFile(prefix="shopguard-upload-")  # noqa: SIM115 (closed with the request)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of it."""
        self.seen += len(raw_data)
        if self.seen <= settings.IMPORT_UPLOAD_MAX_BYTES:
            self.file.write(raw_data)
        elif self.file.tell():
            self.file.seek(0)
            self.file.truncate()

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        """The whole file, with its true size even where it was too large to be kept."""
        self.file.seek(0)
        return UploadedFile(
            file=self.file, name=self.file_name, content_type=self.content_type, size=file_size
        )

    def upload_interrupted(self) -> None:
        """The connection ended early."""
        if getattr(self, "file", None) is not None:
            self.file.close()


def reopener(file: "UploadedFile[Any]") -> Callable[[], BinaryIO]:
    """Opens a sent file again from its beginning, as often as asked, one reader at a time."""
    if file.file is None:
        raise ValueError("the file was not kept")
    number = file.file.fileno()

    def opened() -> BinaryIO:
        os.lseek(number, 0, os.SEEK_SET)
        return os.fdopen(os.dup(number), "rb")

    return opened
