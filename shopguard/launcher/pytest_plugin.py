"""Gives every `pytest` run its services before the settings are read."""
