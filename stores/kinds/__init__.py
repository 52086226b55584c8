"""Import kinds: one file per kind, found by its folder; each app registers its own in ``ready()``.

A file declares ``KIND``. Adding one is all a new kind needs (and a migration where it stores
something new).
"""

from shopguard.lib.registry import collect
from stores.calc.cells import Code
from stores.kinds._declare import Kind

_kinds: dict[str, Kind] = {}


def register_folder(package_name: str) -> None:
    """Make every kind declared in a folder known. Raises ValueError on a name used twice."""
    for kind in collect(package_name, "KIND", Kind):
        if _kinds.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two files declare the import kind {kind.name}")


def codes_of(kind: Kind, column: str) -> tuple[str, ...]:
    """The codes a column of a kind may hold. Raises TypeError for a column of another sort."""
    cell = kind.columns[column].cell
    if not isinstance(cell, Code):
        raise TypeError(f"{kind.name}.{column} does not hold codes")
    return cell.codes


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises KeyError."""
    return _kinds[name]


def kind_names() -> list[str]:
    """The names of all kinds, sorted."""
    return sorted(_kinds)
