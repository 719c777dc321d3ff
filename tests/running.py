"""Running the program: as a process, as users do, or in this process, which is faster."""

from __future__ import annotations

import atexit
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple
from unittest import mock

from timeline.cli.program import run

REPOSITORY = Path(__file__).parents[1]

# A warning in the program is an error here, as it is in the tests themselves.
PROGRAM = (sys.executable, "-W", "error", "-m", "timeline")


class Done(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Its answer."""
        return json.loads(self.out)

    def lines(self) -> list[Any]:
        """Its answers, one a line."""
        return json_lines(self.out)


def json_lines(text: str) -> list[Any]:
    """The values of JSON lines; only a line feed ends a line."""
    return [json.loads(line) for line in text.split("\n") if line]


def environment(**more: str) -> dict[str, str]:
    """What the program finds around it, whoever runs the tests and wherever."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("COLUMNS", "NO_COLOR", "EDITOR", "VISUAL")
        and not name.startswith("TIMELINE_")
    }
    return {
        **kept,
        "TIMELINE_BY": "tester",
        "TERM": "xterm",
        "XDG_CONFIG_HOME": _configuration(),
        **more,
    }


@cache
def _configuration() -> str:
    """A directory for the user's configuration, which is removed at the end."""
    directory = mkdtemp(prefix="timeline-config-")
    atexit.register(shutil.rmtree, directory)
    return directory


def command(room: Path | None, *words: object) -> list[str]:
    """The words of a command line."""
    where = [] if room is None else ["--newsroom", str(room)]
    return [*PROGRAM, *where, *map(str, words)]


def timeline(
    room: Path | None,
    *words: object,
    given: bytes | str = b"",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    **popen: Any,
) -> Done:
    """Run `timeline` as a process."""
    done = subprocess.run(
        command(room, *words),
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        env=environment(**(env or {})),
        cwd=cwd,
        timeout=100,
        **popen,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def inside(
    room: Path | None,
    *words: object,
    given: bytes | str = b"",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Done:
    """Run `timeline` in this process, with streams, environment and exit codes as in its own."""
    where = [] if room is None else ["--newsroom", str(room)]
    given = given.encode() if isinstance(given, str) else given
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code = 0
    with (
        chdir(cwd or Path.cwd()),
        redirect_stdout(out),
        redirect_stderr(err),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8")),
        mock.patch.object(sys, "argv", ["timeline", *where, *map(str, words)]),
        mock.patch.object(signal, "signal"),
        mock.patch.dict(os.environ, environment(**(env or {})), clear=True),
    ):
        try:
            run()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    printed, complained = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return Done(code, printed, complained)


def as_lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Records as JSON lines."""
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def append(room: Path, *records: Mapping[str, Any]) -> None:
    """Append records, which must be right."""
    done = inside(room, "append", "--json", "-", given=as_lines(records))
    assert done.code == 0, done.err


def records_of(export: str) -> str:
    """The records of an export, without its first and its last line."""
    first, *lines, last = export.splitlines(keepends=True)
    assert "export" in first and "sha256" in last
    return "".join(lines)


def head(room: Path) -> int:
    """The last position."""
    return int(inside(room, "status", "--format", "json").json()["head"])
