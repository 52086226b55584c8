"""Writes of freight insurance."""
