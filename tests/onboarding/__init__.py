"""Applications, deposits, accounts: from the first word to the open shop."""
