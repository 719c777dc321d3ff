"""Options made from a type's declaration, and the record that they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import click
import orjson

from timeline import temporal
from timeline.cli.completion import complete_entity, complete_story
from timeline.cli.shared import read_date, recorder_name
from timeline.errors import InputError, Problem
from timeline.events.declaration import Field, Kind, RecordType
from timeline.newsroom import Newsroom

CITATION = {
    "title": "Title of the source.",
    "publisher": "Publisher of the source.",
    "published": "When the source was published: EDTF, or words.",
    "locator": "Where in the source: a page, a paragraph.",
    "via": "Agency that a syndicated copy came from.",
    "attribution": "To whom the source attributes it.",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """How a record is to be appended, apart from what it says."""

    by: str | None
    dry_run: bool
    edit: bool
    yes: bool
    expect: int | None
    format: str

    @classmethod
    def taken_from(cls, given: dict[str, Any]) -> Self:
        """The choices among the options given, which are removed from them."""
        by = recorder_name(given.pop("by"))
        return cls(
            by, *(given.pop(name) for name in ("dry_run", "edit", "yes", "expect", "format"))
        )


def choice_options() -> list[click.Parameter]:
    """The options that `Choices` is made of."""
    return [
        click.Option(["--by"], help="Who appends; default: TIMELINE_BY, or the login name."),
        click.Option(["--edit"], is_flag=True, help="Open the record in $EDITOR first."),
        click.Option(["--dry-run"], is_flag=True, help="Show what it would change; write nothing."),
        click.Option(["--yes", "-y"], is_flag=True, help="Do not ask."),
        click.Option(
            ["--expect"], type=click.IntRange(0), help="The story's version; else refuse."
        ),
        click.Option(
            ["--format"], type=click.Choice(["table", "json"]), default="table", show_default=True
        ),
    ]


def options_of(kind: RecordType) -> list[click.Parameter]:
    """The options of the command that appends records of a type."""
    quote = ["--source-quote"] if "quote" in kind.fields else ["--quote", "--source-quote"]
    before = [
        click.Option(
            ["--story"],
            help="The story; may be left out where there is only one.",
            shell_complete=complete_story,
        ),
        click.Option(["--when"], help="When it happened: EDTF (2026-03-03~), or words."),
        click.Option(["--zone"], help="IANA zone of --when; default: the newsroom's."),
    ]
    after = [
        click.Option(["--source"], multiple=True, metavar="URL", help="Where it says so."),
        click.Option([*quote, "source_quote"], help="The source's own words."),
        *(
            click.Option(
                [f"--{name}" if name not in kind.fields else f"--source-{name}", f"source_{name}"],
                help=help,
            )
            for name, help in CITATION.items()
        ),
        click.Option(["--headline"], help="One line; made from the fields where left out."),
        click.Option(["--body"], help="Prose, in Markdown."),
        click.Option(["--tag"], multiple=True, help="A word to find it by."),
        click.Option(
            ["--qualifier"], multiple=True, metavar="NAME=TEXT", help="For the statement."
        ),
        click.Option(["--id"], help="Its id; made where left out."),
        *choice_options(),
    ]
    taken = {"--help"}.union(*(option.opts for option in (*before, *after)))
    own = [_field_option(name, field, taken) for name, field in kind.fields.items()]
    return [*before, *own, *after]


def _field_option(name: str, field: Field, taken: set[str]) -> click.Option:
    """The option of a field; `--field-tag` where a type of the newsroom's own has a field `tag`."""
    flag = "--" + name.replace("_", "-")
    if flag in taken:
        flag = "--field" + flag[1:]
    complete = complete_entity if field.kind in (Kind.ENTITY, Kind.ENTITIES) else None
    return click.Option(
        [flag, f"own_{name}"],
        multiple=field.kind is Kind.ENTITIES,
        help=field.doc + ("  [required]" if field.required else ""),
        shell_complete=complete,
    )


def content_of(kind: RecordType, given: Mapping[str, Any], newsroom: Newsroom) -> dict[str, Any]:
    """The record that options add up to, as `append --json` would take it.

    Raises:
        InputError: a date is not understood; with it, all else that is wrong.
    """
    dates = _Dates(given["zone"] or newsroom.settings.zone)
    content: dict[str, Any] = {
        "id": given["id"],
        "story": given["story"] or _only_story(newsroom),
        "type": kind.name,
        "when": dates.read(given["when"], "--when"),
        "zone": given["zone"],
    }
    for name, field in kind.fields.items():
        content[name] = field_value(field, given[f"own_{name}"])
    content["headline"] = given["headline"]
    content["body"] = given["body"]
    content["sources"] = _citations(given, dates) or None
    content["tags"] = list(given["tag"]) or None
    content["qualifiers"] = dict(_pair(text) for text in given["qualifier"]) or None
    content = {name: value for name, value in content.items() if value is not None}
    dates.refuse_if_wrong(content, newsroom)
    return content


class _Dates:
    """Reads the dates among the options, and keeps what is wrong with them for the end."""

    def __init__(self, zone: str):
        self._zone = zone
        self._now = temporal.now()
        self._problems: list[Problem] = []

    def read(self, text: str | None, option: str) -> str | None:
        """The EDTF of what was typed; the text itself where it is wrong."""
        if text is None:
            return None
        try:
            return read_date(text, self._zone, self._now, option)
        except InputError as error:
            self._problems += error.problems
            return text

    def refuse_if_wrong(self, content: dict[str, Any], newsroom: Newsroom) -> None:
        """Raise what was wrong with the dates, along with all else that is wrong."""
        if not self._problems:
            return
        from timeline.events.validation import validate

        found = validate(content, newsroom.settings.vocabulary)
        others = found if isinstance(found, list) else []
        dates = ("when", "sources[0].published")
        raise InputError([*self._problems, *(each for each in others if each.field not in dates)])


def field_value(field: Field, typed: Any) -> Any:
    """The JSON value that somebody typed for a field: numbers where they read as numbers."""
    match field.kind:
        case Kind.ENTITIES:
            parts = [typed] if isinstance(typed, str) else typed
            slugs = [slug.strip() for part in parts for slug in part.split(",")]
            return [slug for slug in slugs if slug] or None
        case Kind.VALUE if typed is not None:
            try:
                number = orjson.loads(typed)
            except orjson.JSONDecodeError:
                return typed
            return number if type(number) in (int, float) else typed
        case _:
            return typed


def _only_story(newsroom: Newsroom) -> str | None:
    stories = list(newsroom.log.stories())
    return stories[0] if len(stories) == 1 else None


def _citations(given: Mapping[str, Any], dates: _Dates) -> list[dict[str, str]]:
    """One citation for each --source; the other parts belong to the last of them."""
    citations: list[dict[str, str]] = [{"url": url} for url in given["source"]]
    parts = {name: given[f"source_{name}"] for name in CITATION}
    parts["quote"] = given["source_quote"]
    parts["published"] = dates.read(parts["published"], "--published")
    said = {name: text for name, text in parts.items() if text is not None}
    if said:
        last = citations.pop() if citations else {}
        citations.append({**last, **said})
    return citations


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError(f"--qualifier {text!r} is no pair", "NAME=TEXT, such as desk=asia")
    return name, value
