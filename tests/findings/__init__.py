"""What is found in returns, and what is not."""
