"""Teaches schemathesis to send JSON lines, which it loads this module for."""

from __future__ import annotations

import json
from typing import Any

import schemathesis


@schemathesis.serializer("application/jsonl")
def lines(_: object, value: Any) -> bytes:
    """Text as it is, as the document says that the body is text; anything else as one line."""
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else f"{json.dumps(value)}\n"
    return text.encode("utf-8", "surrogatepass")
