"""Fetching the page behind a link that a user has pasted."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import NamedTuple

import httpx2

from timeline import __version__
from timeline.citing.links import FetchError, WebLink, read_link
from timeline.citing.transport import FetchPolicy, PolicyTransport

_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
_PAGES = ("text/html", "application/xhtml+xml")
_GZIP = ("gzip", "x-gzip")
_GZIP_WINDOW = 31
_HEADERS = {
    "User-Agent": f"timeline/{__version__} (fills in citations)",
    "Accept": ", ".join(_PAGES),
    "Accept-Encoding": "gzip",
    "Connection": "close",
}


class Limits(NamedTuple):
    """Seconds to connect and in total, bytes after decompression, and redirects."""

    connect: float = 3.0
    total: float = 10.0
    size: int = 2_000_000
    redirects: int = 5


USUAL = Limits()


class Page(NamedTuple):
    """A page as it was received.

    `url` is its lasting address: that of the link, or the target of a permanent redirect, but not
    of a temporary one (RFC 9110, section 15.4). `charset` is the encoding that the server declares;
    `is_cut` tells that the page was longer.
    """

    url: str
    charset: str | None
    body: bytes
    is_cut: bool


class _Redirect(NamedTuple):
    to: WebLink
    is_permanent: bool


async def fetch(link: WebLink, policy: FetchPolicy, limits: Limits) -> Page:
    """The page behind a link.

    Raises:
        FetchError: it cannot or may not be fetched, or exceeds the limits.
    """
    try:
        async with (
            asyncio.timeout(limits.total),
            httpx2.AsyncClient(transport=PolicyTransport(policy, limits.connect)) as client,
        ):
            return await _follow(client, link, limits)
    except TimeoutError:
        raise FetchError("the page takes too long") from None


async def _follow(client: httpx2.AsyncClient, link: WebLink, limits: Limits) -> Page:
    lasting, is_permanent = link, True
    for _ in range(limits.redirects + 1):
        try:
            found = await _get(client, link, limits)
        except httpx2.TimeoutException:
            raise FetchError(f"{link.host} does not answer in time") from None
        except httpx2.ProtocolError:
            raise FetchError(f"{link.host} does not speak HTTP") from None
        except httpx2.NetworkError as error:
            raise FetchError(f"{link.host} cannot be reached: {error}") from None
        if isinstance(found, Page):
            return found._replace(url=lasting.url)
        link = found.to
        is_permanent = is_permanent and found.is_permanent
        lasting = link if is_permanent else lasting
    raise FetchError(f"the link is redirected more than {limits.redirects} times")


async def _get(client: httpx2.AsyncClient, link: WebLink, limits: Limits) -> Page | _Redirect:
    # A request that the client does not build: it carries no cookies from one hop to the next.
    timeout = httpx2.Timeout(limits.total, connect=limits.connect).as_dict()
    request = httpx2.Request("GET", link.url, headers=_HEADERS, extensions={"timeout": timeout})
    response = await client.send(request, stream=True)
    try:
        location = response.headers.get("location")
        if response.status_code in _REDIRECTS and location is not None:
            return _Redirect(read_link(location, link.url), response.status_code in _PERMANENT)
        if response.status_code != 200:
            raise FetchError(f"{link.host} answers {response.status_code}, which is not a page")
        content_type = response.headers.get("content-type", "")
        if content_type.partition(";")[0].strip().lower() not in _PAGES:
            raise FetchError("the link does not lead to an HTML page")
        encoding = response.headers.get("content-encoding", "")
        body = await _decompressed(response.aiter_raw(), encoding, limits.size)
    finally:
        await response.aclose()
    charset = response.charset_encoding
    return Page(link.url, charset, body[: limits.size], len(body) > limits.size)


async def _decompressed(chunks: AsyncIterator[bytes], encoding: str, size: int) -> bytes:
    """The body, up to one byte more than `size`.

    httpx2 would decompress whole chunks; a small one may expand to a thousand times its size.
    """
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", *_GZIP):
        raise FetchError("the page is compressed in a way that was not asked for")
    gzip = zlib.decompressobj(_GZIP_WINDOW) if encoding in _GZIP else None
    body, received = bytearray(), 0
    async for chunk in chunks:
        received += len(chunk)
        try:
            body += chunk if gzip is None else gzip.decompress(chunk, size + 1 - len(body))
        except zlib.error:
            raise FetchError("the page is not compressed as it says") from None
        if max(len(body), received) > size:
            break
    return bytes(body[: size + 1])
