"""Reads the fields of a form as a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from timeline.errors import InputError, Problem
from timeline.newsroom.api import Note
from timeline.newsroom.input import Dates, field_value, link, note_text, pair
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Basis
from timeline.records.declaration import Kind, RecordType
from timeline.records.models import SLUG
from timeline.records.record import LINKS
from timeline.web.forms.fields import CITATION

Typed = Mapping[str, str]
"""The text of each field by name, without empty fields."""


def record_typed(newsroom: Newsroom, kind: RecordType, typed: Typed, note: Note) -> dict[str, Any]:
    """The record in a form, as `append --json` takes it.

    Names of entities become slugs, and dates in words EDTF; both are noted.

    Raises:
        InputError: something cannot be read; it has all problems.
    """
    newsroom.note = note
    dates = Dates(newsroom.settings.vocabulary, note, typed.get("zone"))
    basis = newsroom.basis(None, None)
    content: dict[str, Any] = {"story": typed.get("story"), "type": kind.name}
    if not kind.is_amendment:
        content["when"] = dates.read(typed.get("when"), "when")
        content["zone"] = typed.get("zone")
        for side in LINKS:
            content[side] = [link(text) for text in lines(typed.get(side))] or None
    for name, field in kind.fields.items():
        if field.kind is Kind.CHANGES or (text := typed.get(name)) is None:
            continue
        match field.kind:
            case Kind.ENTITY:
                content[name] = _slug(newsroom, basis, text)
            case Kind.ENTITIES:
                content[name] = [_slug(newsroom, basis, each) for each in parts(text)]
            case Kind.RECORDS:
                content[name] = parts(text)
            case Kind.SENTENCES:
                content[name] = lines(text)
            case _:
                content[name] = field_value(field, text)
                note_text(name, field, content[name], note)
    problems = _add_common(content, typed, dates)
    content = {name: value for name, value in content.items() if value is not None}
    if problems:
        raise InputError(problems)
    dates.refuse_if_wrong(content)
    return content


def _add_common(content: dict[str, Any], typed: Typed, dates: Dates) -> list[Problem]:
    """Add the fields that every record may have. Returns the problems with them."""
    content["headline"] = typed.get("headline")
    content["body"] = typed.get("body")
    content["sources"] = citations(typed, dates) or None
    content["tags"] = parts(typed.get("tags")) or None
    problems: list[Problem] = []
    qualifiers: dict[str, str] = {}
    for text in lines(typed.get("qualifiers")):
        try:
            name, value = pair(text)
        except InputError as error:
            problems += [each._replace(field="qualifiers") for each in error.problems]
        else:
            qualifiers[name] = value
    content["qualifiers"] = qualifiers or None
    return problems


def citations(typed: Typed, dates: Dates) -> list[dict[str, str]]:
    """The citations in a form, each with the parts that were filled in."""
    found: list[dict[str, str]] = []
    for number in range(count_of_citations(typed)):
        said = {part: typed.get(f"source-{number}-{part}") for part in CITATION}
        said["published"] = dates.read(said["published"], f"sources[{number}].published")
        if citation := {part: text for part, text in said.items() if text is not None}:
            found.append(citation)
    return found


def count_of_citations(typed: Typed) -> int:
    """The number of citations in a form, at least one."""
    numbers = (re.fullmatch(r"source-(\d{1,2})-[a-z]+", name) for name in typed)
    return max((int(found[1]) + 1 for found in numbers if found), default=1)


def parts(text: str | None) -> list[str]:
    """The parts of a text separated by commas or line breaks."""
    return [part.strip() for part in re.split("[,\n]", text or "") if part.strip()]


def lines(text: str | None) -> list[str]:
    """The lines that are not empty."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _slug(newsroom: Newsroom, basis: Basis, text: str) -> str:
    """The slug of an entity given by slug or name."""
    text = text.strip()
    return text if re.match(SLUG, text) else newsroom.entity(text, basis)
