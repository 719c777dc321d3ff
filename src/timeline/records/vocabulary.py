"""All record types of a newsroom: the built-in ones and its own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from timeline.errors import InputError, Problem, UnreadableError
from timeline.records.declaration import RecordType
from timeline.records.type_tables import read_types


def _built_in() -> dict[str, tuple[RecordType, ...]]:
    """The types in `types.toml`, by family."""
    tables = tomllib.loads(Path(__file__).with_name("types.toml").read_text("utf-8"))
    families: dict[str, tuple[RecordType, ...]] = {}
    for family, types in tables.items():
        read, problems = read_types(types, built_in=None)
        if problems:
            raise InputError(problems)
        families[family.capitalize()] = tuple(read)
    return families


FAMILIES = _built_in()
"""The built-in types by family (`People`, `Amendments`, …), in the order of the documentation."""

BUILT_IN = tuple(kind for family in FAMILIES.values() for kind in family)


def own_types(tables: Mapping[str, Any]) -> tuple[list[RecordType], list[Problem]]:
    """The types that a newsroom declares under `[types]`, and what is wrong with the others."""
    return read_types(tables, {kind.name for kind in BUILT_IN})


class Vocabulary:
    """The types by name, and by the topic under which the log stores them.

    It is the allow-list for decoding: a stored row that names any other type is refused, and
    nothing is ever imported because a row names it. `zone` is the newsroom's: the IANA zone of
    dates that have neither a zone nor an offset.
    """

    def __init__(self, own: Iterable[RecordType] = (), zone: str = "UTC"):
        self.own = tuple(own)
        self.zone = zone
        self._by_name = {kind.name: kind for kind in (*BUILT_IN, *self.own)}
        self._by_topic = {kind.topic: kind for kind in self._by_name.values()}

    def __iter__(self) -> Iterator[RecordType]:
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> RecordType:
        return self._by_name[name]

    def get(self, name: str) -> RecordType | None:
        """The type of that name, or None."""
        return self._by_name.get(name)

    @property
    def events(self) -> tuple[str, ...]:
        """The topics of all types of event, sorted."""
        return tuple(sorted(kind.topic for kind in self if not kind.is_amendment))

    def of_topic(self, topic: str) -> RecordType:
        """The type stored under `topic`.

        Raises:
            UnreadableError: the vocabulary does not have this type in this version.
        """
        kind = self._by_topic.get(topic)
        if kind is None:
            name = topic.rpartition("/")[0]
            known = self._by_name.get(name)
            raise UnreadableError(
                f"the log holds a record of type {topic!r}; this version of timeline reads "
                f"{known.topic!r}: a newer timeline wrote it"
                if known
                else f"the log holds a record of the unknown type {name!r}: "
                "was it declared in timeline.toml when it was recorded?"
            )
        return kind
