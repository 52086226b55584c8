"""Serves the few browser files that come inside Python packages, and nothing else of them.

Bootstrap, plotly.js and htmx arrive as wheels. Their packages hold far more than the pages need
(maps of unused bundles, a widget bundle, datasets), so none of them is an installed app or a
static folder; the table below is the whole list.
"""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

# public path -> (package, file inside the package). The map is listed because the style sheet
# names it: manifest storage refuses a reference it cannot resolve.
VENDOR_FILES = {
    "vendor/bootstrap.min.css": ("django_include_bootstrap", "static/css/bootstrap.min.css"),
    "vendor/bootstrap.min.css.map": (
        "django_include_bootstrap",
        "static/css/bootstrap.min.css.map",
    ),
    "vendor/plotly.min.js": ("plotly", "package_data/plotly.min.js"),
    "vendor/htmx.min.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
}


def vendor_file(path: str) -> Path | None:
    """The file on disk behind a public ``vendor/…`` path; None when it is not one of ours."""
    if path not in VENDOR_FILES:
        return None
    package, inside = VENDOR_FILES[path]
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    found = Path(spec.submodule_search_locations[0]) / inside
    return found if found.is_file() else None


class VendorStorage(FileSystemStorage):
    """Read-only view of the listed files under their public names."""

    prefix = ""

    def path(self, name: str) -> str:
        """The absolute path of a listed file. Raises FileNotFoundError for any other name."""
        found = vendor_file(name.replace("\\", "/"))
        if found is None:
            raise FileNotFoundError(f"{name} is not a vendor file")
        return str(found)


class PackageFinder(BaseFinder):
    """A static files finder over :data:`VENDOR_FILES`."""

    storage = VendorStorage()

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The absolute path of a vendor file; an empty list when ``path`` is not one."""
        found = vendor_file(path)
        if found is None:
            return []
        return [str(found)] if find_all else str(found)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """A deploy check: each listed file is really in its package."""
        missing = [path for path in VENDOR_FILES if vendor_file(path) is None]
        return [
            Error(
                f"{path} is not in package {VENDOR_FILES[path][0]}",
                hint="Run `make setup`; after an upgrade of the package look where the file went.",
                id="shopguard.E001",
            )
            for path in missing
        ]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, VendorStorage]]:
        """Every vendor file with the storage that opens it, for collectstatic."""
        for path in VENDOR_FILES:
            yield path, self.storage
