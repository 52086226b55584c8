"""Presets: one file per preset, found by its folder. Each declares ``PRESET``."""

from functools import cache

from shopguard.lib.registry import collect
from stores.presets._declare import Preset


@cache
def presets() -> dict[str, Preset]:
    """Every preset by name."""
    return {preset.name: preset for preset in collect("stores.presets", "PRESET", Preset)}
