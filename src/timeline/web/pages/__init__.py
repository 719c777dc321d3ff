"""The pages: made on the server, and read without JavaScript."""
