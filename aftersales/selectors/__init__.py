"""What is asked of the records of after-sales."""
