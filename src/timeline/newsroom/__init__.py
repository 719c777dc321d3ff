"""The newsroom: open it, append to it, ask it and follow it, near or behind a service."""
