"""Where the log is kept: one file with SQLite, a database with PostgreSQL, or memory."""
