"""The dated rules of this app, loaded once."""

from functools import cache
from pathlib import Path

from shopguard.lib.rulesets import RuleBook, load_folder


@cache
def guarantee_book() -> RuleBook:
    """The guarantee period, all versions. Raises RuleError when a file must not be used."""
    return load_folder(Path(__file__).parent / "guarantee", "guarantee")


@cache
def clock_book() -> RuleBook:
    """How long a step of a case may take, all versions. Raises RuleError as above."""
    return load_folder(Path(__file__).parent / "clocks", "clocks")
