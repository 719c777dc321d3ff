"""What the commands have in common: the newsroom, the two times, the format."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from timeline import temporal
from timeline.access import FILE
from timeline.cli.completion import complete_as_known
from timeline.cli.progress import Bar
from timeline.errors import InputError
from timeline.log.protocol import RemoteReader
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import Location, is_service, settings_at
from timeline.newsroom.questions import Questions
from timeline.records.settings import CONFIG, Settings
from timeline.records.vocabulary import Vocabulary
from timeline.render import terminal

if TYPE_CHECKING:
    from timeline.newsroom.remote import RemoteQuestions

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

# Where a command keeps the position that the log must have come to.
AT_LEAST = "timeline.at-least"


def open_newsroom(ctx: click.Context) -> Newsroom:
    """The newsroom that the command is about; it is closed when the command ends.

    Raises:
        InputError: there is none here.
    """
    newsroom = Newsroom.open(location_of(ctx))
    if newsroom.upkeep is not None:
        newsroom.upkeep.report = Bar("reading what is new in the log")
    ctx.call_on_close(newsroom.close)
    newsroom.wait_for(ctx.meta.get(AT_LEAST, 0))
    return newsroom


def open_kept(ctx: click.Context) -> Newsroom:
    """The newsroom of a command that makes sense only where the newsroom is kept.

    Raises:
        InputError: it is behind a service; or there is none here.
    """
    refuse_service(ctx)
    return open_newsroom(ctx)


def refuse_service(ctx: click.Context) -> None:
    """Refuse a command that makes sense only where the newsroom is kept.

    Raises:
        InputError: the newsroom is behind a service.
    """
    location = ctx.find_root().obj
    if is_service(location):
        command = ctx.command_path.partition(" ")[2]
        raise InputError(
            f"`timeline {command}` is a matter of where the newsroom is kept",
            f"{location} is a service: do it there",
        )


def location_of(ctx: click.Context) -> Location:
    """What `--newsroom` or `--log` gives, or the nearest newsroom from here upwards."""
    given: Location | None = ctx.find_root().obj
    if given is not None:
        return given
    here = Path.cwd()
    for directory in (here, *here.parents):
        if (directory / CONFIG).is_file():
            return directory
    raise InputError(
        f"there is no newsroom in {here} or above it",
        "`timeline init` makes one; --newsroom names one elsewhere",
    )


def access_option(command: F) -> F:
    """`--access`: the file of tokens."""
    option = click.option(
        "--access",
        "file",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="TIMELINE_ACCESS",
        help=f"The file that tokens are kept in. Default: {FILE} in the newsroom's directory.",
    )
    return option(command)


def access_path(ctx: click.Context, given: Path | None) -> Path:
    """The file of tokens: as given, else that in the newsroom's directory.

    Raises:
        InputError: there is no newsroom here, or it is no directory, and no file was named.
    """
    if given is not None:
        return given
    refuse_service(ctx)
    location = location_of(ctx)
    if isinstance(location, str):
        raise InputError(
            "a newsroom that is named by its address has no directory for tokens",
            "--access names a file, or TIMELINE_ACCESS",
        )
    settings_at(location)  # Whether there is a newsroom in the directory.
    return location / FILE


def vocabulary_of(ctx: click.Context) -> Vocabulary:
    """The newsroom's vocabulary; the built-in one where there is no newsroom here.

    Raises:
        InputError: the newsroom's settings are wrong; never while a shell completes a line.
    """
    try:
        settings = _settings_of(ctx)
    except InputError:
        if not ctx.resilient_parsing:
            raise
        settings = None
    return settings.vocabulary if settings else Vocabulary()


def zone_of(ctx: click.Context) -> str:
    """The newsroom's zone; UTC where there is no newsroom here."""
    settings = _settings_of(ctx)
    return settings.zone if settings else "UTC"


def _settings_of(ctx: click.Context) -> Settings | None:
    if ctx.find_root().obj is None:
        here = Path.cwd()
        if not any((each / CONFIG).is_file() for each in (here, *here.parents)):
            return None
    return settings_at(location_of(ctx))


def recorder_name(by: str | None) -> str:
    """Who appends: as given, else TIMELINE_BY, else the login name."""
    if by or (by := os.environ.get("TIMELINE_BY")):
        return by
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def signer_name(by: str | None) -> str | None:
    """Who appends, as records say it: as `recorder_name` tells.

    None where only a service knows, by the token that it is asked with.
    """
    if by is None and is_service(click.get_current_context().find_root().obj):
        return None
    return recorder_name(by)


def format_option() -> Callable[[F], F]:
    """`--format`: a table for people by default, JSON when asked."""
    return click.option(
        "--format",
        "format",
        type=click.Choice(("table", "json", "jsonl")),
        default="table",
        show_default=True,
        help="For people, or for programs.",
    )


def at_least_option(command: F) -> F:
    """`--at-least`: for a log that is a copy of another, and may be behind."""
    option = click.option(
        "--at-least",
        metavar="POSITION",
        type=click.IntRange(0),
        expose_value=False,
        callback=lambda ctx, _, position: ctx.meta.update({AT_LEAST: position or 0}),
        help="Wait until the log has come to that position, for a replica that may be behind.",
    )
    return option(command)


def as_known_option(command: F) -> F:
    """`--as-known` and `--at-least`."""
    option = click.option(
        "--as-known",
        metavar="POSITION|INSTANT|publication:NAME",
        shell_complete=complete_as_known,
        help="As the log stood then: a position, an instant, a day, or a publication. "
        "Default: now.",
    )
    return option(at_least_option(command))


def times_options(command: F) -> F:
    """`--as-of`, `--as-known` and `--at-least`."""
    as_of = click.option(
        "--as-of",
        metavar="DATE",
        help="The state when that date has passed: EDTF, or words. Default: now.",
    )
    return as_of(as_known_option(command))


def limit_option(what: str) -> Callable[[F], F]:
    """`--limit`: the first so many."""
    return click.option("--limit", type=click.IntRange(1), help=f"At most so many {what}.")


def questions_of(newsroom: Newsroom) -> Questions | RemoteQuestions:
    """Asks the newsroom, or the service that it is behind; remarks go to standard error."""
    if isinstance(newsroom.store, RemoteReader):
        from timeline.newsroom.remote import RemoteQuestions

        return RemoteQuestions(newsroom, terminal.note)
    return Questions(newsroom, terminal.note, temporal.now())
