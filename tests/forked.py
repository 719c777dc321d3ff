"""`timeline` in a process that starts at once: forked from one that has imported it already.

It is a process like any other, which can be killed; only importing the program, most of the time
of a start, is done once a run.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Mapping
from multiprocessing.connection import Connection

from timeline.cli import main

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["timeline.cli.commands.serve", "timeline.web.serving"])


class Forked:
    """`timeline WORDS`: its output as text, its exit code as `subprocess` gives it."""

    def __init__(self, words: list[str], env: Mapping[str, str], errors: int = 2):
        """Start it; `errors` is the descriptor that its standard error goes to."""
        out, theirs = _FORKS.Pipe(duplex=False)
        err = Connection(os.dup(errors), readable=False)
        self._process = _FORKS.Process(target=_run, args=(words, dict(env), theirs, err))
        self._process.start()
        theirs.close()
        err.close()
        self.stdout = os.fdopen(os.dup(out.fileno()), encoding="utf-8")
        out.close()

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, after at most so many seconds; None if it still runs."""
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None and self._process.pid is not None:
            os.kill(self._process.pid, number)

    def kill(self) -> None:
        """End it as a power failure would."""
        self.send_signal(signal.SIGKILL)


def _run(words: list[str], env: dict[str, str], out: Connection, err: Connection) -> None:
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    out.close()
    err.close()
    os.environ.clear()
    os.environ.update(env)
    warnings.simplefilter("error")
    sys.argv = ["timeline", *words]
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    main()
