"""What the commands have in common: the newsroom, the two times, the format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from timeline import temporal
from timeline.cli import output
from timeline.cli.bar import Bar
from timeline.cli.completion import complete_as_known
from timeline.errors import InputError, Problem
from timeline.events.vocabulary import Vocabulary
from timeline.history import History
from timeline.newsroom import PUBLICATION, Newsroom
from timeline.places import Location, settings_at
from timeline.projections.answer import Basis
from timeline.settings import CONFIG, Settings
from timeline.suggest import close_to, did_you_mean

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


def basis_of(newsroom: Newsroom, as_of: str | None, as_known: str | None) -> Basis:
    """The two times that were asked by; dates in words are echoed as they were read."""
    now = temporal.now()
    zone = newsroom.settings.zone
    if as_of is not None:
        as_of = read_date(as_of, zone, now, "--as-of")
    if as_known is not None and not _is_exact(as_known):
        as_known = read_date(as_known, zone, now, "--as-known")
    return newsroom.basis(as_of, as_known, now)


def _is_exact(as_known: str) -> bool:
    if as_known.startswith(PUBLICATION) or (as_known.isascii() and as_known.isdecimal()):
        return True
    try:
        temporal.parse_instant(as_known)
    except temporal.InstantError:
        return False
    return True


def read_date(text: str, zone: str, now: int, option: str) -> str:
    """The EDTF that somebody means by what they typed.

    What is not EDTF is read as words, and what it was read as is said on standard error.

    Raises:
        InputError: it cannot be read, or can be read in two ways.
    """
    try:
        reading = temporal.read(text, zone)
        if reading.precision in ("century", "decade") and text.isdecimal():
            output.note(
                f"{option} {text!r} is read as a {reading.precision}: {said_bounds(reading.bounds)}"
            )
        return reading.edtf
    except temporal.EdtfError:
        from timeline.cli import phrases

        edtf = phrases.interpret_or_refuse(text, zone, now, option)
        reading = temporal.read(edtf, zone)
        output.note(f"{option} {text!r} is read as {edtf}: {said_bounds(reading.bounds)}")
        return edtf


def said_bounds(bounds: temporal.Bounds) -> str:
    """Bounds in a line."""
    earliest, latest = (
        "open" if side is None else temporal.format_instant(side) for side in bounds
    )
    return f"from {earliest} to before {latest}"


def only_story(newsroom: Newsroom) -> str | None:
    """The story of a newsroom that has only one."""
    stories = list(newsroom.log.stories())
    return stories[0] if len(stories) == 1 else None


def refuse_unknown_types(types: Iterable[str], newsroom: Newsroom) -> None:
    """Refuse types that the vocabulary does not have, given with --type."""
    known = [kind.name for kind in newsroom.settings.vocabulary]
    if problems := [
        Problem(f"there is no type {name!r}", did_you_mean(name, known), "--type")
        for name in types
        if name not in known
    ]:
        raise InputError(problems)


def warn_if_no_story(newsroom: Newsroom, story: str | None) -> None:
    """Say so if there is no such story, with a suggestion."""
    stories = newsroom.log.stories() if story is not None else {}
    if story is not None and story not in stories:
        output.note(f"there is no story {story!r}{suggestion(story, stories)}")


def entity_named(newsroom: Newsroom, basis: Basis, text: str) -> str:
    """The slug of the entity that somebody means: by its slug, or by a name it goes by.

    What a name was read as, and that a slug now reads as another, is said on standard
    error. A text that names nothing is given back as it is.

    Raises:
        InputError: several entities go by that name.
    """
    slug = text if newsroom.is_known(text, basis) else _slug_of(newsroom.history(basis), text)
    if slug != text:
        output.note(f"{text!r} is read as {slug}")
    names = newsroom.names(basis)
    if (canonical := names.canonical(slug)) != slug:
        merge = names.merges_of(slug)[-1]
        output.note(
            f"{slug} is the same as {canonical} (same-entity {merge.id}, position {merge.position})"
        )
    return slug


def _slug_of(history: History, name: str) -> str:
    """The slug of the only entity that goes by a name; the name itself if there is none."""
    from timeline.projections.entities import going_by

    slugs = going_by(history, name)
    if len(slugs) > 1:
        raise InputError(
            f"{name!r} is a name of {', '.join(slugs[:-1])} and {slugs[-1]}",
            "ask for one of them; `timeline entities` tells who they are",
        )
    return slugs[0] if slugs else name


def warn_if_unknown(newsroom: Newsroom, entity: str) -> None:
    """Say so if nothing at all is recorded about an entity, with a suggestion."""
    basis = newsroom.basis(None, None, temporal.now())
    if newsroom.is_known(entity, basis):
        return
    found = newsroom.entities(basis, entity)["entities"]
    said = [
        each["slug"] if each["matched"] == each["slug"] else f"{each['slug']} ({each['matched']})"
        for each in found[:3]
    ]
    hint = f"; did you mean {' or '.join(said)}?" if said else ""
    output.note(f"nothing is recorded about {entity!r}{hint}")


def warn_if_unnamed(newsroom: Newsroom, basis: Basis, name: str, kind: str | None) -> None:
    """Say that no entity of a kind goes by a name or part of one, and which come closest."""
    others = newsroom.entities(basis, name)["entities"]
    if not others:
        rows = newsroom.entities(basis)["entities"]
        called = {each: row for row in rows for each in (row["slug"], *row["names"])}
        others = [called[each] for each in close_to(name.casefold(), called, cutoff=0.5)]
    slugs = dict.fromkeys(
        f"{each['slug']} ({each['kind']})" if kind else each["slug"] for each in others
    )
    hint = f"; the closest: {', '.join(list(slugs)[:3])}" if slugs else ""
    output.note(f"there is no {kind or 'entity'} like {name!r}{hint}")


def or_else(items: Iterable[T], none: Callable[[], None]) -> Iterator[T]:
    """The items; once it turns out that there is none, `none` says so."""
    empty = True
    for item in items:
        empty = False
        yield item
    if empty:
        none()


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing."""
    close = close_to(word, known)
    return f"; did you mean {' or '.join(close)}?" if close else ""
