"""What an editor would look for in a log: one family of findings a file."""
