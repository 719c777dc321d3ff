"""Connecting to the very address that was judged, and keeping to the time.

A name that is looked up once to be judged and once more to be connected to can mean two
things (DNS rebinding). Here the connection itself looks it up, once, judges all that it means,
and connects to one of these addresses. TLS still checks the certificate by the name.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from threading import Thread
from time import monotonic
from typing import Any, NamedTuple

import httpcore

from timeline.citing.addresses import Address, is_public, read_address
from timeline.citing.errors import RefusedError


def look_up(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a host, as the system knows them; none where it does not know in time.

    The system's own way cannot be told to give up, so it is left behind in a thread.
    """
    found: list[str] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(str(answer[4][0]) for answer in answers)

    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return [] if thread.is_alive() else list(dict.fromkeys(found))


class FetchPolicy(NamedTuple):
    """What may be reached, and how names are looked up: by host, port and seconds.

    `tls` gives the authorities that are trusted to certify names.
    """

    look_up: Callable[[str, int, float], Sequence[str]] = look_up
    allows: Callable[[Address], bool] = is_public
    ports: frozenset[int] = frozenset((80, 443))
    tls: Callable[[], ssl.SSLContext] = cache(httpcore.default_ssl_context)


PUBLIC = FetchPolicy()
"""The public internet."""


class Deadline:
    """When all must be done."""

    def __init__(self, seconds: float):
        self._end = monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """How many seconds are left, at most so many.

        Raises:
            RefusedError: none.
        """
        left = self._end - monotonic()
        if left <= 0:
            raise RefusedError("the page takes too long")
        return left if most is None else min(left, most)


class Connector(httpcore.NetworkBackend):
    """How httpcore gets its connections: judged, and within a deadline."""

    def __init__(self, network: FetchPolicy, deadline: Deadline, connect: float):
        self._network = network
        self._deadline = deadline
        self._connect = connect
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of a host's addresses that answers.

        Raises:
            RefusedError: one of its addresses, or the port, may not be reached, or the host
                has none.
        """
        if port not in self._network.ports:
            raise RefusedError(f"port {port} is not that of a public page")
        addresses = self._network.look_up(host, port, self._deadline.left(self._connect))
        if not addresses:
            raise RefusedError(f"there is no host {host}")
        for text in addresses:
            address = read_address(text)
            if address is None or not self._network.allows(address):
                raise RefusedError(f"{host} is not on the public internet")
        for text in addresses[:-1]:
            try:
                return self._stream(text, port)
            except (httpcore.NetworkError, httpcore.TimeoutException):
                continue
        return self._stream(addresses[-1], port)

    def _stream(self, address: str, port: int) -> httpcore.NetworkStream:
        timeout = self._deadline.left(self._connect)
        return _Stream(self._sockets.connect_tcp(address, port, timeout), self._deadline)


class _Stream(httpcore.NetworkStream):
    """A connection that is given up when the time is over, however little comes at a time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline):
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
