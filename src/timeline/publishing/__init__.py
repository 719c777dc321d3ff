"""A story as a page that anybody can read: static files, which need no server."""
