"""Connections of clients that are slow, or say too much before they ask.

uvicorn waits for a request, and for a client that reads its answer, for as long as it takes.
Who opens many connections and does nothing could so keep out all others.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Seconds until a request has said what it wants, from its connection or its first byte on.
HEADERS_WITHIN = 10

# Seconds for which a client may leave an answer unread, of which the buffers hold no more.
UNREAD = 30

# Seconds for the rest of a body that nobody reads any more, since the answer is there.
REST_WITHIN = 5

# Bytes of what a request says before its body: addresses and headers.
LARGEST_HEADERS = 64 * 1024


class Connection(HttpToolsProtocol):
    """A connection that is closed when it keeps the service waiting."""

    headers_within: float = HEADERS_WITHIN
    unread: float = UNREAD
    rest_within: float = REST_WITHIN

    def __init__(self, *given: Any, **named: Any):
        super().__init__(*given, **named)
        self._asking: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._finishing: asyncio.TimerHandle | None = None
        self._said = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_asking()
        self._stop_reading()
        self._stop_finishing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._said += len(data)
        super().data_received(data)
        if self._asking is not None and self._said > LARGEST_HEADERS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._asking is None:
            self._await_headers()

    def on_headers_complete(self) -> None:
        self._stop_asking()
        self._said = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._stop_finishing()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.more_body and not self.transport.is_closing():
            self._finishing = self.loop.call_later(self.rest_within, self.transport.close)

    def pause_writing(self) -> None:
        """The client does not read: what waits for it takes memory."""
        super().pause_writing()
        self._reading = self.loop.call_later(self.unread, self.transport.abort)

    def resume_writing(self) -> None:
        self._stop_reading()
        super().resume_writing()

    def _await_headers(self) -> None:
        self._said = 0
        within = self.headers_within
        self._asking = self.loop.call_later(within, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why, and close; there is no request yet that could be answered."""
        self._stop_asking()
        if not self.transport.is_closing():
            line = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            self.transport.write(f"{line}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
            self.transport.close()

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _stop_finishing(self) -> None:
        if self._finishing is not None:
            self._finishing.cancel()
            self._finishing = None
