"""How much one may ask: requests by token or address, bytes of a body, and how slowly."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from timeline.web.problems import RefusedError

# Requests a second that one token may make for long, and so many times as many at once. It is
# what a service on two processors answers from memory: one token may have all of it, and whoever
# shares a service among many gives each less.
RATE, BURSTS = 5000.0, 10

# Likewise for all who ask from one address without a token that counts: to sign in, to look at
# the styles, or to guess.
STRANGERS_RATE, STRANGERS_BURST = 20.0, 200.0

# Bytes of a request's body: some 10,000 records.
LARGEST_BODY = 16 * 2**20

# Seconds without a byte of a body that is on its way, and for all of it.
STALLED, BODY_WITHIN = 30.0, 300.0

# So many are remembered before those are forgotten who have all of their burst again.
MOST_REMEMBERED = 10_000


class Rates:
    """How many requests each still may make: a bucket that fills again with time.

    `whose` says what each of them has one of: a token, or an address.
    """

    def __init__(self, rate: float, burst: float, whose: str = "token"):
        self._rate, self._burst, self._whose = rate, burst, whose
        self._left: dict[str, tuple[float, float]] = {}
        self._most = MOST_REMEMBERED

    @classmethod
    def of_strangers(cls) -> Rates:
        """Those of the addresses that ask without a token that counts."""
        return cls(STRANGERS_RATE, STRANGERS_BURST, "address")

    def spend(self, who: str, now: float) -> None:
        """Count a request of somebody at a time in seconds.

        Raises:
            RefusedError: there were too many.
        """
        left, last = self._left.get(who, (self._burst, now))
        left = min(self._burst, left + max(0.0, now - last) * self._rate)
        if left < 1:
            wait = max(1, round((1 - left) / self._rate))
            detail = f"more than {self._rate:g} requests a second with one {self._whose}"
            raise RefusedError(429, detail, {"Retry-After": str(wait)})
        self._left[who] = left - 1, now
        if len(self._left) > self._most:
            full = self._burst / self._rate
            self._left = {name: each for name, each in self._left.items() if now - each[1] < full}
            # Where many ask, the next look is as far off as this one was long.
            self._most = max(MOST_REMEMBERED, 2 * len(self._left))


def limited(headers: Headers, receive: Receive) -> Receive:
    """The body, as far as it is not too large, and does not take too long.

    What is raised while it is read is an error of HTTP, as all who read bodies let those pass.

    Raises:
        RefusedError: it is said to be too large.
        HTTPException: it is too large, or too slow.
    """
    # The rest of it would come in front of the next request.
    closing = {"Connection": "close"}
    detail = f"the body is larger than {LARGEST_BODY:,} bytes: send it in parts"
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > LARGEST_BODY:
        raise RefusedError(413, detail, closing)
    if length in ("", "0") and "transfer-encoding" not in headers:
        return receive
    left, is_whole = LARGEST_BODY, False
    deadline = asyncio.get_running_loop().time() + BODY_WITHIN

    async def receiving() -> Message:
        nonlocal left, is_whole
        if is_whole:
            return await receive()
        patience = min(STALLED, deadline - asyncio.get_running_loop().time())
        try:
            async with asyncio.timeout(patience):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "the body came too slowly", closing) from None
        left -= len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if left < 0:
            raise HTTPException(413, detail, closing)
        return message

    return receiving
