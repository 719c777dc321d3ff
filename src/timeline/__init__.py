"""A newsroom's memory: what was so at time T, as we knew it at time K, and why.

    import timeline

    with timeline.open("our-newsroom") as room:
        room.append("departed", person="ada", organisation="lab", when="2026-03", sources=[...])
        room.snapshot("lab", as_of="2026-03-03", as_known=71)

`docs/python.md` has the whole tour. Nothing but the errors is imported before it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    Problem,
    StoreError,
    TimelineError,
    UnreachableError,
)

if TYPE_CHECKING:
    from timeline.newsroom.api import NewsroomApi

__version__ = "0.1.0"

__all__ = [
    "ConflictError",
    "InputError",
    "NotFoundError",
    "Problem",
    "StoreError",
    "TimelineError",
    "UnreachableError",
    "__version__",
    "open",
]


def open(
    location: Path | str,
    *,
    token: str | None = None,
    patience: float = 10,
    note: Callable[[str], None] = lambda text: None,
) -> NewsroomApi:
    """The newsroom in a directory, in a database, or behind a service.

    `location` is a path, `postgresql://…` or `https://…`. A service is asked with `token`, by
    default that in TIMELINE_TOKEN or in the file that TIMELINE_TOKEN_FILE names, and retried for
    `patience` seconds if it does not answer. `note` takes remarks beside answers, such as how a
    date in words was read: `print`, for example.

    Raises:
        InputError: there is no newsroom there, or its settings are wrong.
        StoreError: its log cannot be read.
    """
    from timeline.newsroom.opening import is_service

    if is_service(location):
        from importlib.util import find_spec

        if find_spec("httpx2") is None:
            hint = "pip install 'newsroom-timeline[client]'"
            raise InputError("a service is asked with httpx2", hint)
        from timeline.client.connection import Connection, token_around
        from timeline.newsroom.remote import RemoteNewsroom

        connection = Connection(location, token_around(note) if token is None else token, patience)
        return RemoteNewsroom(connection, note)
    from timeline.newsroom.newsroom import Newsroom

    is_address = isinstance(location, str) and "://" in location
    return Newsroom.open(location if is_address else Path(location), note)
