"""Amendments of rival accounts of one event: `timeline conflict` and `resolve`."""

from __future__ import annotations

from typing import Any

import click

from timeline.cli.commands.amend import reason_option
from timeline.cli.record_options import Choices, choice_options
from timeline.cli.shared import open_newsroom
from timeline.cli.writing import append_one
from timeline.newsroom.amending import conflict, resolution
from timeline.render import terminal


@click.pass_context
def _conflict(ctx: click.Context, /, ids: tuple[str, ...], reason: str, **given: Any) -> None:
    newsroom = open_newsroom(ctx)
    content = conflict(newsroom, list(ids), {"reason": reason}, terminal.note)
    append_one(newsroom, content, Choices.taken_from(given))


conflict_command = click.Command(
    "conflict",
    params=[
        click.Argument(["ids"], nargs=-1, required=True, metavar="ID ID..."),
        reason_option(),
        *choice_options(),
    ],
    callback=_conflict,
    help="The events ID are rival accounts of one: exactly one of them is so.",
)


@click.pass_context
def _resolve(
    ctx: click.Context, /, chosen: str, over: tuple[str, ...], reason: str, **given: Any
) -> None:
    newsroom = open_newsroom(ctx)
    content = resolution(newsroom, chosen, list(over), {"reason": reason}, terminal.note)
    append_one(newsroom, content, Choices.taken_from(given))


resolve_command = click.Command(
    "resolve",
    params=[
        click.Argument(["chosen"]),
        click.Option(
            ["--over"],
            multiple=True,
            required=True,
            metavar="ID",
            help="An account that counts no more; may be given several times.",
        ),
        reason_option(),
        *choice_options(),
    ],
    callback=_resolve,
    help="Choose the event CHOSEN over its rivals, which stand as dissent.",
)
