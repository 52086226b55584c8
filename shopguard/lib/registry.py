"""Finding things by their folder: one metric, one kind, one notification = one file."""

from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

T = TypeVar("T")


def modules_in(package_name: str) -> list[object]:
    """Import every public module directly inside a package, in name order.

    A module whose name starts with an underscore is private to the folder and skipped.
    """
    package = import_module(package_name)
    names = sorted(info.name for info in iter_modules(package.__path__))
    return [import_module(f"{package_name}.{name}") for name in names if not name.startswith("_")]


def collect(package_name: str, attribute: str, kind: type[T]) -> list[T]:
    """The ``attribute`` of every module of a package that has one.

    Raises TypeError, naming the module, when the attribute is of another type: a file that is
    silently ignored would be found only by its missing result.
    """
    found: list[T] = []
    for module in modules_in(package_name):
        value = getattr(module, attribute, None)
        if not isinstance(value, kind):
            name = getattr(module, "__name__", "?")
            raise TypeError(f"{name} declares no {attribute} of type {kind.__name__}")
        found.append(value)
    return found
