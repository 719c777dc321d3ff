"""The command line: one file a command, loaded only when it is used."""

from __future__ import annotations


def main() -> None:
    """The `timeline` program."""
    import gc

    # One question, one process: hardly anything is worth collecting before it ends.
    gc.set_threshold(100_000, 50, 50)

    from timeline.cli.program import run

    run()
