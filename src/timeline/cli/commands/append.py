"""`timeline append`: one record from options made from its type, or many as JSON lines."""

from __future__ import annotations

from typing import Any

import click

from timeline.cli import record_options
from timeline.cli.shared import accept_option, open_room, signer_name, takes, vocabulary_of
from timeline.cli.writing import append_one, report
from timeline.errors import InputError, did_you_mean
from timeline.records.declaration import RecordType

# Types that have their own top-level command.
ELSEWHERE = {
    "correction": "correct",
    "retraction": "retract",
    "restoration": "restore",
    "confirmation": "confirm",
    "dispute": "dispute",
    "conflict": "conflict",
    "resolution": "resolve",
}


class Types(click.Group):
    """A subcommand for each type without its own top-level command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [kind.name for kind in vocabulary_of(ctx) if kind.name not in ELSEWHERE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        kind = vocabulary_of(ctx).get(cmd_name)
        return None if kind is None or kind.name in ELSEWHERE else _command_for(kind)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if verb := ELSEWHERE.get(args[0]):
            raise click.UsageError(f"a {args[0]} has its own command: timeline {verb}")
        if args[0] not in vocabulary_of(ctx):
            hint = did_you_mean(args[0], self.list_commands(ctx))
            raise click.UsageError(f"unknown type {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)


@takes(accept_option())
@click.group("append", cls=Types, invoke_without_command=True, subcommand_metavar="TYPE ...")
@click.option(
    "--json",
    "file",
    metavar="FILE|-",
    help="Append the records in FILE, one JSON object a line: all of them, or none.",
)
@click.option(
    "--dry-run", is_flag=True, help="With --json: validate the records without appending them."
)
@click.option("--by", help="With --json: the author. Default: TIMELINE_BY, or the login name.")
@click.option(
    "--expect",
    metavar="STORY=VERSION",
    multiple=True,
    help="Fail unless the story is at this version. Repeatable.",
)
@click.pass_context
def append_command(
    ctx: click.Context,
    file: str | None,
    dry_run: bool,
    by: str | None,
    expect: tuple[str, ...],
) -> None:
    """Append one record: `timeline append TYPE --help` lists its options.

    With --json, append many records from JSON lines; `timeline schema` describes the format.
    """
    if file is None:
        if ctx.invoked_subcommand is None:
            raise click.UsageError("name a TYPE, or give records with --json")
        return
    if ctx.invoked_subcommand is not None:
        raise click.UsageError("give either a TYPE or --json")
    from timeline.cli.commands.import_export import opened
    from timeline.newsroom.append import read_lines

    room = open_room(ctx)
    expected = dict(_expectation(text) for text in expect)
    with opened(file) as stream:
        items = read_lines(stream, file)
        done = room.append_items(items, signer_name(by), expected, dry_run)
    report(done.records, done.added, done.known, "table", dry_run)


def _expectation(text: str) -> tuple[str, int]:
    story, _, version = text.partition("=")
    if not version.isdecimal():
        raise click.BadParameter(f"{text!r} should be STORY=VERSION", param_hint="--expect")
    return story, int(version)


def _command_for(kind: RecordType) -> click.Command:
    """The command that appends records of one type."""

    @click.pass_context
    def callback(ctx: click.Context, /, **given: Any) -> None:
        room = open_room(ctx)
        choices = record_options.Choices.taken_from(given)
        try:
            content = record_options.content_of(kind, given, room)
            append_one(room, content, choices)
        except InputError as error:
            if choices.edit:
                # In the editor, problems are named by field rather than by option.
                raise
            raise record_options.in_options(error, kind) from error

    return click.Command(
        kind.name,
        params=record_options.options_of(kind),
        callback=callback,
        help=kind.doc,
        short_help=kind.doc.partition(".")[0],
    )
