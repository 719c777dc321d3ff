"""Fetching a page that a stranger's link names.

httpcore does what is asked and nothing else: it follows no redirect, keeps no cookie, looks
for no proxy and unpacks nothing, so all of that is here, or is nowhere.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

import httpcore

from timeline import __version__
from timeline.citing.connecting import Connector, Deadline, FetchPolicy
from timeline.citing.errors import RefusedError
from timeline.citing.links import Link, read_link

_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
_PAGES = ("text/html", "application/xhtml+xml")
_GZIP = ("gzip", "x-gzip")
_GZIP_WINDOW = 31
_HEADERS = (
    ("User-Agent", f"timeline/{__version__} (fills in citations)"),
    ("Accept", ", ".join(_PAGES)),
    ("Accept-Encoding", "gzip"),
    ("Connection", "close"),
)


class Limits(NamedTuple):
    """How much a page may take: seconds to connect and in all, bytes unpacked, redirects."""

    connect: float = 3.0
    total: float = 10.0
    size: int = 2_000_000
    redirects: int = 5


USUAL = Limits()


class Page(NamedTuple):
    """A page as it came.

    `url` is where it is for good: that of the link, or where a permanent redirect leads, but
    not a temporary one (RFC 9110, 15.4). `is_cut` says that it was longer.
    """

    url: str
    content_type: str
    body: bytes
    is_cut: bool


class _Answer(NamedTuple):
    """What a server answered: a page, or another link and whether it is for good."""

    page: Page | None
    link: Link
    for_good: bool = False


def fetch(link: Link, network: FetchPolicy, limits: Limits) -> Page:
    """The page that a link leads to.

    Raises:
        RefusedError: there is none, it may not be fetched, or takes more than its limits.
    """
    deadline = Deadline(limits.total)
    lasting, for_good = link, True
    for _ in range(limits.redirects + 1):
        try:
            answer = _ask(link, network, deadline, limits)
        except httpcore.TimeoutException:
            raise RefusedError(f"{link.host} does not answer in time") from None
        except httpcore.ProtocolError:
            raise RefusedError(f"{link.host} does not answer as HTTP says") from None
        except httpcore.NetworkError as error:
            raise RefusedError(f"{link.host} cannot be reached: {error}") from None
        if answer.page is not None:
            return answer.page._replace(url=lasting.url)
        link = answer.link
        for_good = for_good and answer.for_good
        lasting = link if for_good else lasting
    raise RefusedError(f"the link is redirected more than {limits.redirects} times")


def _ask(link: Link, network: FetchPolicy, deadline: Deadline, limits: Limits) -> _Answer:
    """Ask for a link, once."""
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), limits.total)
    url = httpcore.URL(
        scheme=link.scheme.encode(),
        host=link.host.encode(),
        port=link.port,
        target=link.target.encode(),
    )
    connector = Connector(network, deadline, limits.connect)
    with (
        httpcore.ConnectionPool(network.tls(), network_backend=connector) as pool,
        pool.stream(
            "GET",
            url,
            headers=[("Host", link.authority), *_HEADERS],
            extensions={"timeout": timeouts},
        ) as response,
    ):
        headers = {
            name.lower(): value.decode("utf-8", "replace") for name, value in response.headers
        }
        location = headers.get(b"location")
        if response.status in _REDIRECTS and location is not None:
            following = read_link(location, link.url)
            return _Answer(None, following, response.status in _FOR_GOOD)
        if response.status != 200:
            raise RefusedError(f"{link.host} answers {response.status}, which is no page")
        content_type = headers.get(b"content-type", "")
        if content_type.partition(";")[0].strip().lower() not in _PAGES:
            raise RefusedError("the link does not lead to a page in HTML")
        chunks = response.iter_stream()
        body = _unpacked(chunks, headers.get(b"content-encoding", ""), limits.size)
    cut = body[: limits.size]
    return _Answer(Page(link.url, content_type, cut, len(body) > limits.size), link)


def _unpacked(chunks: Iterator[bytes], encoding: str, size: int) -> bytes:
    """The body, and of one that is longer than `size` one byte more than that."""
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", *_GZIP):
        raise RefusedError("the page is packed in a way that was not asked for")
    unpack = zlib.decompressobj(_GZIP_WINDOW) if encoding in _GZIP else None
    body, received = bytearray(), 0
    for chunk in chunks:
        received += len(chunk)
        try:
            body += chunk if unpack is None else unpack.decompress(chunk, size + 1 - len(body))
        except zlib.error:
            raise RefusedError("the page is packed wrongly") from None
        if max(len(body), received) > size:
            break
    return bytes(body[: size + 1])
