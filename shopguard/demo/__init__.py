"""A made-up market of shops, written as canonical files: same seed and day, same bytes.

Nothing here is the record of a real shop or buyer, and nothing here is read by the calculation of
scores: the files go through the importers like those of any merchant.
"""
