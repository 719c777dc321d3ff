"""`timeline init`."""

from __future__ import annotations

from pathlib import Path

import click

from timeline.cli.trust import check_trusted, database_in, trust
from timeline.errors import StoreError
from timeline.newsroom.opening import make_database, make_directory
from timeline.records.settings import CONFIG
from timeline.render import terminal


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@click.option("--name", help="The newsroom's name. Default: the directory's.")
@click.option(
    "--zone",
    default="UTC",
    show_default=True,
    help="IANA time zone for dates that do not give one.",
)
@click.option("--group", help="Let this group use the newsroom, too. Default: its owner only.")
@click.option("--log", "url", metavar="URL", help="Keep the log in this database.")
@click.pass_context
def init_command(
    ctx: click.Context,
    directory: Path | None,
    name: str | None,
    zone: str,
    group: str | None,
    url: str | None,
) -> None:
    """Create a newsroom in DIRECTORY, or in a database.

    The default is the current directory, unless --log is given. If DIRECTORY has a timeline.toml
    that names a database, the database is updated to match the file.
    """
    given = ctx.find_root().obj
    if url is None and isinstance(given, str):
        url = given
    if directory is None and url is not None:
        make_database(url, name, zone)
        click.echo("made a newsroom in the database, or brought it up to date")
        return
    if directory is None and Path(CONFIG).is_file():
        check_trusted(Path.cwd())
    directory = directory or Path()
    make_directory(directory, name, zone, url, group)
    if database_in(directory) is not None:
        try:
            trust(directory)
        except StoreError as error:
            terminal.note(str(error))
    click.echo(f"made a newsroom in {click.format_filename(directory)}")
