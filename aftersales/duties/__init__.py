"""Lines of the to-do list about after-sales; see ``stores.duties``."""
