"""`timeline import` and `timeline export`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import click

from timeline import temporal
from timeline.cli.completion import complete_story
from timeline.cli.shared import (
    accept_option,
    at_least_of,
    at_least_option,
    interrupted_by_signals,
    open_room,
    takes,
)
from timeline.errors import InputError, NotFoundError, suggestion
from timeline.files import PRIVATE, replacing
from timeline.render import terminal
from timeline.render.json_output import UNSAFE, json_escape

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from timeline.newsroom.validate_many import RawRecord


DAY = 86_400_000_000


@takes(accept_option())
@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Validate the records without importing them.")
@click.option("--partial", is_flag=True, help="Accept an export that was cut off or changed.")
@click.pass_context
def import_command(
    ctx: click.Context, files: tuple[str, ...], dry_run: bool, partial: bool
) -> None:
    """Import portable logs, keeping their times: all records, or none. `-` is standard input."""
    from timeline.newsroom.append import read_lines

    room = open_room(ctx)
    with ExitStack() as stack:
        streams = [(name, stack.enter_context(opened(name))) for name in files]
        sizes = [Path(name).stat().st_size for name in files if name != "-"]
        given = (item for name, stream in streams for item in read_lines(stream, name, partial))
        bar: ProgressBar[RawRecord] = stack.enter_context(
            click.progressbar(
                given,
                length=sum(sizes) or None,
                label="importing",
                file=sys.stderr,
                hidden=not terminal.is_terminal(sys.stderr),
                update_min_steps=2**20,
            )
        )
        done = room.import_items(given, bar.update, dry_run)
        # Records are a little shorter than the lines that they were read from.
        bar.update((bar.length or bar.pos) - bar.pos)
    if done.recorded_at is not None and done.recorded_at > temporal.now() + DAY:
        stamp = temporal.format_instant(done.recorded_at)
        terminal.note(
            f"the log now ends at {stamp}, in the future; until then, new records get this time"
        )
    verb = "could import" if dry_run else "imported"
    known = f", {done.known:,} were already in the log" if done.known else ""
    records = "1 record" if done.added == 1 else f"{done.added:,} records"
    click.echo(f"{verb} {records}{known}; the head is at {done.head}")


def opened(name: str) -> IO[bytes]:
    """A file to read bytes from; `-` is standard input.

    A pipe is read to its end first: it may be slow, and an import blocks other writers.
    """
    try:
        if name == "-":
            return _spooled(sys.stdin.buffer)
        path = Path(name)
        if path.is_file() or path.is_dir():
            return path.open("rb")
        with path.open("rb") as pipe:
            return _spooled(pipe)
    except IsADirectoryError:
        raise InputError(f"{name} is a directory", "name a file of JSON lines") from None
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror}") from None


def _spooled(pipe: IO[bytes]) -> IO[bytes]:
    kept = tempfile.SpooledTemporaryFile(max_size=2**24)  # noqa: SIM115 - the caller closes it
    try:
        shutil.copyfileobj(pipe, kept)
    except BaseException:
        kept.close()
        raise
    kept.seek(0)
    return cast("IO[bytes]", kept)


@takes(at_least_option())
@click.command("export")
@click.option("--story", shell_complete=complete_story, help="Only the records of this story.")
@click.option(
    "--output",
    "-o",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to FILE instead of standard output.",
)
@click.pass_context
def export_command(ctx: click.Context, story: str | None, target: Path | None) -> None:
    """Export the log to a portable file that `timeline import` reads back byte for byte."""
    from timeline.records import jsonl

    newsroom = open_room(ctx).whole(at_least_of(ctx))
    if story is not None and story not in (stories := newsroom.stories()):
        raise NotFoundError(f"there is no story {story!r}{suggestion(story, stories)}")
    entries = newsroom.store.entries()
    lines = jsonl.export(entry for entry in entries if story in (None, entry.story))
    if target is not None:
        try:
            _write(target, lines)
        except OSError as error:
            raise InputError(f"cannot write {target}: {error.strerror or error}") from error
    elif terminal.is_terminal(sys.stdout):
        for line in lines:
            click.echo(UNSAFE.sub(json_escape, line.decode().rstrip("\n")))
    else:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()


def _write(target: Path, lines: Iterable[bytes]) -> None:
    if target.exists() and not target.is_file():  # Such as /dev/stdout, or a named pipe.
        with target.open("wb") as file:
            file.writelines(lines)
        return
    with interrupted_by_signals(), replacing(target, PRIVATE) as new, new.open("wb") as file:
        file.writelines(lines)
