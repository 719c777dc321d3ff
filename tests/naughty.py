"""Texts that break what is careless with text: the Big List of Naughty Strings, and worse."""

from __future__ import annotations

import json
import re

from tests.examples import NIGHTLY
from tests.shared import shared

# All that could move a cursor, turn text around, or end a line where none ends.
HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
CONTROLS = [chr(code) for code in range(0xA0) if HARMFUL.match(chr(code))]
WORSE = [
    *(f"before{control}after" for control in CONTROLS),
    "\x1b[2J\x1b[1;1H\x1b]0;owned\x07",
    "user\u202etxt.exe\u202c",
    "\u2066isolated\u2069",
    "a\nb\r\nc\u2028d\u2029e\x85f",
    "\ufeffmark",
    "\ufdd0 \uffff \U0010ffff",
    "e\u0301 is not \u00e9",
    "{person} %s %(x)s ${y} {0} {",
    "[bold]no markup[/bold]",
    "trailing space ",
    " ",
    "\\u202e",
]
# What would run, load or break out of its place in a page; whatever runs opens a dialogue.
MARKUP = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title></style></textarea><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<style>body{display:none}</style>",
    "<base href=https://example.org/><meta http-equiv=refresh content='0;url=/away'>",
    "<form action=https://example.org/><button>Sign in</button></form>",
    "<a href=javascript:alert(1)>here</a> [here](javascript:alert(1)) ![](https://example.org/x)",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %} ${7*7} {{constructor.constructor('alert(1)')()}}",
    "\u2028</script>\u2029<!--<script>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &#x3C;",
]


def naughty() -> list[str]:
    """Those of this file and one in ten of the list, each once; nightly all."""
    listed: list[str] = json.loads(shared("blns/blns.json").read_text("utf-8"))
    return list(dict.fromkeys([*(listed if NIGHTLY else listed[::10]), *WORSE]))
