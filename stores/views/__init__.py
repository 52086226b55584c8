"""Pages about people. Pages of a shop come with the capability they show."""
