"""What a page says of itself: its title, who publishes it, and since when.

Sites say it in the vocabulary of schema.org, as JSON-LD or microdata, in Open Graph, or in the
`meta` of catalogues (Highwire, Dublin Core); most say it in several. That of schema.org comes
first: the headline of the newsroom, where Open Graph often has one for social media.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice
from typing import Any, NamedTuple

from extruct import JsonLdExtractor
from lxml.html import HtmlElement

from timeline.citing.published import published

_LONGEST = 500

# An article has a few of each; a page that is made to keep us busy has more.
_MOST_SCRIPTS = 100
_MOST_MARKED = 20

_PROPERTIES = ("headline", "datePublished", "publisher")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_ARTICLE = re.compile(r"(?:https?://schema\.org/)?\w*(?:Article|Posting|Report)")
_PAGE = re.compile(r"(?:https?://schema\.org/)?\w*(?:WebPage|CreativeWork)")

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

Thing = dict[str, Any]


class Metadata(NamedTuple):
    """What a page says of itself. `dated` is its date as it says it, `published` as EDTF."""

    title: str | None
    publisher: str | None
    published: str | None
    dated: str | None


def metadata_of(tree: HtmlElement) -> Metadata:
    """What a page says of itself."""
    things = list(_json_ld(tree))
    if (marked := _microdata(tree)) is not None:
        things.append(marked)
    named = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str)}
    articles = [thing for kind in (_ARTICLE, _PAGE) for thing in things if _is(thing, kind)]
    metas = _metas(tree)

    def told(names: Iterable[str]) -> Iterator[str]:
        return (metas[name] for name in names if name in metas)

    titles = (_text(each.get("headline"), named) for each in articles)
    publishers = (_text(each.get("publisher"), named) for each in articles)
    dates = [
        each
        for each in (*(_text(each.get("datePublished"), named) for each in articles), *told(_DATES))
        if each
    ]
    readable = [edtf for each in dates if (edtf := published(each))]
    return Metadata(
        _first(
            (*titles, *told(_TITLES), *(_clean(each.text_content()) for each in tree.iter("title")))
        ),
        _first((*publishers, *told(_PUBLISHERS))),
        _first(readable),
        _first(dates),
    )


def _json_ld(tree: HtmlElement) -> Iterator[Thing]:
    """The things that a page describes as JSON-LD, those of a graph included."""
    for script in islice(tree.iter("script"), _MOST_SCRIPTS):
        try:
            found = JsonLdExtractor().extract_items(script)
        except (ValueError, RecursionError):
            continue  # Not JSON: a page is not to lose what else it says by that.
        for each in found:
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
    told = {each.get("itemprop"): _marked_text(each) for each in reversed(own)}
    return {"@type": "Article", **told}


def _item_of(element: HtmlElement) -> HtmlElement | None:
    """The thing that an element tells a property of."""
    return next((each for each in element.iterancestors() if "itemscope" in each.attrib), None)


def _marked_text(element: HtmlElement) -> str:
    """The value of a property: as it is for programs, a name of a thing, or the words."""
    if "itemscope" in element.attrib:
        names = (each for each in element.iter("*") if each.get("itemprop") == "name")
        element = next(names, element)
    return str(element.get("content") or element.get("datetime") or element.text_content())


def _is(thing: Thing, kind: re.Pattern[str]) -> bool:
    types = thing.get("@type")
    listed = types if isinstance(types, list) else [types]
    return any(isinstance(each, str) and kind.fullmatch(each) for each in listed)


def _text(value: object, named: dict[str, Thing]) -> str | None:
    """A value as a text: itself, or the name of what it is, which may be told elsewhere."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        id = value.get("@id")
        whole = named.get(id, value) if isinstance(id, str) else value
        value = whole.get("name") or whole.get("@value")
        if isinstance(value, list):
            value = value[0] if value else None
    return _clean(unescape(value)) if isinstance(value, str) else None


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The `meta` of a page by their names in small letters; the first of each name counts."""
    metas: dict[str, str] = {}
    for each in tree.iter("meta"):
        name = each.get("property") or each.get("name") or each.get("itemprop")
        content = _clean(each.get("content") or "")
        if name and content:
            metas.setdefault(name.strip().lower(), content)
    return metas


def _clean(text: str) -> str:
    """A text in a line, without what cannot be seen or written."""
    whole = text.encode("utf-8", "replace").decode()
    return " ".join(_UNSEEN.sub(" ", whole).split())[:_LONGEST].rstrip()


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text for text in texts if text), None)
