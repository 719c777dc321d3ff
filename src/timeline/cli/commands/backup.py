"""`timeline backup` and `timeline restore-backup`."""

from __future__ import annotations

from pathlib import Path

import click

from timeline.cli.shared import interrupted_by_signals, location_of, open_kept, refuse_service

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("target", metavar="FILE", type=_FILE)
@click.option("--replace", is_flag=True, help="Replace FILE if it exists.")
@click.pass_context
def backup_command(ctx: click.Context, target: Path, replace: bool) -> None:
    """Copy the log to FILE, while others may append.

    The copy is a whole log with its settings. It is compared with the log before it is put in
    place.
    """
    from timeline.newsroom.backup import back_up

    newsroom = open_kept(ctx)
    with interrupted_by_signals():
        head = back_up(newsroom, target, replace)
    click.echo(f"backed up {head:,} records to {click.format_filename(target)}")


@click.command("restore-backup")
@click.argument("source", metavar="FILE", type=_FILE)
@click.option("--replace", is_flag=True, help="Give up records that are not in FILE.")
@click.option("--damaged", is_flag=True, help="Restore FILE even if it has invalid records.")
@click.pass_context
def restore_backup_command(ctx: click.Context, source: Path, replace: bool, damaged: bool) -> None:
    """Replace the log by the backup in FILE, if that is whole and has all records of the log.

    Other processes that have the log open must be restarted; they notice, and refuse to go on.
    """
    from timeline.newsroom.backup import restore_backup

    refuse_service(ctx)
    location = location_of(ctx)
    with interrupted_by_signals():
        head = restore_backup(location, source, replace, damaged)
    click.echo(f"restored {head:,} records from {click.format_filename(source)}")
