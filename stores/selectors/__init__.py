"""Reads of the lowest app, shaped for the pages that ask."""
