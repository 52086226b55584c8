"""The API of shops and what is imported about them: one file per resource, listed in ``urls``."""
