"""Listening, and serving until somebody says stop."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType

import uvicorn

from timeline.errors import StoreError
from timeline.web.app import make_app
from timeline.web.connections import Connection
from timeline.web.service import Service

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows: there is no such limit.
    resource = None

# Seconds for what is being answered, once somebody has said stop.
GRACE = 5

# Files that the log and what is derived from it may take.
FILES = 200

# Connections that may wait to be taken, and that may be open: each takes a file of the process.
BACKLOG = 2048
MOST_CONNECTIONS = 4096


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


def serve(listener: socket.socket, service: Service) -> None:
    """Serve a newsroom until a signal comes.

    Raises:
        StoreError: the log cannot be read.
    """
    if hasattr(signal, "SIGPIPE"):
        # Commands end with whoever reads them; a service outlives a client that hangs up.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    sys.stdout.flush()
    config = uvicorn.Config(
        make_app(service),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        http=Connection,
        ws="none",
        # What stands before it on this machine says who asks, and whether by TLS.
        proxy_headers=True,
        forwarded_allow_ips=["127.0.0.1", "::1"],
        limit_concurrency=_room(),
    )
    server = _Server(config, service)
    # It has ended well by then, and who has interrupted it knows that they have.
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        raise StoreError("the service could not be started: its log says why")


class _Server(uvicorn.Server):
    """Lets go of those who follow or wait when it is to stop."""

    def __init__(self, config: uvicorn.Config, service: Service):
        super().__init__(config)
        self._service = service

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.end()
        await super().shutdown(sockets)


def _room() -> int:
    """How many connections may be open: as many as there may be files, less some for the log.

    The system lets a process have few files unless it asks for more.
    """
    if resource is None:
        return MOST_CONNECTIONS
    files: int
    most: int
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + FILES
    if files < wanted:
        files = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return min(MOST_CONNECTIONS, max(1, files - FILES))
