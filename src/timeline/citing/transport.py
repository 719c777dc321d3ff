"""An HTTP transport that connects to public addresses only.

If a host name were resolved once to be checked and again to connect, the two answers could differ
(DNS rebinding). This transport resolves it once, checks every address, and connects to one of
those addresses. TLS still verifies the certificate against the host name.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from threading import Thread
from typing import NamedTuple

import httpx2

from timeline.citing.addresses import Address, is_public, read_address
from timeline.citing.links import FetchError


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host; an empty list if it has none."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class FetchPolicy(NamedTuple):
    """Which addresses and ports may be reached, how hosts are resolved, and which CAs to trust."""

    resolve: Callable[[str, int], Sequence[str]] = resolve
    allows: Callable[[Address], bool] = is_public
    ports: frozenset[int] = frozenset((80, 443))
    tls: Callable[[], ssl.SSLContext] = cache(httpx2.create_ssl_context)


PUBLIC = FetchPolicy()
"""The public internet."""


class PolicyTransport(httpx2.AsyncBaseTransport):
    """Sends a request to an address that the policy allows, within `connect` seconds each."""

    def __init__(self, policy: FetchPolicy, connect: float):
        self._policy = policy
        self._connect = connect
        # No proxy of the environment: it would connect in our place.
        self._http = httpx2.AsyncHTTPTransport(verify=policy.tls(), trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Try the addresses of the host in turn.

        Raises:
            FetchError: the port or one of the addresses is not allowed, or there is no address.
        """
        url, host = request.url, request.url.raw_host.decode().strip("[]")
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        if port not in self._policy.ports:
            raise FetchError(f"port {port} is not a port of the public web")
        addresses = await self._addresses(host, port)
        request.extensions["sni_hostname"] = host
        for address in addresses[:-1]:
            request.url = url.copy_with(host=address)
            with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
                return await self._http.handle_async_request(request)
        request.url = url.copy_with(host=addresses[-1])
        return await self._http.handle_async_request(request)

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            async with asyncio.timeout(self._connect):
                addresses = await _in_daemon_thread(lambda: self._policy.resolve(host, port))
        except TimeoutError:
            addresses = []
        if not addresses:
            raise FetchError(f"there is no host {host}")
        for text in addresses:
            address = read_address(text)
            if address is None or not self._policy.allows(address):
                raise FetchError(f"{host} is not on the public internet")
        return list(addresses)

    async def aclose(self) -> None:
        await self._http.aclose()


async def _in_daemon_thread(work: Callable[[], Sequence[str]]) -> Sequence[str]:
    """The result of blocking work that cannot be cancelled.

    A thread of a pool would be joined when the process ends, and getaddrinfo() may block for
    minutes.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Sequence[str]] = loop.create_future()

    def tell(result: Sequence[str]) -> None:
        if not found.done():
            found.set_result(result)

    def run() -> None:
        result = work()
        with suppress(RuntimeError):  # The loop is closed.
            loop.call_soon_threadsafe(tell, result)

    Thread(target=run, daemon=True).start()
    return await found
