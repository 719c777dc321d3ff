"""Appending from the command line: edit, preview, ask, write, report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click
import orjson

from timeline.cli.record_options import Choices
from timeline.errors import InputError, Problem
from timeline.newsroom.api import AppendedRecord, NewsroomApi, Previewed
from timeline.newsroom.validate_many import RawRecord
from timeline.projections.positions import written
from timeline.projections.preview import Preview
from timeline.render import terminal


def append_one(room: NewsroomApi, content: dict[str, Any], choices: Choices) -> None:
    """Append one record, after a preview and, at a terminal, a confirmation.

    If the story has changed since the preview, nothing is appended.
    """
    if choices.record_id is not None:
        content = {"id": choices.record_id, **content}
    if choices.edit:
        content = _edited_until_right(room, content, choices)
    for name in (name for name, value in content.items() if value == ""):
        terminal.note(f"{name} is empty")
    check = _previewed if choices.format == "table" else _checked
    previewed = check(room, content, choices)
    asking = (
        terminal.is_terminal(sys.stdin) and terminal.is_terminal(sys.stdout) and not choices.yes
    )
    if previewed.effects is not None:
        _show_effects(previewed.effects)
    if choices.dry_run:
        added = int(not previewed.known)
        unnamed = "id" not in content
        report([previewed.record], added, 1 - added, choices.format, True, unnamed)
        return
    expected = choices.expect
    if asking and not previewed.known:
        doubtful = previewed.misspelt or bool(previewed.effects and previewed.effects.findings)
        click.confirm("Append it?", default=not doubtful, abort=True)
        expected = previewed.record["version"] - 1 if expected is None else expected
    rules = {} if expected is None or previewed.known else {str(content["story"]): expected}
    done = room.append_items([RawRecord(content)], choices.by, rules)
    report(done.records, done.added, done.known, choices.format)


def _previewed(room: NewsroomApi, content: dict[str, Any], choices: Choices) -> Previewed:
    """A dry run of an append, with the record's effects."""
    return room.preview(content, choices.by, _expected(content, choices))


def _checked(room: NewsroomApi, content: dict[str, Any], choices: Choices) -> Previewed:
    """A dry run of an append."""
    items = [RawRecord(content)]
    done = room.append_items(items, choices.by, _expected(content, choices), dry_run=True)
    return Previewed(done.records[0], known=done.known == 1)


def _expected(content: dict[str, Any], choices: Choices) -> dict[str, int]:
    return {} if choices.expect is None else {str(content.get("story")): choices.expect}


def _show_effects(effects: Preview) -> None:
    """Print what a record would change now or, for one about the past, at that time."""
    from timeline.render.tables.parts import show_changes, show_findings

    show_changes(effects.now)
    if not effects.now["changes"]:
        but = "; at the date of the record:" if effects.then else "."
        terminal.say(f"No change to the current state{but}", indent=2, dim=True)
    if effects.then:
        show_changes(effects.then)
    show_findings(effects.findings)


def report(
    rows: Sequence[AppendedRecord],
    added: int,
    known: int,
    format: str,
    dry_run: bool = False,
    unnamed: bool = False,
) -> None:
    """Print what was, or would be, appended. `unnamed` leaves out an id generated for a preview."""
    verb = "would append" if dry_run else "appended"
    if format == "json":
        terminal.show_json_lines(rows)
    elif len(rows) == 1 and added:
        row = rows[0]
        place = f"at {written(row['position'])}, {row['story']} version {row['version']}"
        what = "it" if unnamed else terminal.safe(row["id"])
        terminal.say(f"{verb} {what} {place}", hang=2)
    else:
        there = f"; {known} already there" if known else ""
        click.echo(f"{verb} {added} records{there}")


HELP = """\
# The record, as JSON. Save and close to continue; lines that begin with # are ignored.
# An empty file cancels.
"""


def _edited_until_right(
    room: NewsroomApi, content: dict[str, Any], choices: Choices
) -> dict[str, Any]:
    """Edit the record in $EDITOR until it is valid.

    At a terminal, problems are written above the text and the editor opens again, so that no
    input is lost.

    Raises:
        InputError: the record is invalid, and there is no terminal.
    """
    text = orjson.dumps(content, option=orjson.OPT_INDENT_2).decode() + "\n"
    complaints = ""
    while True:
        edited = click.edit(HELP + complaints + text, extension=".json", require_save=False) or ""
        text = "".join(line for line in edited.splitlines(True) if not line.startswith("#"))
        if not text.strip():
            raise click.Abort
        try:
            content = _parsed(text)
            _checked(room, content, choices)
        except InputError as error:
            if not terminal.is_terminal(sys.stdin):
                raise
            complaints = "".join(f"# {terminal.safe(problem)}\n" for problem in error.problems)
        else:
            return content


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError([Problem(f"not JSON: {error}", None, "the edited record")]) from error
    if not isinstance(found, dict):
        raise InputError("the edited record should be a JSON object")
    return found
