"""Amendments of rival accounts of one happening: `timeline conflict` and `resolve`."""

from __future__ import annotations

from typing import Any

import click

from timeline.cli import output
from timeline.cli.commands.amend import happenings_of, reason_option
from timeline.cli.record_options import Choices, choice_options
from timeline.cli.shared import open_newsroom
from timeline.cli.writing import append_one
from timeline.events.record import Record
from timeline.history import Happening


@click.pass_context
def _conflict(ctx: click.Context, /, ids: tuple[str, ...], reason: str, **given: Any) -> None:
    newsroom = open_newsroom(ctx)
    accounts = happenings_of(newsroom, *ids)
    _note_retracted(accounts)
    if _last_word(accounts, "conflict"):
        output.note(f"{', '.join(ids)} are in conflict already")
    if len(types := {account.type.name for account in accounts}) > 1:
        output.note(f"they are of different types ({', '.join(sorted(types))}): is it one thing?")
    content = {
        "story": accounts[0].record.story,
        "type": "conflict",
        "between": list(ids),
        "reason": reason,
    }
    append_one(newsroom, content, Choices.taken_from(given))


conflict_command = click.Command(
    "conflict",
    params=[
        click.Argument(["ids"], nargs=-1, required=True, metavar="ID ID..."),
        reason_option(),
        *choice_options(),
    ],
    callback=_conflict,
    help="The happenings ID are rival accounts of one: exactly one of them is so.",
)


@click.pass_context
def _resolve(
    ctx: click.Context, /, chosen: str, over: tuple[str, ...], reason: str, **given: Any
) -> None:
    newsroom = open_newsroom(ctx)
    accounts = happenings_of(newsroom, chosen, *over)
    _note_retracted(accounts)
    last = _last_word(accounts, "resolution")
    if last and last.content["chosen"] == chosen:
        output.note(f"{chosen} is chosen over {', '.join(over)} already")
    for account in accounts:
        if not any(each.type.name == "conflict" for each in account.amendments):
            output.note(f"{account.id} is in no conflict: is it an account of the same thing?")
    if accounts[0].standing == "disputed":
        what = f"{chosen} is disputed, so it may still not have happened"
        output.note(f"{what}: `timeline confirm {chosen}` settles that")
    content = {
        "story": accounts[0].record.story,
        "type": "resolution",
        "chosen": chosen,
        "over": list(over),
        "reason": reason,
    }
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
    help="Choose the happening CHOSEN over its rivals, which stand as dissent.",
)


def _note_retracted(accounts: list[Happening]) -> None:
    for account in accounts:
        if not account.stands:
            output.note(f"{account.id} is retracted: it counts for nothing until it is restored")


def _last_word(accounts: list[Happening], type: str) -> Record | None:
    """The amendment of that type that is the last word on each of two rivals or more."""
    words: dict[str, Record | None] = {}
    for account in accounts:
        said = (each for each in account.amendments if each.type.name in ("conflict", "resolution"))
        words[account.id] = max(said, key=lambda each: each.position, default=None)
    first, *others = words.values()
    if first is None or first.type.name != type or not others:
        return None
    return first if all(word == first for word in others) else None
