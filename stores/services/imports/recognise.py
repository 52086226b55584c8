"""Which kind of file this is: the best match of its header over all kinds and presets."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from stores.kinds import kind_named, kind_names
from stores.kinds._declare import SHOP_COLUMN, Kind
from stores.presets import presets
from stores.presets._declare import Preset, is_personal
from stores.services.imports.layout import Known, known_columns, plain
from stores.services.imports.source import RefusedError

SHOWN_ROWS = 5
SHOWN_GUESSES = 3


@dataclass(frozen=True)
class Guess:
    """One way to read a header: how many columns it knows and which required ones it lacks."""

    kind: Kind
    preset: Preset
    known: int
    missing: tuple[str, ...]

    def columns(self, headers: list[str]) -> Known:
        """(position, header, column) of what it knows of a header."""
        return known_columns(headers, self.kind, self.preset)


def headers_hash(headers: list[str]) -> str:
    """The same for files with the same headers, whatever their order."""
    told = "\x1f".join(sorted(plain(header) for header in headers))
    return hashlib.sha256(told.encode()).hexdigest()


def guesses(headers: list[str], *, kinds: Collection[str] = ()) -> list[Guess]:
    """Ways to read a header, the best first: complete ones, then those that know most of it."""
    found = [
        guess_of(headers, kind_named(name), preset)
        for name in kind_names()
        if not kinds or name in kinds
        for preset in presets().values()
        if preset.fits(name)
    ]
    known = [guess for guess in found if guess.known]
    return sorted(known, key=lambda guess: (bool(guess.missing), -guess.known, guess.preset.name))


def guess_of(headers: list[str], kind: Kind, preset: Preset) -> Guess:
    """What one kind and preset make of a header. The shop comes from the address."""
    names = {column.name for _, _, column in known_columns(headers, kind, preset)}
    needed = [name for name in kind.required_headers if name != SHOP_COLUMN]
    missing = tuple(name for name in needed if name not in names)
    return Guess(kind, preset, len(names - {SHOP_COLUMN}), missing)


def mapped_preset(preset: Preset, columns: Mapping[str, str]) -> Preset:
    """A preset with somebody's own wishes on top; "" leaves a header out.

    Raises RefusedError where a wish maps the header of a person.
    """
    for header, column in columns.items():
        if column and is_personal(header):
            raise RefusedError("personal_column", column=header)
    named = {plain(header): column for header, column in columns.items()}
    kept = {
        header: column for header, column in preset.headers.items() if plain(header) not in named
    }
    wished = {header: column for header, column in columns.items() if not is_personal(header)}
    return replace(preset, headers={**kept, **wished})
