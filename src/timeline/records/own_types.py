"""The types that a newsroom declares for itself, in the `[types]` table of `timeline.toml`.

    [types.docked]
    doc = "A ship makes fast at a port."
    headline = "{ship} docks at {port}"
    fields.ship = "entity!"            # ! marks a required field
    fields.captain = "entity of person"
    fields.port = "entity!"
    fields.berth = "text"
    effects = [{ set = ["ship", "docked-at", "port"], qualifiers = ["berth"] }]

A field of kind `entity` or `entities` may say what they are: `of person`, `organisation`,
`product` or `place`.

An effect is `begin`, `end` or `set`: subject field, property, value field. A property
written `"{measure}"` is read from that field. In an `end`, `""` fits anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

from timeline.errors import Problem
from timeline.records.declaration import (
    ENTITY_KINDS,
    Begin,
    Effect,
    End,
    Field,
    Kind,
    RecordType,
)
from timeline.records.record import ENVELOPE, EVENTS_ONLY, STAMPS
from timeline.records.vocabulary import BUILT_IN

# What only amendments hold.
_OURS = {Kind.CHANGES, Kind.RECORDS, Kind.SENTENCES, Kind.ENTITY_KIND}
KINDS = {kind.value: kind for kind in Kind if kind not in _OURS}
# What pydantic models have as attributes of their own.
_PYDANTIC = {"construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj"}
_PYDANTIC |= {"parse_raw", "schema", "schema_json", "update_forward_refs", "validate"}
_SUBJECTS = frozenset({Kind.ENTITY, Kind.ENTITIES})
_LABELS = frozenset({Kind.NAME, Kind.ENTITY})
_QUALIFIERS = frozenset({Kind.TEXT, Kind.SENTENCE, Kind.NAME, Kind.ENTITY})
_VALUES = frozenset(KINDS.values())
_TAKEN = {*ENVELOPE, *EVENTS_ONLY, *STAMPS}


def declared(tables: Mapping[str, Any]) -> tuple[list[RecordType], list[Problem]]:
    """The types that `[types]` declares, and what is wrong with the others."""
    types: list[RecordType] = []
    problems: list[Problem] = []
    for name, table in tables.items():
        found = _Declaration(name, table)
        if found.problems:
            problems += found.problems
        else:
            types.append(found.type)
    return types, problems


class _Declaration:
    """One `[types.NAME]` table on its way to a `RecordType`."""

    def __init__(self, name: str, table: object):
        self.where = f"types.{name}"
        self.problems: list[Problem] = []
        self.fields: dict[str, Field] = {}
        if not isinstance(table, Mapping):
            self._wrong("should be a table", "see docs/vocabulary.md")
            return
        if any(kind.name == name for kind in BUILT_IN):
            self._wrong("is the name of a built-in type", "choose another")
        if not all(part.isalnum() and part.islower() for part in name.split("-")):
            self._wrong("should be kebab-case", "such as ran-aground")
        for key in table.keys() - {"doc", "headline", "fields", "effects"}:
            self._wrong("is unknown", "doc, headline, fields, effects", key)
        for field, kind in self._mapping(table, "fields").items():
            self._add_field(field, kind)
        doc, headline = (self._text(table, key) for key in ("doc", "headline"))
        self._check_headline(headline)
        effects = table.get("effects", [])
        if not isinstance(effects, list):
            self._wrong("should be a list", None, "effects")
            effects = []
        made = [self._effect(number, effect) for number, effect in enumerate(effects)]
        self.type = RecordType(
            name=name,
            doc=doc,
            fields=self.fields,
            headline=headline,
            effects=tuple(effect for effect in made if effect),
        )

    def _wrong(self, message: str, hint: str | None, part: str | None = None) -> None:
        field = f"{self.where}.{part}" if part else self.where
        self.problems.append(Problem(message, hint, field))

    def _mapping(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = table.get(key, {})
        if isinstance(found, Mapping):
            return found
        self._wrong("should be a table", None, key)
        return {}

    def _text(self, table: Mapping[str, Any], key: str) -> str:
        found = table.get(key, "")
        if isinstance(found, str):
            return found
        self._wrong("should be a string", None, key)
        return ""

    def _check_headline(self, headline: str) -> None:
        """Whether a headline is a template over the type's own fields."""
        try:
            parts = [part for part in Formatter().parse(headline) if part[1] is not None]
        except ValueError as error:
            self._wrong(f"is no template: {error}", "{field} stands for a field", "headline")
            return
        for _, name, form, conversion in parts:
            if form or conversion:
                self._wrong(f"cannot format {name!r}", "{field}, and nothing more", "headline")
            elif name not in self.fields:
                self._wrong(f"names no field: {name!r}", self._known_fields(), "headline")

    def _known_fields(self) -> str:
        return f"one of {', '.join(self.fields)}" if self.fields else "declare it under fields"

    def _add_field(self, name: str, kind: object) -> None:
        required = isinstance(kind, str) and kind.endswith("!")
        held, _, of = str(kind).removesuffix("!").partition(" of ")
        known = KINDS.get(held)
        if name in _TAKEN:
            self._wrong("is a key of every record", "choose another name", f"fields.{name}")
        elif name.startswith(("_", "model_")) or name in _PYDANTIC:
            self._wrong("is a name that we use ourselves", "choose another", f"fields.{name}")
        elif not name.isidentifier() or not name.islower():
            self._wrong("should be lower-case letters, digits and _", None, f"fields.{name}")
        elif known is None:
            self._wrong(f"unknown kind {kind!r}", f"one of {', '.join(KINDS)}", f"fields.{name}")
        elif of and (known not in _SUBJECTS or of not in ENTITY_KINDS):
            hint = f"entity or entities, of {', '.join(ENTITY_KINDS)}"
            self._wrong(f"unknown kind {kind!r}", hint, f"fields.{name}")
        else:
            self.fields[name] = Field(known, "", required, of or None)

    def _effect(self, number: int, effect: object) -> Effect | None:
        where = f"effects[{number}]"
        if not isinstance(effect, Mapping):
            self._wrong("should be a table", '{ begin = ["ship", "docked-at", "port"] }', where)
            return None
        verbs = [verb for verb in ("begin", "end", "set") if verb in effect]
        triple = effect.get(verbs[0]) if len(verbs) == 1 else None
        if not (isinstance(triple, list) and len(triple) == 3 and _all_text(triple)):
            self._wrong(
                "should be one of begin, end, set: [subject field, property, value field]",
                '{ begin = ["ship", "docked-at", "port"] }',
                where,
            )
            return None
        subject, label, value = (part or None for part in triple)
        qualifiers = effect.get("qualifiers", [])
        if not (isinstance(qualifiers, list) and _all_text(qualifiers)):
            self._wrong("should be a list of fields", '["berth"]', f"{where}.qualifiers")
            qualifiers = []
        for key in effect.keys() - {*verbs, "qualifiers"}:
            self._wrong("is unknown", "begin, end or set, and qualifiers", f"{where}.{key}")
        from_field = label[1:-1] if label and label.startswith("{") else None
        self._check_part(subject, _SUBJECTS, where)
        self._check_part(value, _VALUES, where)
        self._check_part(from_field, _LABELS, where)
        for qualifier in qualifiers:
            self._check_part(qualifier, _QUALIFIERS, where)
        literal = None if from_field else label
        if verbs[0] == "end":
            return End(subject, value, literal, from_field, tuple(qualifiers))
        if subject is None or value is None or label is None:
            self._wrong("needs a subject, a property and a value", None, where)
            return None
        exclusive = verbs[0] == "set"
        return Begin(subject, value, literal, from_field, tuple(qualifiers), exclusive)

    def _check_part(self, name: str | None, kinds: frozenset[Kind], where: str) -> None:
        """Whether a part of an effect names a field that can take that part."""
        if name is None:
            return
        field = self.fields.get(name)
        if field is None:
            self._wrong(f"names no field: {name!r}", self._known_fields(), where)
        elif field.kind not in kinds:
            hint = f"a field of kind {' or '.join(sorted(kinds))}"
            self._wrong(f"{name!r} cannot stand there, being of kind {field.kind}", hint, where)


def _all_text(parts: list[object]) -> bool:
    return all(isinstance(part, str) for part in parts)
