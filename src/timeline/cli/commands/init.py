"""`timeline init`."""

from __future__ import annotations

from pathlib import Path

import click

from timeline.newsroom import Newsroom


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path), default=".")
@click.option("--name", help="What the newsroom is called; default: the directory's name.")
@click.option("--zone", default="UTC", show_default=True, help="IANA zone of dates without one.")
def init_command(directory: Path, name: str | None, zone: str) -> None:
    """Make a new newsroom in DIRECTORY."""
    Newsroom.init(directory, name, zone)
    click.echo(f"made a newsroom in {click.format_filename(directory)}")
