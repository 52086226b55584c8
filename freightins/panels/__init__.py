"""The panel of freight insurance on the overview."""
