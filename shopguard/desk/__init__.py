"""The admin desk: pages above the shops, for admins; for others they do not exist."""
