"""Amendments: `timeline correct`, `retract`, `restore`, `confirm`, `dispute` and so on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
import orjson

from timeline import temporal
from timeline.cli.record_options import Choices, choice_options
from timeline.cli.shared import open_room
from timeline.cli.source_options import citations_of, source_options
from timeline.cli.writing import append_one
from timeline.errors import InputError, Problem
from timeline.newsroom.amending import (
    WAYS,
    Choice,
    amendment,
    conflict,
    events_of,
    resolution,
)
from timeline.newsroom.api import NewsroomApi
from timeline.newsroom.input import Dates, field_value, link, read_date
from timeline.projections.show import ShowAnswer, reads_of
from timeline.records.record import LINKS


def reason_option(required: bool = True) -> click.Option:
    """`--reason`."""
    return click.Option(["--reason"], required=required, help="Why. Readers will see it.")


def _amending(command: str) -> Callable[..., None]:
    """The callback of a command that amends one event and needs only a reason."""

    @click.pass_context
    def callback(ctx: click.Context, /, id: str, reason: str | None, **given: Any) -> None:
        room = open_room(ctx)
        content = amendment(room, WAYS[command], id, {})
        _append_said(room, content, reason, given)

    return callback


def _append_said(
    room: NewsroomApi, content: dict[str, Any], reason: str | None, given: dict[str, Any]
) -> None:
    """Append an amendment with its reason and its sources."""
    choices, dates = Choices.taken_from(given), Dates(room.settings.vocabulary, room.note)
    said = {"reason": reason, "sources": citations_of(given, dates)}
    content |= {name: value for name, value in said.items() if value is not None}
    dates.refuse_if_wrong(content)
    append_one(room, content, choices)


def _parameters(*more: click.Parameter) -> list[click.Parameter]:
    return [click.Argument(["id"]), *more, *source_options(), *choice_options()]


retract_command = click.Command(
    "retract",
    params=_parameters(reason_option()),
    callback=_amending("retract"),
    help="Retract an event.",
)

restore_command = click.Command(
    "restore",
    params=_parameters(reason_option()),
    callback=_amending("restore"),
    help="Restore a retracted event.",
)

confirm_command = click.Command(
    "confirm",
    params=_parameters(reason_option(required=False)),
    callback=_amending("confirm"),
    help="Confirm an event.",
)

dispute_command = click.Command(
    "dispute",
    params=_parameters(reason_option(required=False)),
    callback=_amending("dispute"),
    help="Dispute an event: it may or may not have happened.",
)


@click.pass_context
def _correct(
    ctx: click.Context,
    /,
    id: str,
    changes: tuple[str, ...],
    reason: str,
    severity: str | None,
    **given: Any,
) -> None:
    room = open_room(ctx)
    (event,) = events_of(room, id)
    said: dict[str, Any] = {"changes": dict(_change(text, event, room) for text in changes)}
    if severity is not None:
        said["severity"] = severity
    content = amendment(room, WAYS["correct"], id, said)
    _append_said(room, content, reason, given)


correct_command = click.Command(
    "correct",
    params=_parameters(
        click.Argument(["changes"], nargs=-1, required=True, metavar="FIELD=VALUE..."),
        click.Option(
            ["--severity"], help="How serious the error was, in the newsroom's own terms."
        ),
        reason_option(),
    ),
    callback=_correct,
    help="Correct fields of an event.\n\n"
    "FIELD=VALUE takes text: a date for `when`, comma-separated slugs for lists, ID=WITHIN for "
    "`after` and `before`. FIELD:=JSON takes any JSON; FIELD:=null removes the field.",
)


def _change(text: str, event: ShowAnswer, room: NewsroomApi) -> tuple[str, Any]:
    """One FIELD=VALUE or FIELD:=JSON."""
    name, equals, typed = text.partition("=")
    if not equals or not name.rstrip(":"):
        raise InputError(f"{text!r} is not a change", "FIELD=VALUE, or FIELD:=JSON")
    if name.endswith(":"):
        try:
            return name[:-1], orjson.loads(typed)
        except orjson.JSONDecodeError as error:
            raise InputError([Problem(f"not JSON: {error}", None, name[:-1])]) from error
    if name == "when":
        return name, read_date(typed, reads_of(event)["zone"], temporal.now(), "when", room.note)
    if name in LINKS:
        return name, [link(typed)]
    field = room.settings.vocabulary[event["record"]["type"]].fields.get(name)
    return name, field_value(field, typed) if field else typed


@click.pass_context
def _conflict(ctx: click.Context, /, ids: tuple[str, ...], reason: str, **given: Any) -> None:
    room = open_room(ctx)
    content = conflict(room, list(ids), {"reason": reason})
    append_one(room, content, Choices.taken_from(given))


conflict_command = click.Command(
    "conflict",
    params=[
        click.Argument(["ids"], nargs=-1, required=True, metavar="ID ID..."),
        reason_option(),
        *choice_options(),
    ],
    callback=_conflict,
    help="Mark events as competing accounts of one thing; only one can be true.",
)


@click.pass_context
def _resolve(
    ctx: click.Context,
    /,
    chosen: str,
    over: tuple[str, ...],
    agrees: tuple[str, ...],
    reason: str,
    **given: Any,
) -> None:
    room = open_room(ctx)
    content = resolution(room, Choice(chosen, list(over), list(agrees)), {"reason": reason})
    append_one(room, content, Choices.taken_from(given))


resolve_command = click.Command(
    "resolve",
    params=[
        click.Argument(["chosen"]),
        click.Option(
            ["--over"],
            multiple=True,
            metavar="ID",
            help="An account that was decided against. Repeatable.",
        ),
        click.Option(
            ["--agrees"],
            multiple=True,
            metavar="ID",
            help="An account that is dated otherwise, but tells the same. Repeatable.",
        ),
        reason_option(),
        *choice_options(),
    ],
    callback=_resolve,
    help="Choose an account of a conflict, or settle what is disputed; the rest is dissent.",
)
