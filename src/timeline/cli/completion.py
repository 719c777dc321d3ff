"""What the shell offers when somebody presses TAB."""

from __future__ import annotations

import re

import click

from timeline.errors import TimelineError

# What a shell would take for something else than a part of a word.
_QUOTED = re.compile(r"[^\w.:/@%+,-]")


def complete_entity(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The entities that begin so, the most named first."""
    from timeline.cli.shared import open_newsroom

    try:
        slugs = open_newsroom(ctx).slugs()
    except TimelineError:
        return []
    return [slug for slug, _ in slugs.most_common() if slug.startswith(incomplete)]


def complete_story(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The stories that begin so."""
    from timeline.cli.shared import open_newsroom

    try:
        stories = open_newsroom(ctx).store.stories()
    except TimelineError:
        return []
    return [story for story in stories if story.startswith(incomplete)]


def complete_as_known(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The publications whose name begins so, if it can be typed without quotes."""
    from timeline.cli.shared import open_newsroom
    from timeline.newsroom.newsroom import PUBLICATION

    try:
        names = open_newsroom(ctx).publications()
    except TimelineError:
        return []
    offered = (PUBLICATION + name for name in names if not _QUOTED.search(name))
    return [each for each in offered if each.startswith(incomplete)]
