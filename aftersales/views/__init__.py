"""Pages of after-sales."""
