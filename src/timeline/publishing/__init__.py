"""Publishing: a story as static files, which need no server."""
