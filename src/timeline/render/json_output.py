"""JSON output: the same bytes on the command line, over HTTP and in files.

Control characters and bidirectional controls in recorded text are written as escapes.
"""

from __future__ import annotations

import re

import orjson

# C1 controls, DEL, bidirectional controls, line separators, byte order mark.
_BEYOND = "\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"

# The same and C0 controls, line feeds included.
UNSAFE = re.compile(f"[\x00-\x1f{_BEYOND}]")

# JSON already escapes C0 controls, and has line feeds between its values.
_UNSAFE_IN_JSON = re.compile(f"[{_BEYOND}]")


def json_text(value: object, indent: bool = True) -> str:
    """JSON that is safe to print on a terminal; it parses to the same value."""
    return json_bytes(value, indent).decode()


def json_bytes(value: object, indent: bool = True) -> bytes:
    """JSON that is safe to print, in UTF-8."""
    found = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0)
    if found.isascii() and b"\x7f" not in found:
        return found
    return _UNSAFE_IN_JSON.sub(json_escape, found.decode()).encode()


def json_escape(found: re.Match[str]) -> str:
    """The JSON escape of an unsafe character; line feeds between values stay."""
    return found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}"
