"""The connection to a service: requests, retries, errors, and server-sent events."""
