"""The dated rules of this app, loaded once."""

from functools import cache
from pathlib import Path

from shopguard.lib.rulesets import RuleBook, load_folder


@cache
def shipping_book() -> RuleBook:
    """The latest time to ship, all versions. Raises RuleError when a file must not be used."""
    return load_folder(Path(__file__).parent / "shipping", "shipping")
