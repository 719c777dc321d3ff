"""The command line: one file a command, loaded only when it is used."""

from __future__ import annotations


def main() -> None:
    """The `timeline` program."""
    from timeline.cli.program import run

    run()
