"""Reads of freight insurance."""
