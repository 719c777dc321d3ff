"""Server-sent events, read as they come, from where they broke off when they do.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic, sleep
from typing import NamedTuple

from timeline.client.connection import LONGEST_WAIT, Connection, waits
from timeline.errors import StoreError, UnreachableError

Broken = Callable[[StoreError, float], None]
"""Is told why the events broke off, and after how many seconds they are asked for again."""

# A line that is longer is no record: the service is none.
_LONGEST = 64 * 2**20


class Event(NamedTuple):
    """An event, or only an id where there is no data."""

    id: str | None
    data: str | None


def events_in(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The events of a stream, however it was cut."""
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
            yield Event(id, "\n".join(data) if data else None)
            id, data = None, []


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of a stream; its last one only if it has ended."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode()
        if len(rest) > _LONGEST:
            raise StoreError("the service sends what is no event")


def followed(
    connection: Connection, after: int, story: str | None, broken: Broken
) -> Iterator[str]:
    """The records after a position as they come, each as a line of JSON, once and in order.

    When the service does not answer, they go on where they were as soon as it does.

    Raises:
        InputError: the service refuses to be followed.
    """
    waiting = waits()
    while True:
        broke: StoreError = UnreachableError(f"{connection.url} has ended the connection")
        started = monotonic()
        try:
            chunks = connection.stream("/api/follow", {"after": after, "story": story}, {})
            for event in events_in(chunks):
                position = int(event.id) if event.id is not None else after
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
