"""Forms: from what is typed into a page to a record, whatever its type."""
