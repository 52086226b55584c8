"""To-do lines about customer service; see ``stores.duties``."""
