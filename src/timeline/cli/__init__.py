"""The command line. Commands are imported only when they are used."""

from __future__ import annotations


def main() -> None:
    """The `timeline` program."""
    import gc

    # One command a process: collecting garbage before it ends is rarely worth the time.
    gc.set_threshold(100_000, 50, 50)

    from timeline.cli.program import run

    try:
        run()
    except SystemExit as ended:
        _leave(ended.code or 0)
        raise


def _leave(code: object) -> None:
    """End the process without tearing the interpreter down.

    The teardown takes a sixth of the time of a question. It is not skipped if there is output
    that cannot be flushed, or a message to print.
    """
    import os
    import sys

    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError:
        return
    if isinstance(code, int):
        os._exit(code)
