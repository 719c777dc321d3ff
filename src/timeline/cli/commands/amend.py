"""Amendments of one event: `timeline correct`, `retract`, `restore`, `confirm`, `dispute`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
import orjson

from timeline import temporal
from timeline.cli.record_options import Choices, choice_options
from timeline.cli.shared import open_newsroom
from timeline.cli.source_options import citations_of, source_options
from timeline.cli.writing import append_one
from timeline.errors import InputError, Problem
from timeline.history.history import Event
from timeline.newsroom.amending import WAYS, amendment, events_of
from timeline.newsroom.dates import Dates, read_date
from timeline.newsroom.field_parsing import field_value, link
from timeline.newsroom.newsroom import Newsroom
from timeline.records.record import LINKS
from timeline.render import terminal


def reason_option(required: bool = True) -> click.Option:
    """`--reason`."""
    return click.Option(["--reason"], required=required, help="Why; readers will see it.")


def _amending(command: str) -> Callable[..., None]:
    """The body of a command that amends one event, and says nothing but why."""

    @click.pass_context
    def callback(ctx: click.Context, /, id: str, reason: str | None, **given: Any) -> None:
        newsroom = open_newsroom(ctx)
        content = amendment(newsroom, WAYS[command], id, {}, terminal.note)
        _append_said(newsroom, content, reason, given)

    return callback


def _append_said(
    newsroom: Newsroom, content: dict[str, Any], reason: str | None, given: dict[str, Any]
) -> None:
    """Append an amendment with why, and who says so."""
    choices, dates = Choices.taken_from(given), Dates(newsroom, terminal.note)
    said = {"reason": reason, "sources": citations_of(given, dates)}
    content |= {name: value for name, value in said.items() if value is not None}
    dates.refuse_if_wrong(content)
    append_one(newsroom, content, choices)


def _parameters(*more: click.Parameter) -> list[click.Parameter]:
    return [click.Argument(["id"]), *more, *source_options(), *choice_options()]


retract_command = click.Command(
    "retract",
    params=_parameters(reason_option()),
    callback=_amending("retract"),
    help="Withdraw the event ID: it stands no longer.",
)

restore_command = click.Command(
    "restore",
    params=_parameters(reason_option()),
    callback=_amending("restore"),
    help="Let the retracted event ID stand again.",
)

confirm_command = click.Command(
    "confirm",
    params=_parameters(reason_option(required=False)),
    callback=_amending("confirm"),
    help="Confirm the event ID.",
)

dispute_command = click.Command(
    "dispute",
    params=_parameters(reason_option(required=False)),
    callback=_amending("dispute"),
    help="Dispute the event ID: it may or may not have happened.",
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
    newsroom = open_newsroom(ctx)
    (event,) = events_of(newsroom, id)
    said: dict[str, Any] = {"changes": dict(_change(text, event, newsroom) for text in changes)}
    if severity is not None:
        said["severity"] = severity
    content = amendment(newsroom, WAYS["correct"], id, said, terminal.note)
    _append_said(newsroom, content, reason, given)


correct_command = click.Command(
    "correct",
    params=_parameters(
        click.Argument(["changes"], nargs=-1, required=True, metavar="FIELD=VALUE..."),
        click.Option(["--severity"], help="How grave it was, in the newsroom's own words."),
        reason_option(),
    ),
    callback=_correct,
    help="Correct the event ID: from now on its fields read so.\n\n"
    "FIELD=VALUE takes text (a date for `when`, slugs with commas for lists, ID=WITHIN for "
    "`after` and `before`); FIELD:=JSON takes any JSON, and FIELD:=null removes the field.",
)


def _change(text: str, event: Event, newsroom: Newsroom) -> tuple[str, Any]:
    """One FIELD=VALUE or FIELD:=JSON."""
    name, equals, typed = text.partition("=")
    if not equals or not name.rstrip(":"):
        raise InputError(f"{text!r} is no change", "FIELD=VALUE, or FIELD:=JSON")
    if name.endswith(":"):
        try:
            return name[:-1], orjson.loads(typed)
        except orjson.JSONDecodeError as error:
            raise InputError([Problem(f"not JSON: {error}", None, name[:-1])]) from error
    if name == "when":
        return name, read_date(typed, event.zone, temporal.now(), "when", terminal.note)
    if name in LINKS:
        return name, [link(typed)]
    field = event.type.fields.get(name)
    return name, field_value(field, typed) if field else typed
