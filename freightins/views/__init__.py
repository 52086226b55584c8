"""Pages of freight insurance."""
