"""Recorded text as a page may carry it: nobody who reports has a say in what a page does."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# The last two characters of each plane, which are none.
_NONE = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))

# What neither HTML nor XML may hold: controls but tab and line feed, surrogates, noncharacters.
_FORBIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONE}]")


def clean(text: str) -> str:
    """Text without the characters that no page may hold; each becomes U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def web_address(url: str | None) -> str | None:
    """An address that may be a link: one of the web, with a host; else None."""
    if not url or _FORBIDDEN.search(url) or re.search(r"\s", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None
