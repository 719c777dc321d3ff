"""Server-sent events, read as they arrive, and resumed when the connection breaks.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic, sleep
from typing import NamedTuple

from timeline.client.connection import LONGEST_WAIT, Connection, waits
from timeline.errors import StoreError, UnreachableError

# No record makes a longer line.
_LONGEST = 64 * 2**20


class ServerSentEvent(NamedTuple):
    """An event, or only an id where there is no data."""

    id: str | None
    data: str | None


def events_in(chunks: Iterable[bytes]) -> Iterator[ServerSentEvent]:
    """The events of a stream of bytes."""
    id: str | None = None
    data: list[str] = []
    for line in _lines(chunks):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "id":
            id = value
        elif name == "data":
            data.append(value)
        elif not line and (id is not None or data):
            yield ServerSentEvent(id, "\n".join(data) if data else None)
            id, data = None, []


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The complete lines of a stream."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode(errors="replace")
        if len(rest) > _LONGEST:
            raise StoreError("the service sends invalid events")


def _position(id: str) -> int:
    if not (id.isascii() and id.isdecimal()):
        raise StoreError("the service sends invalid events")
    return int(id)


def followed(
    connection: Connection,
    after: int,
    story: str | None,
    broken: Callable[[StoreError, float], None],
) -> Iterator[str]:
    """The records after a position as they arrive, each as a line of JSON, once and in order.

    When the connection breaks, `broken` is called with the error and the seconds until the
    next attempt, and following resumes as soon as the service answers.

    Raises:
        InputError: the service rejects the request.
    """
    waiting = waits()
    while True:
        broke: StoreError = UnreachableError(f"{connection.url} has closed the connection")
        started = monotonic()
        try:
            chunks = connection.stream("/api/follow", {"after": after, "story": story}, {})
            for event in events_in(chunks):
                position = after if event.id is None else _position(event.id)
                if event.data is not None and position > after:
                    yield event.data
                after = max(after, position)
        except StoreError as error:
            broke = error
        if monotonic() - started > LONGEST_WAIT:
            waiting = waits()
        wait = next(waiting)
        broken(broke, wait)
        sleep(wait)
