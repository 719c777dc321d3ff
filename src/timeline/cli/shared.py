"""What the commands share: the newsroom, the format, and who appends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import timeline
from timeline.cli.progress import Bar
from timeline.cli.trust import check_trusted
from timeline.errors import InputError
from timeline.newsroom.opening import Location, address, is_service, settings_at
from timeline.records.settings import CONFIG, Settings
from timeline.records.vocabulary import Vocabulary
from timeline.render import terminal

if TYPE_CHECKING:
    from timeline.newsroom.api import NewsroomApi
    from timeline.newsroom.newsroom import Newsroom

F = TypeVar("F", bound=Callable[..., Any])

# The keys of a click context for the open newsroom and for `--at-least`.
_ROOM, _AT_LEAST, _ACCEPTED = "timeline.room", "timeline.at-least", "timeline.accepted"


def open_room(ctx: click.Context) -> NewsroomApi:
    """The command's newsroom, which is opened once and closed when the command ends.

    Raises:
        InputError: there is no newsroom here.
    """
    room: NewsroomApi | None = ctx.meta.get(_ROOM)
    if room is None:
        location = location_of(ctx)
        if isinstance(location, str) and not is_service(location):
            address(location)  # Raises if it is not the address of a database.
        room = timeline.open(location, note=terminal.note)
        if (index := getattr(room, "index", None)) is not None:
            index.report = Bar("reading what is new in the log")
        ctx.meta[_ROOM] = room
        ctx.find_root().call_on_close(room.close)
    if ctx.meta.get(_ACCEPTED):
        refuse_service(ctx, "--accept clock")
        room.whole().clock_check.is_accepted = True
    return room


def open_kept(ctx: click.Context) -> Newsroom:
    """The newsroom, for a command that does not work over HTTP.

    Raises:
        InputError: it is behind a service; or there is no newsroom here.
    """
    refuse_service(ctx)
    return open_room(ctx).whole()


def refuse_service(ctx: click.Context, what: str | None = None) -> None:
    """Refuse a command, or what is asked of it, that does not work over HTTP.

    Raises:
        InputError: the newsroom is behind a service.
    """
    location = ctx.find_root().obj
    if is_service(location):
        what = what or f"timeline {ctx.command_path.partition(' ')[2]}"
        raise InputError(
            f"`{what}` works only where the newsroom is kept",
            f"{location} is a service: run it there",
        )


def location_of(ctx: click.Context) -> Location:
    """The value of `--newsroom` or `--log`, or the newsroom found by searching upwards.

    Raises:
        InputError: there is no newsroom here, or one that the user has not trusted.
    """
    given: Location | None = ctx.find_root().obj
    if given is not None:
        return given
    here = Path.cwd()
    for directory in (here, *here.parents):
        if (directory / CONFIG).is_file():
            check_trusted(directory)
            return directory
    raise InputError(
        f"there is no newsroom in {here} or above it",
        "`timeline init` makes one; --newsroom names one elsewhere",
    )


def open_any(ctx: click.Context) -> NewsroomApi:
    """The newsroom, or an empty one where there is no newsroom here.

    Raises:
        InputError: the newsroom's settings are wrong.
    """
    if _settings_of(ctx) is None:
        from timeline.newsroom.newsroom import Newsroom

        return Newsroom.in_memory(Settings("", Vocabulary()), terminal.note)
    return open_room(ctx)


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
    location = location_of(ctx)
    return open_room(ctx).settings if is_service(location) else settings_at(location)


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise, as Ctrl-C does, so that unfinished files are deleted."""
    known = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # One that is ignored, as by nohup, stays so.
    ending = [each for each in known if signal.getsignal(each) == signal.SIG_DFL]
    for each in ending:
        signal.signal(each, _end)
    try:
        yield
    finally:
        for each in ending:
            signal.signal(each, signal.SIG_DFL)


def _end(number: int, frame: object) -> None:
    sys.exit(128 + number)


def recorder_name(by: str | None) -> str:
    """The author of new records: `by`, or else TIMELINE_BY, or else the login name."""
    if by or (by := os.environ.get("TIMELINE_BY")):
        return by
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def signer_name(by: str | None) -> str | None:
    """The author to write into records; see `recorder_name`.

    None for a service, which knows the author by the token.
    """
    if by is None and is_service(click.get_current_context().find_root().obj):
        return None
    return recorder_name(by)


def format_option() -> click.Option:
    """`--format`: a table for people by default, JSON when asked."""
    return click.Option(
        ["--format"],
        type=click.Choice(("table", "json", "jsonl")),
        default="table",
        show_default=True,
        help="For people, or for programs.",
    )


class Position(click.IntRange):
    """A position in the log, typed with or without `@`."""

    name = "position"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str):
            value = value.removeprefix("@")
        return super().convert(value, param, ctx)


def at_least_option() -> click.Option:
    """`--at-least`: wait for a replica that may lag behind."""
    return click.Option(
        ["--at-least"],
        metavar="POSITION",
        type=Position(0),
        expose_value=False,
        callback=lambda ctx, _, position: ctx.meta.update({_AT_LEAST: position or 0}),
        help="Wait until the log has reached this position. For replicas, which may lag behind.",
    )


def accept_option() -> click.Option:
    """`--accept clock`: append although the clock seems to have leapt."""
    return click.Option(
        ["--accept"],
        type=click.Choice(["clock"]),
        expose_value=False,
        callback=lambda ctx, _, kind: ctx.meta.update({_ACCEPTED: kind} if kind else {}),
        help="Append although the clock is more than a year ahead of the log.",
    )


def at_least_of(ctx: click.Context) -> int:
    """The value of `--at-least`: the position that the log must have reached. Default: 0."""
    position: int = ctx.meta.get(_AT_LEAST, 0)
    return position


def takes(*options: click.Parameter) -> Callable[[F], F]:
    """Adds options to a command."""

    def add(command: F) -> F:
        command.params.extend(options)  # type: ignore[attr-defined]
        return command

    return add
