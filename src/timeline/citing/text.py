"""A page as a tree, and as the words that its reader sees."""

from __future__ import annotations

import codecs

import lxml.html
from lxml.etree import ParserError
from lxml.html import HtmlElement
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

# The encodings of the web (WHATWG), as Python calls them. Others that Python has are none of
# text, or take the square of a page's length.
_NAMES = (
    "utf-8 utf-16-le utf-16-be utf-16 ascii cp866 cp874 cp932 cp949 cp1250 cp1251 cp1252 cp1253 "
    "cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 "
    "iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 "
    "koi8-r koi8-u mac-roman mac-cyrillic gb2312 gbk gb18030 big5 big5hkscs euc-jp iso2022-jp "
    "shift-jis euc-kr"
)
_ENCODINGS = frozenset(codecs.lookup(name).name for name in _NAMES.split())

_UNSEEN = frozenset(("script", "style", "template", "noscript", "head", "svg", "iframe", "object"))
_INLINE = (
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark q rb rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr"
)
_WITHIN_A_LINE = frozenset(_INLINE.split())


def tree_of(body: bytes, content_type: str) -> HtmlElement | None:
    """The tree of a page; None where there is nothing in it."""
    text = _decoded(body, content_type).replace("\x00", "\ufffd")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(text.encode(), parser=parser)
    except ParserError:
        return None


def _decoded(body: bytes, content_type: str) -> str:
    """A page as text: by its byte order mark, else as the server or the page itself says."""
    said = (
        read_bom(body)[0],
        http_content_type_encoding(content_type),
        html_body_declared_encoding(body),
    )
    for name in said:
        if name is not None and codecs.lookup(name).name in _ENCODINGS:
            return body.decode(name, "replace").removeprefix("\ufeff")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def seen_text(tree: HtmlElement) -> str:
    """The words that a reader sees; what begins a line on its own begins one here."""
    parts: list[str] = []
    # A stack, since pages nest deeper than calls can: texts, and elements still to be read.
    waiting: list[HtmlElement | str] = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            parts.append(each)
            continue
        mark = "" if each.tag in _WITHIN_A_LINE else "\n"
        waiting.append(mark + (each.tail or ""))
        if each.tag not in _UNSEEN:
            waiting.extend(reversed(each))
            waiting.append(mark + (each.text or ""))
    return "".join(parts)
