"""The API of the service score: one file per resource, listed in ``urls``."""
