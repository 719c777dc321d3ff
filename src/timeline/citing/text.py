"""A page as a tree, as the text that a reader sees, and whether that text contains a quote."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

import lxml.html
import webencodings
from lxml.etree import ParserError
from lxml.html import HtmlElement

# Bytes in which a page declares its encoding (WHATWG: 1024, but browsers and pages are generous).
_PRESCAN = 4096
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\s[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE
)

_HIDDEN = frozenset(("script", "style", "template", "noscript", "head", "svg", "iframe", "object"))
_INLINE_NAMES = """
    a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark q rb rp rt ruby s samp small
    span strike strong sub sup time tt u var wbr
"""
_INLINE = frozenset(_INLINE_NAMES.split())

# Quotation marks and apostrophes of all kinds: which of them are used is a matter of house style.
_MARKS = dict.fromkeys(map(ord, "\"'`´‘’‚‛“”„‟‹›«»′″「」『』〝〞＂＇"), None)
# Soft hyphens and zero-width characters only suggest where a line may break.
_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")


class QuoteMatch(StrEnum):
    """How a page contains a quote."""

    LITERAL = "literal"
    NEARLY = "nearly"
    ABSENT = "absent"

    @property
    def message(self) -> str:
        """The same, as a sentence."""
        return {
            QuoteMatch.LITERAL: "the page contains the quote word for word",
            QuoteMatch.NEARLY: "the page contains the quote except for spaces and quotation marks",
            QuoteMatch.ABSENT: "the page does not contain the quote",
        }[self]


def tree_of(body: bytes, charset: str | None = None) -> HtmlElement | None:
    """The tree of a page, whose server declares a charset; None if there is nothing in it."""
    text = _decoded(body, charset).replace("\x00", "\ufffd")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(text.encode(), parser=parser)
    except ParserError:
        return None


def _decoded(body: bytes, charset: str | None) -> str:
    """A page as text: by its byte order mark, else as the server or the page declares."""
    found = _DECLARED.search(_COMMENT.sub(b"", body[:_PRESCAN]))
    declared = found[1].decode("ascii", "replace") if found else None
    labels = (webencodings.lookup(label) for label in (charset, declared) if label)
    encoding = next((each for each in labels if each is not None), None)
    try:
        # Without a declaration it is UTF-8, or else what browsers take for unlabelled text.
        text: str = webencodings.decode(
            body, encoding or webencodings.UTF8, "replace" if encoding else "strict"
        )[0]
    except UnicodeDecodeError:
        text = webencodings.decode(body, "windows-1252")[0]
    return text


def visible_text(tree: HtmlElement) -> str:
    """The text that a reader sees; block elements begin on a new line."""
    parts: list[str] = []
    # A stack instead of recursion: pages nest deeper than calls can.
    pending: list[HtmlElement | str] = [tree]
    while pending:
        each = pending.pop()
        if isinstance(each, str):
            parts.append(each)
            continue
        mark = "" if each.tag in _INLINE else "\n"
        pending.append(mark + (each.tail or ""))
        if each.tag not in _HIDDEN:
            pending.extend(reversed(each))
            pending.append(mark + (each.text or ""))
    return "".join(parts)


def match_quote(quote: str, text: str) -> QuoteMatch:
    """How a text contains a quote, which is not blank."""
    # A run of white space is one space to a reader, and may be set as a line break.
    if _WHITE_SPACE.sub(" ", quote.strip()) in _WHITE_SPACE.sub(" ", text):
        return QuoteMatch.LITERAL
    bare = _bare(quote)
    return QuoteMatch.NEARLY if bare and bare in _bare(text) else QuoteMatch.ABSENT


def _bare(text: str) -> str:
    """A text without white space and quotation marks."""
    whole = unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text))
    return "".join(whole.translate(_MARKS).split())
