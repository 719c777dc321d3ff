"""The width of text in a monospaced font."""

from __future__ import annotations

import re
from bisect import bisect

# Text in which every character certainly takes one cell.
NARROW = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u25a0-\u25fc]*")

# The edges of ranges of characters that certainly take two: ideographs with their punctuation,
# kana, hangul, full-width ASCII. Anything else is measured.
_WIDE = "\u3001\u302a\u3041\u3097\u30a1\u30ff\u4e00\ua000\uac00\ud7a4\uff01\uff61"


def clipped(text: str, most: int) -> str:
    """The text on one line, truncated to at most `most` cells."""
    text = " ".join(text.split())
    if len(text) * 2 <= most or cells(text) <= most:
        return text
    kept = text[:most]
    while cells(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def cells(text: str) -> int:
    """The columns that text takes in a monospaced font; its length if that is unknown."""
    others = "".join(each for each in text if bisect(_WIDE, each) % 2 == 0)
    if NARROW.fullmatch(others):
        return 2 * len(text) - len(others)
    import wcwidth

    width = wcwidth.wcswidth(text)
    return width if width >= 0 else len(text)
