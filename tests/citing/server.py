"""A web server on loopback that answers as a test says, and a network in which it is public."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from threading import Event, Thread

from timeline.citing import citation
from timeline.citing.addresses import Address, is_public
from timeline.citing.citation import CitedPage
from timeline.citing.fetching import USUAL, Limits
from timeline.citing.transport import PUBLIC, FetchPolicy

HERE = IPv4Address("127.0.0.1")
HTML = "text/html; charset=utf-8"


def cite(
    url: str, quote: str = "", network: FetchPolicy = PUBLIC, limits: Limits = USUAL
) -> CitedPage:
    """`timeline.citing.citation.cite`, for tests without an event loop."""
    return asyncio.run(citation.cite(url, quote, network, limits))


class Site:
    """What the server answers at each path, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.over = Event()
        self.port = 0

    def url(self, path: str, host: str = "news.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def page(self, path: str, body: str | bytes, type: str | None = HTML, **headers: str) -> None:
        """Answer with a page."""
        data = body.encode() if isinstance(body, str) else body
        types = {} if type is None else {"Content-Type": type}
        self.answer(path, 200, {**types, **headers}, data)

    def moved(self, path: str, to: str, status: int = 302) -> None:
        """Answer with a redirect."""
        self.answer(path, status, {"Location": to}, b"")

    def answer(self, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        def answers(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answers

    def network(
        self,
        resolve: Callable[[str, int], Sequence[str]] = lambda *_: [str(HERE)],
        allows: Callable[[Address], bool] = lambda address: address == HERE or is_public(address),
    ) -> FetchPolicy:
        """A network in which every name is this server, and its address and port are public."""
        return FetchPolicy(resolve, allows, frozenset((self.port,)))


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site, until the block ends."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            site.answers[self.path](self)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing is printed."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever asks may hang up at any time: much of what is tested is that."""

    with Server((str(HERE), 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        site.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.over.set()
            server.shutdown()
            thread.join()
