"""The canonical files themselves: every header is the name of a column."""

from stores.presets._declare import Preset

PRESET = Preset(name="canonical")
