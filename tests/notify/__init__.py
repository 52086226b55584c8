"""Telling people on every way: choices, e-mail, webhooks, digests."""
