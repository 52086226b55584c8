"""Tests of imports in the browser: what people send, see and get back."""
