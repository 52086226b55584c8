"""The API of after-sales: one file per resource, listed in ``urls``."""
