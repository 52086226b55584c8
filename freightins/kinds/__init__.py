"""Import kinds of freight insurance: one file per kind."""
