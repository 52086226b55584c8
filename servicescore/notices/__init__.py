"""Kinds of notices about scores; see ``stores.notices``."""
