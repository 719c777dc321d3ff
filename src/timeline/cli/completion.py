"""What the shell suggests when TAB is pressed."""

from __future__ import annotations

import re

import click

from timeline.errors import TimelineError
from timeline.temporal.zones import zone_names

# A publication with any of these in its name would have to be quoted in a shell.
_QUOTED = re.compile(r"[^\w.:/@%+,-]")


def complete_entity(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Entities whose slug starts with the text, most frequently named first."""
    from timeline.cli.shared import open_room

    try:
        rows = open_room(ctx).entities()["entities"]
    except TimelineError:
        return []
    rows.sort(key=lambda each: -each["events"])
    slugs = (slug for each in rows for slug in (each["slug"], *each["other_slugs"]))
    return [slug for slug in slugs if slug.startswith(incomplete)]


def complete_story(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Stories whose slug starts with the text."""
    from timeline.cli.shared import open_room

    try:
        stories = open_room(ctx).stories()
    except TimelineError:
        return []
    return [story for story in stories if story.startswith(incomplete)]


def complete_publication(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Publications whose name starts with the text and needs no quotes."""
    from timeline.cli.shared import open_room
    from timeline.projections.question import PUBLICATION

    try:
        records = open_room(ctx).log(type="publication")["records"]
    except TimelineError:
        return []
    names = (PUBLICATION + each["name"] for each in records if not _QUOTED.search(each["name"]))
    return [each for each in names if each.startswith(incomplete)]


def complete_type(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Record types whose name starts with the text."""
    from timeline.cli.shared import vocabulary_of

    names = (kind.name for kind in vocabulary_of(ctx))
    return [name for name in names if name.startswith(incomplete)]


def complete_zone(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Time zones whose name starts with the text."""
    return [name for name in zone_names() if name.startswith(incomplete)]
