"""Import kinds: one file per kind, found by its folder; each app registers its own in ``ready()``."""

from shopguard.lib.registry import modules_in


def register_folder(package_name: str) -> None:
    """Make every kind declared in a folder known to the import engine."""
    modules_in(package_name)
