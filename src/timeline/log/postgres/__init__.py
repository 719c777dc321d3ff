"""The log in a PostgreSQL database: many writers and many readers, on any number of machines."""
