"""The API of freight insurance: one file per resource, listed in ``urls``."""
