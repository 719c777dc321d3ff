"""Where tokens are kept."""

from __future__ import annotations

FILE = "access.sqlite"
"""The name of the file in a newsroom's directory."""
