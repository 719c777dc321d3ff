"""Listening, and serving until a signal comes."""

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
from timeline.web.service import Service

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows has no such limit.
    resource = None

# Seconds for requests to finish after a signal.
GRACE = 5

# Files that the log and the index may need.
FILES = 200

# Connections that may wait to be accepted, and that may be open, each of which needs a file.
BACKLOG = 2048
MOST_CONNECTIONS = 4096


@contextmanager
def listening(host: str, port: int) -> Iterator[tuple[socket.socket, str]]:
    """A listening socket, and its address: `127.0.0.1:8450`.

    Raises:
        StoreError: it cannot listen at that address.
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

    A proxy before the service deals with TLS, and with clients that are slow.

    Raises:
        StoreError: the log cannot be read.
    """
    if hasattr(signal, "SIGPIPE"):
        # Commands end when their reader does; a service must survive clients that hang up.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    sys.stdout.flush()
    config = uvicorn.Config(
        make_app(service),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        ws="none",
        # Only a proxy on this machine is believed about the client's address and scheme.
        proxy_headers=True,
        forwarded_allow_ips=["127.0.0.1", "::1"],
        limit_concurrency=_most_connections(),
    )
    server = _Server(config, service)
    # uvicorn raises the signal again after a graceful shutdown.
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        raise StoreError("the service could not be started: its log says why")


class _Server(uvicorn.Server):
    """Ends the requests of followers before it waits for all requests to finish."""

    def __init__(self, config: uvicorn.Config, service: Service):
        super().__init__(config)
        self._service = service

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.end()
        await super().shutdown(sockets)


def _most_connections() -> int:
    """How many connections may be open: as many as the process may open files, less some.

    The soft limit is usually low, and is raised up to the hard limit.
    """
    if resource is None:
        return MOST_CONNECTIONS
    soft: int
    hard: int
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(MOST_CONNECTIONS, max(1, soft - FILES))
