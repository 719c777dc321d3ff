"""The command line: one file a command, loaded only when it is used."""

from __future__ import annotations


def main() -> None:
    """The `timeline` program."""
    import gc

    # One question, one process: hardly anything is worth collecting before it ends.
    gc.set_threshold(100_000, 50, 50)

    from timeline.cli.program import run

    try:
        run()
    except SystemExit as ended:
        _leave(ended.code or 0)
        raise


def _leave(code: object) -> None:
    """End the process here, where nothing is left to be done.

    To take the interpreter apart takes a sixth of the time of a question. If there is
    more to say, that remains to be done all the same.
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
