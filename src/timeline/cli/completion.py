"""What the shell offers when somebody presses TAB."""

from __future__ import annotations

import click

from timeline.errors import TimelineError


def complete_entity(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The entities that begin so, the most named first."""
    from timeline.cli.shared import open_newsroom

    try:
        names = open_newsroom(ctx).entities()
    except TimelineError:
        return []
    return [name for name, _ in names.most_common() if name.startswith(incomplete)]


def complete_story(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The stories that begin so."""
    from timeline.cli.shared import open_newsroom

    try:
        stories = open_newsroom(ctx).log.stories()
    except TimelineError:
        return []
    return [story for story in stories if story.startswith(incomplete)]
