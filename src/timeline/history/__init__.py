"""Which events stand at a position of the log, how they read, and which slugs are one entity."""
