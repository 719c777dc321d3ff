"""Which links are read, and how."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import shared
from timeline.citing.links import FetchError, read_link


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://news.example/a?b=c&d=%20e#f", "https://news.example/a?b=c&d=%20e"),
        (" http://NEWS.example ", "http://news.example/"),
        ("http://news.example:80/", "http://news.example/"),
        ("https://news.example:80/", "https://news.example:80/"),
        ("https://zeitung.example/straße?ä", "https://zeitung.example/stra%C3%9Fe?%C3%A4"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://例え.example/", "https://xn--r8jz45g.example/"),
        ("https://a_b.example./", "https://a_b.example./"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
        ("http://127.0.0.1/", "http://127.0.0.1/"),
    ],
)
def test_a_link_is_read(text: str, url: str) -> None:
    assert read_link(text).url == url


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "http://"),
        ("news.example", "http://"),
        ("file:///etc/passwd", "http://"),
        ("ftp://news.example/", "http://"),
        ("gopher://news.example/", "http://"),
        ("javascript:alert(1)", "http://"),
        ("data:text/html,x", "http://"),
        ("//news.example/", "http://"),
        ("http:///a", "no host"),
        ("http://user@news.example/", "user name or password"),
        ("http://user:secret@news.example/", "user name or password"),
        ("http://@news.example/", "user name or password"),
        ("http://good.example\\@evil.example/", "characters"),
        ("http://good.example\n.evil.example/", "characters"),
        ("http://good.example /", "characters"),
        ("http://good.example\x00/", "characters"),
        ("http://[::1", "not a link"),
        ("http://news.example:port/", "not a link"),
        ("http://news.example:99999/", "not a link"),
        ("http://127.0.0.1%2f@x/", "user name or password"),
        ("http://good%2eexample/", "not a valid host name"),
        ("http://a..example/", "not a valid host name"),
        ("http://" + "a" * 300 + ".example/", "not a valid host name"),
        ("http://news.example/" + "a" * 4000, "longer"),
    ],
)
def test_what_is_no_link_to_a_public_page_is_refused(text: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        read_link(text)


def test_a_redirect_is_read_beside_where_it_comes_from() -> None:
    base = "https://news.example/a/b?c"
    assert read_link("../d", base).url == "https://news.example/d"
    assert read_link("//other.example/d", base).url == "https://other.example/d"
    with pytest.raises(FetchError):
        read_link("javascript:alert(1)", base)


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a.example/", "http://["]))
def test_any_text_is_read_or_refused(text: str, before: str) -> None:
    try:
        link = read_link(before + text)
    except FetchError:
        return
    assert link.url.isascii() and read_link(link.url) == link


def test_naughty_strings_are_read_or_refused() -> None:
    for text in json.loads(shared("blns/blns.json").read_text("utf-8")):
        for before in ("", "http://", "http://news.example/", "http://news.example/?q="):
            try:
                link = read_link(before + text)
            except FetchError:
                continue
            assert link.url.isascii() and link.scheme in ("http", "https")
