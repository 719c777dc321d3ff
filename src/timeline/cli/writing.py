"""Appending from the command line: edit, preview, ask, write, say what was done."""

from __future__ import annotations

import sys
from typing import Any

import click
import orjson

from timeline import temporal
from timeline.cli.record_options import Choices
from timeline.errors import InputError, Problem
from timeline.newsroom.appending import Appending, Outcome
from timeline.newsroom.group_commit import row_of
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord
from timeline.records.entry import Entry
from timeline.records.record import Record
from timeline.render import terminal


def append_one(newsroom: Newsroom, content: dict[str, Any], choices: Choices) -> None:
    """Append a record as its author wants it.

    What it will change in the state is shown first. A person at a terminal is asked, and
    the story must then still be as it was when they were asked.
    """
    if choices.record_id is not None:
        content = {"id": choices.record_id, **content}
    if choices.edit:
        content = _edited_until_right(newsroom, content, choices)
    for name in (name for name, value in content.items() if value == ""):
        terminal.note(f"{name} is empty")
    entry, known = _tried(newsroom, content, choices)
    asking = (
        terminal.is_terminal(sys.stdin) and terminal.is_terminal(sys.stdout) and not choices.yes
    )
    misspelt = False
    if choices.format == "table" and not known:
        misspelt = show_preview(newsroom, newsroom.decode(entry))
    if choices.dry_run:
        outcome = Outcome(int(not known), int(known))
        report([entry], outcome, newsroom, choices.format, True, unnamed="id" not in content)
        return
    expected = choices.expect
    if asking and not known:
        click.confirm("Append it?", default=not misspelt, abort=True)
        expected = entry.version - 1 if expected is None else expected
    entries: list[Entry] = []
    rules = {} if expected is None or known else {str(content["story"]): expected}
    outcome = Appending(newsroom, temporal.now, choices.by, rules).write(
        [RawRecord(content)], entries.append
    )
    report(entries, outcome, newsroom, choices.format)


def _tried(newsroom: Newsroom, content: dict[str, Any], choices: Choices) -> tuple[Entry, bool]:
    """The entry as it would be, and whether it is there already; nothing is written."""
    rules = {} if choices.expect is None else {str(content.get("story")): choices.expect}
    entries: list[Entry] = []
    outcome = Appending(newsroom, temporal.now, choices.by, rules).write(
        [RawRecord(content)], entries.append, keep=False
    )
    return entries[0], outcome.known == 1


def show_preview(newsroom: Newsroom, record: Record) -> bool:
    """What a record will change in the state as it is now, and names that look misspelt.

    Returns whether there are such names.
    """
    from timeline.newsroom.preview import effects_of
    from timeline.render.tables.accounts import show_findings
    from timeline.render.tables.changes import show_changes

    found, misspelt = effects_of(newsroom, record, temporal.now(), terminal.note)
    show_changes(found.now)
    if not found.now["changes"]:
        but = "; at the time it is about:" if found.then else ""
        terminal.say(f"it changes nothing in the state as of now{but}", indent=2, dim=True)
    if found.then:
        show_changes(found.then)
    show_findings(found.findings)
    return misspelt


def report(
    entries: list[Entry],
    outcome: Outcome,
    newsroom: Newsroom,
    format: str,
    dry_run: bool = False,
    unnamed: bool = False,
) -> None:
    """What was appended, or would be; `unnamed` if its id was made up for the trial."""
    verb = "would append" if dry_run else "appended"
    rows = [row_of(outcome.settled(entry)) for entry in entries]
    if format == "json":
        terminal.show_json_lines(rows)
    elif len(rows) == 1 and outcome.added:
        row = rows[0]
        place = f"at position {row['position']}, {row['story']} version {row['version']}"
        what = "it" if unnamed else terminal.safe(row["id"])
        terminal.say(f"{verb} {what} {place}", hang=2)
    else:
        known = f"; {outcome.known} already there" if outcome.known else ""
        click.echo(f"{verb} {outcome.added} records{known}")


HELP = """\
# The record, as JSON. Save and close to go on; lines that begin with # are left out.
# An empty file gives up.
"""


def _edited_until_right(
    newsroom: Newsroom, content: dict[str, Any], choices: Choices
) -> dict[str, Any]:
    """The record as its author leaves it in $EDITOR.

    At a terminal, what is wrong is written above the text, and the editor opens again, so
    that nothing typed is lost.

    Raises:
        InputError: it is wrong, and nobody is there to mend it.
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
            _tried(newsroom, content, choices)
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
