"""Bodies that are too long, too slow, packed, or not what they say."""

from __future__ import annotations

import gzip
import socket
import zlib
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from threading import Thread

import pytest

from tests.citing.server import HERE, HTML, Site, cite
from timeline.citing.fetching import Limits

# Long enough for a page that is there, and soon over.
SOON = Limits(total=0.3)


def test_a_page_that_is_too_long_is_read_as_far_as_it_may_be(site: Site) -> None:
    site.page("/", "<title>Long</title><p>first</p>" + "a" * 5000 + "<p>last</p>")
    limits = Limits(size=4000)
    cited = cite(site.url("/"), "first", site.network(), limits)
    assert cited.citation["title"] == "Long" and cited.wording == "literal"
    assert "only the first 4,000 bytes of the page were read" in cited.remarks
    assert cite(site.url("/"), "last", site.network(), limits).wording == "absent"
    assert cite(site.url("/"), "last", site.network()).remarks == (
        "the page contains the quote word for word",
    )


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_takes_no_more_than_a_long_page(site: Site, layers: int) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(b"<title>Bomb</title>")
    bomb += b"".join(packer.compress(b" " * 1_000_000) for _ in range(100)) + packer.flush()
    for _ in range(layers - 1):
        bomb = gzip.compress(bomb)
    site.page("/", bomb, Content_Encoding="gzip")
    cited = cite(site.url("/"), network=site.network())
    assert cited.problem is None
    assert cited.citation.get("title") == ("Bomb" if layers == 1 else None)
    if layers == 1:
        assert cited.remarks == ("only the first 2,000,000 bytes of the page were read",)


def test_a_packed_page_is_unpacked(site: Site) -> None:
    for name in ("gzip", "x-gzip", " GZIP "):
        site.page("/", gzip.compress(b"<title>Packed</title>"), Content_Encoding=name)
        assert cite(site.url("/"), network=site.network()).citation["title"] == "Packed"


@pytest.mark.parametrize("name", ["br", "zstd", "deflate", "gzip, gzip", "nonsense"])
def test_a_page_that_is_packed_otherwise_is_refused(site: Site, name: str) -> None:
    site.page("/", b"x", Content_Encoding=name)
    cited = cite(site.url("/"), network=site.network())
    assert cited.problem == "the page is compressed in a way that was not asked for"


def test_a_page_that_is_not_packed_as_it_says_is_refused(site: Site) -> None:
    site.page("/", b"<title>not packed</title>", Content_Encoding="gzip")
    assert (
        cite(site.url("/"), network=site.network()).problem
        == "the page is not compressed as it says"
    )


@pytest.mark.parametrize(
    "type", [None, "", "application/pdf", "image/png", "text/plain", "text/htmlx", "a" * 999]
)
def test_what_is_no_page_is_refused(site: Site, type: str | None) -> None:
    site.page("/", "<title>No</title>", type)
    cited = cite(site.url("/"), "words", site.network())
    assert cited.problem == "the link does not lead to an HTML page"
    assert cited.citation == {"url": site.url("/"), "quote": "words"}


@pytest.mark.parametrize("status", [204, 206, 304, 401, 403, 404, 429, 500, 503])
def test_what_a_server_answers_instead_is_said(site: Site, status: int) -> None:
    site.answer("/", status, {"Content-Type": HTML}, b"")
    cited = cite(site.url("/"), network=site.network())
    assert cited.problem == f"news.example answers {status}, which is not a page"
    assert cited.citation == {"url": site.url("/")}


@pytest.mark.parametrize("before", [b"", b"<title>Slow</title>", b"a"])
def test_a_page_that_never_ends_is_given_up(site: Site, before: bytes) -> None:
    def never(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", HTML)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        handler.wfile.write(before)
        site.over.wait(60)

    site.answers["/"] = never
    cited = cite(site.url("/"), network=site.network(), limits=SOON)
    assert cited.problem in ("the page takes too long", "news.example does not answer in time")


def test_a_page_that_drips_is_given_up(site: Site) -> None:
    def drips(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", HTML)
        handler.end_headers()
        while not site.over.wait(0.01):
            handler.wfile.write(b" ")

    site.answers["/"] = drips
    cited = cite(site.url("/"), network=site.network(), limits=SOON)
    assert cited.problem in ("the page takes too long", "news.example does not answer in time")


def test_redirects_do_not_begin_the_time_anew(site: Site) -> None:
    def waits(handler: BaseHTTPRequestHandler) -> None:
        site.over.wait(60)

    site.moved("/", "/next")
    site.answers["/next"] = waits
    cited = cite(site.url("/"), network=site.network(), limits=SOON)
    assert cited.problem in ("the page takes too long", "news.example does not answer in time")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 200_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\nzz\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\x00\r\n\r\n",
        b"HTTP/1.1 999 What\r\n\r\n",
        b"\x00" * 100_000,
    ],
    ids=range(10),
)
def test_a_server_that_does_not_speak_http_is_a_problem_in_words(said: bytes) -> None:
    with closing(socket.create_server((str(HERE), 0))) as listening:

        def speaks() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(10_000)
                try:
                    connection.sendall(said)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(10_000):
                        pass
                except OSError:
                    return  # It hung up, as it may.

        thread = Thread(target=speaks)
        thread.start()
        site = Site()
        site.port = listening.getsockname()[1]
        cited = cite(site.url("/"), network=site.network())
        thread.join()
    assert cited.problem is not None and "\x00" not in cited.problem
    assert cited.citation == {"url": site.url("/")}
