"""One file for each row of the table: a function `measure(bench)` that yields results."""
