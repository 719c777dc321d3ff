"""`timeline correct`, `retract` and `restore`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
import orjson

from timeline import temporal
from timeline.cli import output
from timeline.cli.record_options import Choices, choice_options, field_value
from timeline.cli.shared import open_newsroom, read_date
from timeline.cli.writing import append_one
from timeline.errors import InputError, Problem
from timeline.history import Happening
from timeline.lookup import as_it_reads, find_happening
from timeline.newsroom import Newsroom


def _amendment(kind: str, field: str) -> Callable[..., None]:
    """The command body of an amendment that says no more than which and why."""

    @click.pass_context
    def callback(ctx: click.Context, /, id: str, reason: str, **given: Any) -> None:
        newsroom = open_newsroom(ctx)
        happening = _happening(newsroom, id)
        if happening.stands is (kind == "restoration"):
            output.note(f"{id} {'stands' if happening.stands else 'is retracted'} already")
        content = {
            "story": happening.record.story,
            "type": kind,
            field: id,
            "reason": reason,
        }
        append_one(newsroom, content, Choices.taken_from(given))

    return callback


def _parameters(*more: click.Parameter) -> list[click.Parameter]:
    return [
        click.Argument(["id"]),
        *more,
        click.Option(["--reason"], required=True, help="Why; readers will see it."),
        *choice_options(),
    ]


retract_command = click.Command(
    "retract",
    params=_parameters(),
    callback=_amendment("retraction", "retracts"),
    help="Withdraw the happening ID: it stands no longer.",
)

restore_command = click.Command(
    "restore",
    params=_parameters(),
    callback=_amendment("restoration", "restores"),
    help="Let the retracted happening ID stand again.",
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
    happening = _happening(newsroom, id)
    content = {
        "story": happening.record.story,
        "type": "correction",
        "corrects": id,
        "changes": dict(_change(text, happening, newsroom) for text in changes),
        "reason": reason,
    }
    if severity is not None:
        content["severity"] = severity
    append_one(newsroom, content, Choices.taken_from(given))


correct_command = click.Command(
    "correct",
    params=_parameters(
        click.Argument(["changes"], nargs=-1, required=True, metavar="FIELD=VALUE..."),
        click.Option(["--severity"], help="How grave it was, in the newsroom's own words."),
    ),
    callback=_correct,
    help="Correct the happening ID: from now on its fields read so.\n\n"
    "FIELD=VALUE takes text (a date for `when`, slugs with commas for lists); "
    "FIELD:=JSON takes any JSON, and FIELD:=null removes the field.",
)


def _happening(newsroom: Newsroom, id: str) -> Happening:
    vocabulary = newsroom.settings.vocabulary
    record = find_happening(newsroom.log, vocabulary, id)
    if isinstance(record, Problem):
        raise InputError([record])
    return as_it_reads(record, newsroom.log, vocabulary)


def _change(text: str, happening: Happening, newsroom: Newsroom) -> tuple[str, Any]:
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
        return name, read_date(typed, happening.zone, temporal.now(), "when")
    field = happening.type.fields.get(name)
    return name, field_value(field, typed) if field else typed
