"""The log in one SQLite file: many readers, and writers that queue."""
