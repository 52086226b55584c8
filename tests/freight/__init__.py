"""Freight insurance: what it costs, who has it, what comes of it."""
