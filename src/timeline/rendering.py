"""One rendering of answers: the bytes are the same on the command line, over HTTP and in files.

What was recorded is shown, never obeyed: control characters, and those that turn the
direction of text, are written as escapes, in JSON as in text.
"""

from __future__ import annotations

import re

import orjson

# C0 and C1 controls, DEL, bidirectional controls, line separators, byte order mark.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def json_text(value: object, indent: bool = True) -> str:
    """JSON that is safe to print; it parses to the same value."""
    options = orjson.OPT_INDENT_2 if indent else 0
    text = orjson.dumps(value, option=options).decode()
    return UNSAFE.sub(json_escape, text)


def json_escape(found: re.Match[str]) -> str:
    """The JSON escape of an unsafe character; line feeds between values stay."""
    return found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}"
