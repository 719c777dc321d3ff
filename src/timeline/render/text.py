"""Recorded text made safe for pages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# The last two code points of each plane are noncharacters.
_ENDS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))

# Forbidden in HTML or XML: controls except tab and line feed, surrogates, noncharacters.
_FORBIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_ENDS}]")


def clean(text: str) -> str:
    """Text in which each character forbidden in HTML or XML becomes U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def web_address(url: str | None) -> str | None:
    """A URL if it may be a link (http or https, with a host); else None."""
    if not url or _FORBIDDEN.search(url) or re.search(r"\s", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None
