"""Pages of the service score."""
