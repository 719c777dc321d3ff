"""Limits on what one client may send: requests by token or address, and the body of a request."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timeline.web.problems import RefusedError

# The size of a burst, as a multiple of the requests per second.
BURSTS = 10

# Requests per second, and per burst, from each address without a valid token: for signing in and
# static files, and to slow down attempts to guess tokens.
ANONYMOUS_RATE, ANONYMOUS_BURST = 20.0, 200.0

# Bytes of a request's body: about 10,000 records.
LARGEST_BODY = 16 * 2**20

# Timeouts in seconds: between two pieces of a body, and for the whole body.
STALLED, BODY_WITHIN = 30.0, 300.0

# Seconds to wait for the rest of a body that was refused: without a byte of it, and in all.
LINGER_IDLE, LINGER = 2.0, 30.0

# Buckets to keep before full ones are dropped.
MOST_BUCKETS = 10_000


class Rates:
    """How many requests each client may still make: token buckets that refill with time.

    `client` names what has a bucket: a token, or an address.
    """

    def __init__(self, rate: float, burst: float, client: str = "token"):
        self._rate, self._burst, self._client = rate, burst, client
        self._left: dict[str, tuple[float, float]] = {}
        self._most = MOST_BUCKETS

    @classmethod
    def anonymous(cls) -> Rates:
        """The rates of addresses that send requests without a valid token."""
        return cls(ANONYMOUS_RATE, ANONYMOUS_BURST, "address")

    def spend(self, name: str, now: float) -> None:
        """Count a request of a client at a time in seconds.

        Raises:
            RefusedError: there were too many.
        """
        left, last = self._left.get(name, (self._burst, now))
        left = min(self._burst, left + max(0.0, now - last) * self._rate)
        if left < 1:
            wait = max(1, round((1 - left) / self._rate))
            detail = f"more than {self._rate:g} requests a second with one {self._client}"
            raise RefusedError(429, detail, {"Retry-After": str(wait)})
        self._left[name] = left - 1, now
        if len(self._left) > self._most:
            full = self._burst / self._rate
            self._left = {name: each for name, each in self._left.items() if now - each[1] < full}
            # With many clients, the next clean-up is as far away as this one was long.
            self._most = max(MOST_BUCKETS, 2 * len(self._left))


def limited(headers: Headers, receive: Receive) -> Receive:
    """Receive a body that is neither too large nor too slow.

        Errors while reading are HTTPExceptions, which FastAPI's body parsers let through.

    Raises:
        RefusedError: its declared length is too large.
        HTTPException: it is too large, or too slow.
    """
    # Close the connection, because the rest of the body would precede the next request.
    closing = {"Connection": "close"}
    detail = f"the body is larger than {LARGEST_BODY:,} bytes: send it in parts"
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > LARGEST_BODY:
        raise RefusedError(413, detail, closing)
    if length in ("", "0") and "transfer-encoding" not in headers:
        return receive
    left, is_complete = LARGEST_BODY, False
    deadline = asyncio.get_running_loop().time() + BODY_WITHIN

    async def limited_receive() -> Message:
        nonlocal left, is_complete
        if is_complete:
            return await receive()
        seconds = min(STALLED, deadline - asyncio.get_running_loop().time())
        try:
            async with asyncio.timeout(seconds):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "the body arrived too slowly", closing) from None
        left -= len(message.get("body", b""))
        is_complete = not message.get("more_body", False)
        if left < 0:
            raise HTTPException(413, detail, closing)
        return message

    return limited_receive


class LingeringMiddleware:
    """Receives the rest of a body that is too large after the response, before closing.

    A connection that is closed with unread data is reset, and then the client may never see the
    response (RFC 9112, section 9.6). This stands outside of compression, which would take a
    response in two parts for a stream.
    """

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_too_large = False

        async def send_and_linger(message: Message) -> None:
            nonlocal is_too_large
            if message["type"] == "http.response.start":
                is_too_large = message["status"] == 413
            elif is_too_large and not message.get("more_body", False):
                await send({**message, "more_body": True})
                await _discard(receive)
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        await self._app(scope, receive, send_and_linger)


async def _discard(receive: Receive) -> None:
    """Receive a body to its end, or until the client stops sending it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER):
            is_complete = False
            while not is_complete:
                async with asyncio.timeout(LINGER_IDLE):
                    is_complete = not (await receive()).get("more_body", False)
