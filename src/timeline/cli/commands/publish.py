"""`timeline publish`."""

from __future__ import annotations

from pathlib import Path

import click

from timeline import temporal
from timeline.cli.completion import complete_publication, complete_story
from timeline.cli.shared import (
    at_least_of,
    at_least_option,
    interrupted_by_signals,
    open_room,
    takes,
)
from timeline.errors import InputError, Problem, did_you_mean
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Basis
from timeline.projections.question import PUBLICATION
from timeline.render import terminal

# The packages of the extra `web` that pages need.
_NEEDED = ("jinja2", "markdown_it", "markupsafe")


@takes(at_least_option())
@click.command("publish")
@click.argument("story", shell_complete=complete_story)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--url",
    metavar="URL",
    help="The URL of the published files, for absolute links.",
)
@click.option("--title", help="The title of the page. Default: made from STORY.")
@click.option(
    "--as-of",
    metavar="DATE",
    help="The state once that date has passed: EDTF, or words. Default: the time of the last "
    "record.",
)
@click.option(
    "--as-known",
    metavar="POSITION|INSTANT|publication:NAME",
    shell_complete=complete_publication,
    help="The log as it was then: a position, an instant, a day, or a publication. "
    "Default: the last publication of STORY, or else now.",
)
@click.pass_context
def publish_command(
    ctx: click.Context,
    story: str,
    directory: Path,
    url: str | None,
    title: str | None,
    as_of: str | None,
    as_known: str | None,
) -> None:
    """Write STORY into DIR as a page that needs no server.

    Also writes its corrections, feeds, and files for other programs. The same options give
    the same files.
    """
    newsroom = open_room(ctx).whole(at_least_of(ctx))
    stories = newsroom.stories()
    if story not in stories:
        hint = did_you_mean(story, stories) if stories else "nothing is recorded yet"
        raise InputError([Problem(f"there is no story {story!r}", hint, "STORY")])
    if as_known is None:
        if published := newsroom.publications(story):
            as_known = f"{PUBLICATION}{[*published][-1]}"
        else:
            terminal.note(f"{story} has no publication yet: using the head of the log")
    try:
        from timeline.publishing.addresses import addresses_at
        from timeline.publishing.edition import edition_of
        from timeline.publishing.page import snippet
        from timeline.publishing.writing import refuse_foreign, write
    except ModuleNotFoundError as error:
        if error.name not in _NEEDED:
            raise
        hint = "pip install 'newsroom-timeline[web]' installs it"
        raise InputError(f"pages need the package {error.name}", hint) from error
    addresses = addresses_at(url)
    refuse_foreign(directory)
    basis = _basis(newsroom, as_of, as_known)
    edition = edition_of(newsroom, story, basis, title, addresses)
    with interrupted_by_signals():
        write(edition, directory)
    if url is None:
        terminal.note(
            "links in the feeds and the snippet are relative; use --url to make them absolute"
        )
    terminal.say(f"{terminal.safe(edition.title)}: {terminal.safe(edition.basis_line)}", hang=2)
    terminal.say(f"written to {terminal.safe(directory)}; in an article:", hang=2)
    click.echo()
    click.echo(terminal.safe(snippet(edition), keep_lines=True), nl=False)


def _basis(newsroom: Newsroom, as_of: str | None, as_known: str | None) -> Basis:
    """The two times; without `as_of`, the state when the last record was recorded."""
    basis = newsroom.basis(as_of, as_known)
    if as_of is not None or basis.recorded_at is None:
        return basis
    return newsroom.basis(temporal.format_instant(basis.recorded_at), basis.as_known)
