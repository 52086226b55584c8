"""Panels of the overview about the score; see ``stores.panels``."""
