"""Starts what ShopGuard runs on: PostgreSQL and Valkey without installation. Standard library only."""
