"""Listening, and serving until a signal comes."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from types import FrameType, ModuleType

import uvicorn

from timeline.errors import InputError, StoreError
from timeline.render import terminal
from timeline.web.app import make_app
from timeline.web.service import Service

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows has no such limit.
    resource = None

# Seconds for requests to finish after a signal.
GRACE = 5

# Seconds from a signal to the end of the process, whatever it is doing. What is acknowledged is on
# the disk by then, and what is being written is rolled back.
ENDS_WITHIN = 20.0

# Files that the log and the index may need.
FILES = 200

# Connections that may wait to be accepted, and that may be open, each of which needs a file.
BACKLOG = 2048
MOST_CONNECTIONS = 4096

# With fewer connections than this a service does not start.
FEWEST_CONNECTIONS = 50


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


def serve(listener: socket.socket, service: Service, connections: int) -> None:
    """Serve a newsroom, with so many connections at most, until a signal comes.

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
        limit_concurrency=connections,
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

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            # A thread that cannot be stopped would keep the interpreter from ending.
            deadline = Timer(ENDS_WITHIN, _abort)
            deadline.daemon = True
            deadline.start()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.end()
        await super().shutdown(sockets)


def _abort() -> None:
    """End the process at once."""
    terminal.note(f"the service did not end within {ENDS_WITHIN:g} seconds, and is aborted")
    os._exit(1)


def most_connections() -> int:
    """How many connections may be open: as many as the process may open files, less some.

    The soft limit is usually low, and is raised up to the hard limit.

    Raises:
        InputError: the hard limit leaves too few.
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
    needed = FILES + FEWEST_CONNECTIONS
    if soft < needed:
        raise InputError(
            f"the service needs at least {needed} open files, and this process may open {soft}",
            f"raise the limit: `ulimit -n {wanted}`, or LimitNOFILE={wanted} for systemd",
        )
    return min(MOST_CONNECTIONS, soft - FILES)
