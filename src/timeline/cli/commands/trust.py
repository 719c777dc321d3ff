"""`timeline trust`."""

from __future__ import annotations

from pathlib import Path

import click

from timeline.cli.trust import trust
from timeline.render import terminal


@click.command("trust")
@click.argument("directory", type=click.Path(path_type=Path), required=False)
def trust_command(directory: Path | None) -> None:
    """Trust DIRECTORY, so that commands use the newsroom they find in it.

    That is needed for a directory of another user, and for one whose timeline.toml names a
    database: your password and your records go there. The default is the current directory.
    """
    directory = directory or Path()
    database = trust(directory)
    named = "" if database is None else f", with the database {database}"
    terminal.say(terminal.safe(f"trusted {directory.resolve()}{named}"))
