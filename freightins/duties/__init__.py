"""To-do lines of freight insurance."""
