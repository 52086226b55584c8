"""What every API resource stands on and no app has to know: problems, pages, filters, schema."""
