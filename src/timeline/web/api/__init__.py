"""The routes of the API: one for each command of the command line."""
