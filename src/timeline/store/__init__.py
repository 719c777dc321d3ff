"""Where the log is kept: one file with SQLite, or the memory of the process."""
