"""Listening, and serving until somebody says stop."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from timeline.errors import StoreError
from timeline.places import Location
from timeline.web.app import make_app
from timeline.web.service import Service

# Seconds for what is being answered, once somebody has said stop.
GRACE = 5

# Connections that may wait to be taken.
BACKLOG = 2048


@contextmanager
def listening(host: str, port: int) -> Iterator[tuple[socket.socket, str]]:
    """A socket that listens, and where: `127.0.0.1:8450`.

    Raises:
        StoreError: nobody can listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise StoreError(f"cannot listen at {host}:{port}: {error.strerror or error}") from error
    with listener:
        name = f"[{host}]" if ":" in host else host
        yield listener, f"{name}:{listener.getsockname()[1]}"


def serve(
    listener: socket.socket, location: Location, access: Path, hosts: frozenset[str] | None
) -> None:
    """Serve the newsroom at a location until a signal comes.

    Raises:
        InputError: there is no newsroom there.
        StoreError: the log, or the file of tokens, cannot be read.
    """
    if hasattr(signal, "SIGPIPE"):
        # Commands end with whoever reads them; a service outlives a client that hangs up.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    app = make_app(Service.open(location, access, hosts))
    sys.stdout.flush()
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        proxy_headers=hosts is None,
        h11_max_incomplete_event_size=64 * 1024,
    )
    uvicorn.Server(config).run(sockets=[listener])
