"""Reads record types from tables: `types.toml`, and the `[types]` table of a `timeline.toml`.

    [types.docked]
    doc = "A ship makes fast at a port."
    headline = "{ship} docks at {port}"
    fields.ship = "entity!"            # ! marks a required field
    fields.port = { kind = "entity of place!", doc = "The port." }
    fields.berth = "text"
    effects = [{ set = ["ship", "docked-at", "port"], qualifiers = ["berth"] }]

A field is a kind, or a table of `kind`, `doc` and, for lists, `different`: the least number of
entries, which must all differ. Fields of kind `entity` or `entities` may say which kind of
entity they name: `of person`, `organisation`, `product` or `place`. A `quantity` is a value that
may be a number as people write it (`records/numbers.py`).

An effect is `begin`, `end` or `set`: subject field, property, value field. A property written
`"{measure}"` is read from that field; in an `end`, `""` matches anything. `qualifiers` lists
fields that qualify the statement; in an `end`, `other_than` lists fields in which the statement
must differ.

Only built-in types have `amends` (the fields that name amended events; an amendment of something
else has an empty list), `founds` (the field with the organisation that comes into being) and the
kinds in `_BUILT_IN_ONLY`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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

_BUILT_IN_ONLY = {Kind.CHANGES, Kind.RECORDS, Kind.SENTENCES, Kind.ENTITY_KIND, Kind.COUNT}
OWN_KINDS = tuple(kind for kind in Kind if kind not in _BUILT_IN_ONLY)
"""The kinds of field that a newsroom's own types may have."""

_KEYS = ("doc", "headline", "fields", "effects")
_FIELD_KEYS = {"kind", "doc", "different"}
_LISTS = (Kind.ENTITIES, Kind.RECORDS, Kind.SENTENCES)
_SUBJECTS = frozenset({Kind.ENTITY, Kind.ENTITIES})
_LABELS = frozenset({Kind.NAME, Kind.ENTITY})
_QUALIFIERS = frozenset({Kind.TEXT, Kind.SENTENCE, Kind.NAME, Kind.ENTITY})
_VALUES = frozenset(OWN_KINDS)
_TAKEN = {*ENVELOPE, *EVENTS_ONLY, *STAMPS}
_EXAMPLE = '{ begin = ["ship", "docked-at", "port"] }'


def read_types(
    tables: Mapping[str, Any], built_in: Collection[str] | None
) -> tuple[list[RecordType], list[Problem]]:
    """The types that tables declare, and what is wrong with the others.

    `built_in` are the names that a newsroom's types may not take; None reads the built-in
    types themselves.
    """
    types: list[RecordType] = []
    problems: list[Problem] = []
    for name, table in tables.items():
        reader = _TypeReader(name, table, built_in)
        if reader.problems:
            problems += reader.problems
        else:
            types.append(reader.type)
    return types, problems


