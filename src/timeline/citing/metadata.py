"""What a page declares about itself: its title, its publisher, its date of publication.

Sites declare it in the vocabulary of schema.org, as JSON-LD or microdata, in Open Graph, or in the
`meta` elements of catalogues (Highwire, Dublin Core); most use several. schema.org has precedence:
its headline is the newsroom's, where Open Graph often has one written for social media.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from timeline import temporal

_LONGEST = 500

# An article has a few of each; a page made to keep us busy has more.
_MOST_SCRIPTS = 100
_MOST_MARKED = 20

_PROPERTIES = ("headline", "datePublished", "publisher")
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_ARTICLE = re.compile(r"(?:https?://schema\.org/)?\w*(?:Article|Posting|Report)")
_PAGE = re.compile(r"(?:https?://schema\.org/)?\w*(?:WebPage|CreativeWork)")

# What content management systems put around JSON-LD, as if it were JavaScript or HTML.
_WRAPPING = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*\Z")

_TITLES = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
_PUBLISHERS = ("og:site_name", "citation_journal_title", "citation_publisher", "dc.publisher")
_DATES = (
    "article:published_time",
    "citation_publication_date",
    "citation_date",
    "dcterms.issued",
    "dc.date.issued",
    "dc.date",
    "datepublished",
    "pubdate",
)

_DATE = re.compile(
    r"(?P<day>[0-9]{4}(?:[-/][0-9]{2}(?:[-/][0-9]{2})?)?)"
    r"(?:[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]+)?"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
# What programs write when they know no date: before the first newspaper, or before the web.
_FIRST_YEAR = "1605"
_NO_DATE = re.compile(r"1970-01-01.00:00.*")

Thing = dict[str, Any]
"""A thing as JSON-LD describes it."""


class Metadata(NamedTuple):
    """What a page declares. `date` is its date as written, `published` the same as EDTF."""

    title: str | None
    publisher: str | None
    published: str | None
    date: str | None


def metadata_of(tree: HtmlElement) -> Metadata:
    """What a page declares about itself."""
    things = list(_json_ld(tree))
    if (marked := _microdata(tree)) is not None:
        things.append(marked)
    by_id = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str)}
    articles = [thing for kind in (_ARTICLE, _PAGE) for thing in things if _is(thing, kind)]
    metas = _metas(tree)

    def declared(name: str, in_metas: Iterable[str]) -> list[str]:
        texts = [_text(each.get(name), by_id) for each in articles]
        return [text for text in (*texts, *map(metas.get, in_metas)) if text]

    titles = [_clean(each.text_content()) for each in tree.iter("title")]
    dates = declared("datePublished", _DATES)
    return Metadata(
        _first((*declared("headline", _TITLES), *titles)),
        _first(declared("publisher", _PUBLISHERS)),
        _first(map(published, dates)),
        _first(dates),
    )


def published(text: str) -> str | None:
    """A page's date of publication as EDTF; None if it cannot be read. Nothing is guessed.

    A time of day without an offset is left out, since its zone is unknown. Fractions of a second
    are cut off.
    """
    found = _DATE.fullmatch(text.strip())
    if found is None or _NO_DATE.fullmatch(text.strip()):
        return None
    edtf = found["day"].replace("/", "-")
    if found["time"] and found["offset"]:
        edtf += f"T{found['time']}{_offset(found['offset'])}"
    try:
        temporal.read(edtf)
    except temporal.TimeError:
        return None
    return edtf if edtf >= _FIRST_YEAR else None


def _offset(text: str) -> str:
    """Z, or +08:00."""
    if text in "Zz":
        return "Z"
    digits = text[1:].replace(":", "").ljust(4, "0")
    return f"{text[0]}{digits[:2]}:{digits[2:]}"


def _json_ld(tree: HtmlElement) -> Iterator[Thing]:
    """The things that a page describes as JSON-LD, including those in a graph."""
    scripts = tree.iterfind(".//script[@type='application/ld+json']")
    for script in islice(scripts, _MOST_SCRIPTS):
        try:
            found = json.loads(_WRAPPING.sub("", script.text_content()), strict=False)
        except (ValueError, RecursionError):
            continue  # Not JSON; the rest of the page may still be useful.
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, dict):
                graph = each.get("@graph")
                inner = graph if isinstance(graph, list) else [each.get("mainEntity")]
                yield from (thing for thing in (each, *inner) if isinstance(thing, dict))


def _microdata(tree: HtmlElement) -> Thing | None:
    """The first article that a page marks up as microdata, in the form of JSON-LD."""
    for article in tree.iter("*"):
        if any(_ARTICLE.fullmatch(kind) for kind in article.get("itemtype", "").split()):
            break
    else:
        return None
    marked = (each for each in article.iter("*") if each.get("itemprop") in _PROPERTIES)
    own = [each for each in islice(marked, _MOST_MARKED) if _item_of(each) is article]
    # The first of each name counts.
    properties = {each.get("itemprop"): _marked_text(each) for each in reversed(own)}
    return {"@type": "Article", **properties}


def _item_of(element: HtmlElement) -> HtmlElement | None:
    """The item that an element describes."""
    return next((each for each in element.iterancestors() if "itemscope" in each.attrib), None)


def _marked_text(element: HtmlElement) -> str:
    """The value of a property: its machine-readable form, the name of an item, or the text."""
    if "itemscope" in element.attrib:
        names = (each for each in element.iter("*") if each.get("itemprop") == "name")
        element = next(names, element)
    return str(element.get("content") or element.get("datetime") or element.text_content())


def _is(thing: Thing, kind: re.Pattern[str]) -> bool:
    types = thing.get("@type")
    listed = types if isinstance(types, list) else [types]
    return any(isinstance(each, str) and kind.fullmatch(each) for each in listed)


def _text(value: object, by_id: dict[str, Thing]) -> str | None:
    """A value as text: itself, or the name of the thing, which may be described elsewhere."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        id = value.get("@id")
        whole = by_id.get(id, value) if isinstance(id, str) else value
        value = whole.get("name") or whole.get("@value")
        if isinstance(value, list):
            value = value[0] if value else None
    return _clean(unescape(value)) if isinstance(value, str) else None


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The `meta` elements of a page by name in lower case; the first of each name counts."""
    metas: dict[str, str] = {}
    for each in tree.iter("meta"):
        name = each.get("property") or each.get("name") or each.get("itemprop")
        content = _clean(each.get("content") or "")
        if name and content:
            metas.setdefault(name.strip().lower(), content)
    return metas


def _clean(text: str) -> str:
    """A text on one line, without characters that are invisible or cannot be encoded."""
    whole = text.encode("utf-8", "replace").decode()
    return " ".join(_INVISIBLE.sub(" ", whole).split())[:_LONGEST].rstrip()


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text for text in texts if text), None)
