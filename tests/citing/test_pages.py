"""What is read from a page: pages as newsrooms, blogs and journals make them."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.citing.server import Site, cite
from tests.shared import shared
from timeline import temporal
from timeline.citing.citation import CitedPage
from timeline.citing.metadata import metadata_of, published
from timeline.citing.text import tree_of

ARTICLE: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Lead of Qwen steps down",
    "datePublished": "2026-03-04T00:11:00+08:00",
    "dateModified": "2026-03-05T09:00:00+08:00",
    "author": [{"@type": "Person", "name": "Ada"}],
    "publisher": {"@type": "NewsMediaOrganization", "name": "Example Times"},
}
OPEN_GRAPH = """
<meta property="og:title" content="You will not believe who left"/>
<meta property="og:site_name" content="Example Times Online"/>
<meta property="article:published_time" content="2026-03-04T01:00:00+08:00"/>
<meta property="article:modified_time" content="2026-03-05T01:00:00+08:00"/>
"""
MICRODATA = """
<article itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">Marked <em>up</em></h1>
<time itemprop="datePublished" datetime="2026-03-04">yesterday</time>
<span itemprop="publisher" itemscope itemtype="https://schema.org/Organization">
<meta itemprop="name" content="Micro Press"></span>
</article>
"""


def ld(*things: object) -> str:
    """Things as a page has them in JSON-LD."""
    return "".join(
        f'<script type="application/ld+json">{each if isinstance(each, str) else json.dumps(each)}'
        "</script>"
        for each in things
    )


def cited(site: Site, page: str | bytes, quote: str = "", type: str = "text/html") -> CitedPage:
    site.page("/", page, type)
    return cite(site.url("/"), quote, site.network())


def told(page: str) -> tuple[str | None, str | None, str | None]:
    """Title, publisher and date of a page."""
    tree = tree_of(page.encode())
    assert tree is not None
    return metadata_of(tree)[:3]


def test_an_article_is_cited_as_it_describes_itself(site: Site) -> None:
    page = f"<title>Lead of Qwen steps down | Times</title>{OPEN_GRAPH}{ld(ARTICLE)}<p>Words."
    found = cited(site, page, "Words.")
    assert found.citation == {
        "url": site.url("/"),
        "title": "Lead of Qwen steps down",
        "publisher": "Example Times",
        "published": "2026-03-04T00:11:00+08:00",
        "quote": "Words.",
    }
    assert found.remarks == ("the page contains the quote word for word",)
    assert json.loads(orjson.dumps(found.as_json()))["wording"] == "literal"


def test_each_way_of_saying_it_is_understood() -> None:
    times = ("Lead of Qwen steps down", "Example Times", "2026-03-04T00:11:00+08:00")
    assert told(ld(ARTICLE)) == times
    assert told(ld([{"@type": "BreadcrumbList"}, ARTICLE])) == times
    assert told(ld({"@type": "WebPage", "mainEntity": ARTICLE})) == times
    assert told(ld({**ARTICLE, "@type": ["Article", "https://schema.org/BlogPosting"]})) == times
    linked = {**ARTICLE, "publisher": {"@id": "#us"}}
    us = {"@type": "Organization", "@id": "#us", "name": "Example Times"}
    assert told(ld({"@context": "https://schema.org", "@graph": [linked, us]})) == times
    assert told(ld({**ARTICLE, "publisher": [us]})) == times
    assert told(ld({**ARTICLE, "publisher": "Example Times"})) == times
    assert told(OPEN_GRAPH) == (
        "You will not believe who left",
        "Example Times Online",
        "2026-03-04T01:00:00+08:00",
    )
    assert told(MICRODATA) == ("Marked up", "Micro Press", "2026-03-04")
    assert told(
        '<meta name="citation_title" content="On models">'
        '<meta name="citation_journal_title" content="Journal">'
        '<meta name="citation_publication_date" content="2026/03/04">'
    ) == ("On models", "Journal", "2026-03-04")
    assert told('<meta name="DC.title" content="A"><meta name="DC.date" content="2026-03">') == (
        "A",
        None,
        "2026-03",
    )
    assert told("<title> Only\n a  title </title>") == ("Only a title", None, None)


def test_what_is_wrong_in_one_place_is_looked_for_in_the_next() -> None:
    broken = '{"@type": "NewsArticle", "headline": '
    assert told(ld(broken, ARTICLE))[0] == "Lead of Qwen steps down"
    assert told(ld(broken) + OPEN_GRAPH)[0] == "You will not believe who left"
    odd = {"@type": "NewsArticle", "headline": 7, "datePublished": {"a": []}, "publisher": [[]]}
    assert told(ld(odd) + OPEN_GRAPH)[1:] == ("Example Times Online", "2026-03-04T01:00:00+08:00")
    dated = {**ARTICLE, "datePublished": "last Tuesday"}
    assert told(ld(dated) + OPEN_GRAPH)[2] == "2026-03-04T01:00:00+08:00"


def test_no_date_is_made_of_what_only_looks_like_one(site: Site) -> None:
    page = "<title>T</title><p>Posted on 3/4/2020. Updated 12 May 2019. © 2018</p>"
    assert "published" not in cited(site, page).citation
    found = cited(site, '<meta property="article:published_time" content="3/4/2020">')
    assert "published" not in found.citation
    assert found.remarks == ("the page gives its date as “3/4/2020”, which cannot be read",)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("2026", "2026"),
        ("2026-03", "2026-03"),
        ("2026/03/04", "2026-03-04"),
        (" 2026-03-04 ", "2026-03-04"),
        ("2026-03-04T00:11+08:00", "2026-03-04T00:11+08:00"),
        ("2026-03-04T00:11:30.123Z", "2026-03-04T00:11:30Z"),
        ("2026-03-04 00:11:30 -0330", "2026-03-04T00:11:30-03:30"),
        ("2026-03-04T00:11:30+08", "2026-03-04T00:11:30+08:00"),
        ("2026-03-04T00:11:30", "2026-03-04"),
        ("1851-09-18", "1851-09-18"),
        ("2026-02-30", None),
        ("2026-13", None),
        ("2026-03-04T25:00Z", None),
        ("3/4/2026", None),
        ("March 4, 2026", None),
        ("1772553060", None),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00+00:00", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_it_is_said_or_not_at_all(text: str, edtf: str | None) -> None:
    assert published(text) == edtf


@given(st.from_regex(r"[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9]{2}:[0-9]{2}Z?", fullmatch=True))
def test_a_date_that_is_read_is_edtf(text: str) -> None:
    edtf = published(text)
    if edtf is not None:
        temporal.read(edtf)


@pytest.mark.parametrize(
    ("quote", "wording"),
    [
        ("me stepping down. bye", "literal"),
        ("  me stepping\ndown. bye ", "literal"),
        ("unbelievable, he", "literal"),
        ("“me stepping down. bye”", "literal"),
        ('"me stepping down. bye"', "nearly"),
        ("It's over", "nearly"),
        ("said. It’s over", "literal"),
        ("first line second line", "literal"),
        ("white space", "nearly"),
        ("soft hyphen", "nearly"),
        ("Me stepping down", "absent"),
        ("me stepping down, bye", "absent"),
        ("secret script", "absent"),
        ("secret style", "absent"),
        ("secret template", "absent"),
        ("The title", "absent"),
        ("“”", "absent"),
    ],
)
def test_a_quote_is_looked_for_in_what_a_reader_sees(site: Site, quote: str, wording: str) -> None:
    page = (
        "<head><title>The title</title></head><script>secret script</script>"
        "<style>secret style</style><template>secret template</template><!-- secret comment -->"
        "<p>&ldquo;me stepping\n  down. bye&rdquo;, un<b>believ</b>able, he said.</p>"
        "<p>It&rsquo;s over</p>first line<br>second line<p>white&nbsp;space, soft&shy; hy&shy;phen"
    )
    found = cited(site, page, quote)
    assert found.wording == wording
    assert found.remarks == (found.wording.message,)


@pytest.mark.parametrize(
    ("encoding", "type", "before"),
    [
        ("utf-8", "text/html", ""),
        ("utf-8", "text/html; charset=utf-8", ""),
        ("utf-8", "text/html; charset=nonsense", ""),
        ("utf-8", "text/html; charset=punycode", ""),
        ("utf-8", "text/html", '<meta charset="utf-8">'),
        ("cp1252", "text/html", ""),
        ("cp1252", "text/html; charset=iso-8859-1", ""),
        ("cp1252", "text/html", '<meta charset="windows-1252">'),
        ("utf-16", "text/html; charset=iso-8859-1", ""),
        ("gb18030", "text/html; charset=GB2312", ""),
        ("cp1252", "text/html; charset=windows-1252", '<meta charset="utf-8">'),
        ("utf-8", "application/xhtml+xml", '<?xml version="1.0" encoding="utf-8"?>'),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_is_in(
    site: Site, encoding: str, type: str, before: str
) -> None:
    page = f"{before}<title>“é”</title>".encode(encoding)
    assert cited(site, page, type=type).citation["title"] == "“é”"


def test_a_page_in_another_encoding_than_it_says_is_read_as_far_as_can_be(site: Site) -> None:
    found = cited(site, "<title>Caf\xe9</title>".encode("cp1252"), type="text/html; charset=utf-8")
    assert found.citation["title"] == "Caf\ufffd"


@pytest.mark.parametrize("page", ["", " ", "<!-- nothing -->", "\ufeff"])
def test_an_empty_page_is_said_to_be_empty(site: Site, page: str) -> None:
    assert cited(site, page).problem == "the page is empty"


def test_what_a_page_says_is_in_a_line_and_can_be_written(site: Site) -> None:
    lone = ld('{"@type": "NewsArticle", "headline": "a\\ud800b\\u0000c\\u202ed\\n\\te &amp; f"}')
    title = cited(site, lone).citation["title"]
    assert title == "a?b c d e & f"
    assert len(told(f"<title>{'x' * 10_000}</title>")[0] or "") == 500


def test_naughty_strings_are_kept_in_a_line_or_left_out(site: Site) -> None:
    for text in json.loads(shared("blns/blns.json").read_text("utf-8")):
        described = {**ARTICLE, "headline": text, "publisher": text, "datePublished": text}
        page = f'<title>{text}</title><meta property="og:title" content="{text}">{ld(described)}'
        site.page("/", f"{page}<p>{text}</p>".encode("utf-8", "replace"))
        found = cite(site.url("/"), text, site.network())
        assert found.problem in (None, "the page is empty")
        orjson.dumps(found.as_json())
        title = found.citation.get("title", "")
        assert title == " ".join(title.split())


TRAPS = {
    "deep": "<div>" * 100_000,
    "deep items": '<div itemscope itemprop="a">' * 900,
    "many items": '<p itemscope itemprop="a">' * 50_000,
    "items that name one another": '<div itemscope itemref="q q"></div>' * 400
    + '<div id="q">'
    + '<b itemprop="x"></b>' * 400,
    "deep articles": '<div itemscope itemtype="https://schema.org/Article" itemprop="publisher">'
    * 2000,
    "many articles": '<p itemscope itemtype="https://schema.org/Article" itemprop="headline">a'
    * 20_000,
    "deep JSON": '<script type="application/ld+json">' + "[" * 500_000,
    "deep objects": '<script type="application/ld+json">' + '{"a":' * 200_000 + "</script>",
    "a long number": f'<script type="application/ld+json">{"1" * 500_000}</script>',
    "entities": '<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;&b;',
    "an outside entity": '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;',
    "nulls": "\x00" * 100_000,
    "brackets": "<" * 500_000,
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_page_that_is_made_to_break_its_reader_is_read(site: Site, trap: str) -> None:
    found = cited(site, TRAPS[trap] + "<title>Trap</title>", "root:")
    assert found.wording in (None, "absent")


@given(st.text(alphabet="<>/!-'\"= abpdivscript\x00é{}[]@:", max_size=200))
def test_any_page_is_read(page: str) -> None:
    tree = tree_of(page.encode())
    if tree is not None:
        metadata_of(tree)
