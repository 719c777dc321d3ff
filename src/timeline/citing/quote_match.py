"""Whether a page has the words of a quote."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

# Quotation marks and apostrophes of all kinds: which of them are used is a matter of house style.
_MARKS = dict.fromkeys(map(ord, "\"'`´‘’‚‛“”„‟‹›«»′″「」『』〝〞＂＇"), None)
# Soft hyphens and joiners of no width tell where a line may be broken.
_WIDTHLESS = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_BREAKS = re.compile(r"[ \t\n\r\f]+")


class QuoteMatch(StrEnum):
    """How a page has a quote."""

    LITERAL = "literal"
    NEARLY = "nearly"
    ABSENT = "absent"

    @property
    def said(self) -> str:
        """In words."""
        return {
            QuoteMatch.LITERAL: "the page has the quote word for word",
            QuoteMatch.NEARLY: "the page has the quote but for white space and quotation marks",
            QuoteMatch.ABSENT: "the page does not have the quote",
        }[self]


def wording(quote: str, text: str) -> QuoteMatch:
    """How a text has a quote, which says something."""
    # Runs of white space are one space to whoever reads a page, and may be set as a new line.
    if _BREAKS.sub(" ", quote.strip()) in _BREAKS.sub(" ", text):
        return QuoteMatch.LITERAL
    bare = _bare(quote)
    return QuoteMatch.NEARLY if bare and bare in _bare(text) else QuoteMatch.ABSENT


def _bare(text: str) -> str:
    """A text without white space and quotation marks."""
    whole = unicodedata.normalize("NFC", _WIDTHLESS.sub("", text))
    return "".join(whole.translate(_MARKS).split())
