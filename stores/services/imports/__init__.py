"""The import engine: from a file to records, touches and a ledger row per chunk."""
