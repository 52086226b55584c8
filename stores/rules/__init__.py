"""The dated rules of this app, loaded once."""

import hashlib
from functools import cache
from pathlib import Path

from shopguard.lib.rulesets import RuleBook, load_folder


@cache
def shipping_book() -> RuleBook:
    """The latest time to ship, all versions. Raises RuleError when a file must not be used."""
    return load_folder(Path(__file__).parent / "shipping", "shipping")


@cache
def conduct_book() -> RuleBook:
    """Clauses of conduct and their points, all versions. Raises RuleError as above."""
    return load_folder(Path(__file__).parent / "conduct", "conduct")


@cache
def ladder_book() -> RuleBook:
    """Nodes of violation points and what they bring, all versions. Raises RuleError as above."""
    return load_folder(Path(__file__).parent / "ladders", "ladders")


@cache
def appeal_book() -> RuleBook:
    """Until when and how often violations can be appealed. Raises RuleError as above."""
    return load_folder(Path(__file__).parent / "appeals", "appeals")


@cache
def deposit_book() -> RuleBook:
    """What shops have to have deposited, all versions. Raises RuleError as above."""
    return load_folder(Path(__file__).parent / "deposit", "deposit")


@cache
def shipping_hash() -> str:
    """16 hex digits over all versions: what a shop's stored deadlines were worked out with."""
    told = ",".join(f"{rules.id}:{rules.hash}" for rules in shipping_book().sets)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
