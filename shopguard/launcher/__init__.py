"""Starts what ShopGuard runs on: PostgreSQL and Valkey, without installing either.

Only the standard library is imported here: it runs before anything else is there.
"""
