"""Panels of the overview about after-sales; see ``stores.panels``."""