class _TypeReader:
    """Turns the table of one type into a `RecordType`, and collects problems."""

    def __init__(self, name: str, table: object, built_in: Collection[str] | None):
        self.where = f"types.{name}"
        self.problems: list[Problem] = []
        self.fields: dict[str, Field] = {}
        self._kinds = {kind.value: kind for kind in (Kind if built_in is None else OWN_KINDS)}
        if not isinstance(table, Mapping):
            self._wrong("should be a table", "see docs/vocabulary.md")
            return
        if name in (built_in or ()):
            self._wrong("is the name of a built-in type", "choose another")
        if not all(part.isalnum() and part.islower() for part in name.split("-")):
            self._wrong("should be kebab-case", "such as ran-aground")
        known = {*_KEYS, "amends", "founds"} if built_in is None else {*_KEYS}
        for key in table.keys() - known:
            self._wrong("is unknown", ", ".join(_KEYS), key)
        for field, declared in self._mapping(table, "fields").items():
            self._add_field(field, declared)
        doc, headline = (self._text(table, key) for key in ("doc", "headline"))
        self._check_headline(headline)
        effects = table.get("effects", [])
        if not isinstance(effects, list):
            self._wrong("should be a list", None, "effects")
            effects = []
        read = [self._effect(number, effect) for number, effect in enumerate(effects)]
        amends = table.get("amends")
        self.type = RecordType(
            name=name,
            doc=doc,
            fields=self.fields,
            headline=headline,
            effects=tuple(effect for effect in read if effect),
            amends=None if amends is None else tuple(amends),
            founds=table.get("founds"),
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

    def _text(self, table: Mapping[str, Any], key: str, where: str = "") -> str:
        found = table.get(key, "")
        if isinstance(found, str):
            return found
        self._wrong("should be a string", None, f"{where}{key}")
        return ""

    def _check_headline(self, headline: str) -> None:
        """Whether a headline is a template over the type's own fields."""
        try:
            parts = [part for part in Formatter().parse(headline) if part[1] is not None]
        except ValueError as error:
            self._wrong(f"is not a template: {error}", "{field} stands for a field", "headline")
            return
        for _, name, form, conversion in parts:
            if form or conversion:
                self._wrong(f"cannot format {name!r}", "{field}, and nothing more", "headline")
            elif name not in self.fields:
                self._wrong(f"is not a field: {name!r}", self._known_fields(), "headline")

    def _known_fields(self) -> str:
        return f"one of {', '.join(self.fields)}" if self.fields else "declare it under fields"

    def _add_field(self, name: str, declared: object) -> None:
        where = f"fields.{name}"
        table = declared if isinstance(declared, Mapping) else {"kind": declared}
        for key in table.keys() - _FIELD_KEYS:
            self._wrong("is unknown", "kind, doc, different", f"{where}.{key}")
        kind, different = table.get("kind"), table.get("different", 0)
        required = isinstance(kind, str) and kind.endswith("!")
        held, _, of = str(kind).removesuffix("!").partition(" of ")
        known = self._kinds.get(held)
        if name in _TAKEN:
            self._wrong("is a key of every record", "choose another name", where)
        elif not (name.isidentifier() and name.islower() and name[0] != "_"):
            self._wrong("should be lower-case letters, digits and _", "begin with a letter", where)
        elif known is None:
            self._wrong(f"unknown kind {kind!r}", f"one of {', '.join(self._kinds)}", where)
        elif of and (known not in _SUBJECTS or of not in ENTITY_KINDS):
            hint = f"entity or entities, of {', '.join(ENTITY_KINDS)}"
            self._wrong(f"unknown kind {kind!r}", hint, where)
        elif type(different) is not int or different < 0 or (different and known not in _LISTS):
            self._wrong("should be a number, on a list", "such as 2", f"{where}.different")
        else:
            doc = self._text(table, "doc", f"{where}.")
            self.fields[name] = Field(known, doc, required, of or None, different)

    def _effect(self, number: int, effect: object) -> Effect | None:
        where = f"effects[{number}]"
        if not isinstance(effect, Mapping):
            self._wrong("should be a table", _EXAMPLE, where)
            return None
        verbs = [verb for verb in ("begin", "end", "set") if verb in effect]
        triple = effect.get(verbs[0]) if len(verbs) == 1 else None
        if not (isinstance(triple, list) and len(triple) == 3 and _all_text(triple)):
            self._wrong(
                "should be one of begin, end, set: [subject field, property, value field]",
                _EXAMPLE,
                where,
            )
            return None
        verb = verbs[0]
        lists = ("qualifiers", "other_than") if verb == "end" else ("qualifiers",)
        for key in effect.keys() - {verb, *lists}:
            self._wrong("is unknown", f"{verb}, {', '.join(lists)}", f"{where}.{key}")
        subject, label, value = (part or None for part in triple)
        from_field = label[1:-1] if label and label.startswith("{") else None
        self._check_part(subject, _SUBJECTS, where)
        self._check_part(value, _VALUES, where)
        self._check_part(from_field, _LABELS, where)
        qualifiers, other_than = (
            self._qualifiers(effect, key, where) for key in ("qualifiers", "other_than")
        )
        literal = None if from_field else label
        quantity = value in self.fields and self.fields[value].kind is Kind.QUANTITY
        if verb == "end":
            return End(subject, value, literal, from_field, qualifiers, other_than, quantity)
        if subject is None or value is None or label is None:
            self._wrong("needs a subject, a property and a value", None, where)
            return None
        exclusive = verb == "set"
        return Begin(subject, value, literal, from_field, qualifiers, exclusive, quantity)

    def _qualifiers(self, effect: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        names = effect.get(key, [])
        if not (isinstance(names, list) and _all_text(names)):
            self._wrong("should be a list of fields", '["berth"]', f"{where}.{key}")
            return ()
        for name in names:
            self._check_part(name, _QUALIFIERS, where)
        return tuple(names)

    def _check_part(self, name: str | None, kinds: frozenset[Kind], where: str) -> None:
        """Whether a part of an effect names a field of a suitable kind."""
        if name is None:
            return
        field = self.fields.get(name)
        if field is None:
            self._wrong(f"is not a field: {name!r}", self._known_fields(), where)
        elif field.kind not in kinds:
            hint = f"a field of kind {' or '.join(sorted(kinds))}"
            self._wrong(f"{name!r} is of kind {field.kind}, which cannot be used here", hint, where)


def _all_text(parts: list[object]) -> bool:
    return all(isinstance(part, str) for part in parts)
