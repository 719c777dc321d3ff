"""The options of a record type, made from its declaration, and the record that they describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import click

from timeline.cli.completion import complete_entity, complete_story
from timeline.cli.shared import accept_option, signer_name
from timeline.cli.source_options import citations_of, source_options
from timeline.errors import InputError
from timeline.newsroom.api import NewsroomApi
from timeline.newsroom.input import Dates, field_value, link, note_text, pair
from timeline.records.declaration import ENTITY_KINDS, Field, Kind, RecordType
from timeline.records.record import LINKS


@dataclass(frozen=True, slots=True)
class Choices:
    """How to append a record, apart from its content."""

    by: str | None
    dry_run: bool
    edit: bool
    yes: bool
    expect: int | None
    format: str
    record_id: str | None

    @classmethod
    def taken_from(cls, given: dict[str, Any]) -> Self:
        """The choices among the options given, which are removed from them."""
        by = signer_name(given.pop("by"))
        return cls(
            by,
            *(
                given.pop(name)
                for name in ("dry_run", "edit", "yes", "expect", "format", "record_id")
            ),
        )


def choice_options() -> list[click.Parameter]:
    """The options that `Choices` is made of."""
    return [
        click.Option(["--id", "record_id"], help="The record's id. Default: a generated one."),
        click.Option(
            ["--by"], help="The author of the record. Default: TIMELINE_BY, or the login name."
        ),
        click.Option(
            ["--edit"], is_flag=True, help="Edit the record in $EDITOR before appending it."
        ),
        click.Option(
            ["--dry-run"],
            is_flag=True,
            help="Show what the record would change, without appending it.",
        ),
        accept_option(),
        click.Option(["--yes", "-y"], is_flag=True, help="Append without asking for confirmation."),
        click.Option(
            ["--expect"], type=click.IntRange(0), help="Fail unless the story is at this version."
        ),
        click.Option(
            ["--format"], type=click.Choice(["table", "json"]), default="table", show_default=True
        ),
    ]


def options_of(kind: RecordType) -> list[click.Parameter]:
    """The options of the command that appends records of a type."""
    before = [
        click.Option(
            ["--story"],
            help="The story. Optional if there is only one.",
            shell_complete=complete_story,
        ),
        *([] if kind.is_amendment else _time_options()),
    ]
    after = [
        *source_options(kind.fields),
        click.Option(["--headline"], help="One line. Default: generated from the other fields."),
        click.Option(["--body"], help="Prose, in Markdown."),
        click.Option(["--tag"], multiple=True, help="A word to find it by."),
        click.Option(
            ["--qualifier"], multiple=True, metavar="NAME=TEXT", help="For the statement."
        ),
        *choice_options(),
    ]
    taken = {"--help"}.union(*(option.opts for option in (*before, *after)))
    own = [_field_option(name, field, taken) for name, field in kind.fields.items()]
    return [*before, *own, *after]


def _time_options() -> list[click.Parameter]:
    """The options of events for their date and their order relative to others."""
    return [
        click.Option(["--when"], help="When it happened: EDTF (2026-03-03~), or words."),
        click.Option(["--zone"], help="IANA zone of --when. Default: the newsroom's."),
        *(
            click.Option(
                [f"--{name}"],
                multiple=True,
                metavar="ID[=WITHIN]",
                help=f"An event that it came {name}, and within what time (48h).",
            )
            for name in LINKS
        ),
    ]


def _field_option(name: str, field: Field, taken: set[str]) -> click.Option:
    """The option of a field; `--field-tag` where `--tag` is taken by another option."""
    flag = "--" + name.replace("_", "-")
    if flag in taken:
        flag = "--field" + flag[1:]
    complete = complete_entity if field.kind in (Kind.ENTITY, Kind.ENTITIES) else None
    return click.Option(
        [flag, f"own_{name}"],
        multiple=field.kind in (Kind.ENTITIES, Kind.SENTENCES),
        type=click.Choice(ENTITY_KINDS) if field.kind is Kind.ENTITY_KIND else None,
        help=field.doc + ("  [required]" if field.required else ""),
        shell_complete=complete,
    )


def content_of(kind: RecordType, given: Mapping[str, Any], room: NewsroomApi) -> dict[str, Any]:
    """The record that the options describe, as `append --json` would take it.

    Raises:
        InputError: a date cannot be read. The error lists all other problems, too.
    """
    dates = Dates(room.settings.vocabulary, room.note, given.get("zone"))
    content: dict[str, Any] = {
        "story": given["story"] or room.only_story(),
        "type": kind.name,
    }
    if not kind.is_amendment:
        content["when"] = dates.read(given["when"], "--when")
        content["zone"] = given["zone"]
        content |= {name: [link(text) for text in given[name]] or None for name in LINKS}
    for name, field in kind.fields.items():
        content[name] = field_value(field, given[f"own_{name}"])
        note_text(f"--{name}", field, content[name], room.note)
    content["headline"] = given["headline"]
    content["body"] = given["body"]
    content["sources"] = citations_of(given, dates)
    content["tags"] = list(given["tag"]) or None
    content["qualifiers"] = dict(pair(text) for text in given["qualifier"]) or None
    content = {name: value for name, value in content.items() if value is not None}
    dates.refuse_if_wrong(content)
    return content


def in_options(error: InputError, kind: RecordType) -> InputError:
    """The error with problems named after options instead of fields."""
    flags = {option.name: option.opts[0] for option in options_of(kind)}
    flags |= {name: flags[f"own_{name}"] for name in kind.fields}
    other = {"id": "record_id", "sources": "source", "tags": "tag", "qualifiers": "qualifier"}
    flags |= {name: flags[option] for name, option in other.items()}
    problems = []
    for problem in error.problems:
        name, _, part = (problem.field or "").partition(".")
        name = name.partition("[")[0]
        if name == "sources" and f"source_{part}" in flags:
            name = f"source_{part}"
        problems.append(problem._replace(field=flags.get(name, problem.field)))
    return InputError(problems, complete=error.complete)
