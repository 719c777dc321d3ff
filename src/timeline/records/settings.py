"""A newsroom's `timeline.toml`: its name, its zone, its own types."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from timeline.errors import InputError, Problem
from timeline.records.declaration import RecordType
from timeline.records.vocabulary import Vocabulary, own_types
from timeline.temporal.errors import ZoneError
from timeline.temporal.zones import zone_named

CONFIG = "timeline.toml"


class Settings(NamedTuple):
    """The contents of `timeline.toml`. `log` is the address of a log in a database.

    `types` are the newsroom's own types as written, before they are read.
    """

    name: str
    vocabulary: Vocabulary
    log: str | None = None
    types: Mapping[str, Any] = MappingProxyType({})

    @property
    def zone(self) -> str:
        """The IANA zone of dates without one."""
        return self.vocabulary.zone

    def as_table(self) -> dict[str, Any]:
        """The settings as a `timeline.toml` table, without the address of the log."""
        table = {"name": self.name, "zone": self.zone}
        return {**table, "types": dict(self.types)} if self.types else table

    def as_json(self) -> str:
        """The settings as a log keeps them."""
        return json.dumps(self.as_table())

    def fingerprint(self) -> str:
        """A digest of everything in the settings that affects how a log is read."""
        read_by = repr((self.zone, [_read_by(kind) for kind in self.vocabulary.own]))
        return sha256(read_by.encode()).hexdigest()[:12]


def read_table(path: Path) -> dict[str, Any]:
    """The table in a `timeline.toml`, unchecked.

    Raises:
        InputError: the file is missing, or not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"there is no newsroom in {path.parent}", "`timeline init` makes one"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem(f"not TOML: {error}", None, None, str(path))]) from error


def written(table: Mapping[str, Any]) -> str:
    """A table as a `timeline.toml`."""
    types: Mapping[str, Any] = table.get("types", {})
    lines = [f"{key} = {_toml(value)}\n" for key, value in table.items() if key != "types"]
    for name, declared in types.items():
        lines.append(f"\n[types.{_toml(name)}]\n")
        lines += [f"{_toml(key)} = {_toml(value)}\n" for key, value in declared.items()]
    return "".join(lines)


def _toml(value: object) -> str:
    """A value on one line. JSON is TOML here, but for tables, surrogates and DEL."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(value[key])}" for key in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def settings_from(table: dict[str, Any], unnamed: str, file: Path) -> Settings:
    """The settings in a table read from `file`. `unnamed` is the default name.

    Raises:
        InputError: something in it is wrong.
    """
    problems = [
        Problem("is unknown", "name, zone, log, types", key)
        for key in table.keys() - {"name", "zone", "log", "types"}
    ]
    name, zone, log = table.get("name", unnamed), table.get("zone"), table.get("log")
    if not isinstance(name, str):
        problems.append(Problem("should be a string", None, "name"))
    if zone is None:
        # Without it, all dates would be read in a zone that nobody chose.
        problems.append(Problem("is missing", "such as Europe/Berlin, or UTC", "zone"))
    elif not isinstance(zone, str):
        problems.append(Problem("should be a string", "such as Europe/Berlin", "zone"))
    else:
        problems += zone_problems(zone)
    if log is not None and not isinstance(log, str):
        problems.append(Problem("should be a string", "such as postgresql://host/database", "log"))
    types: list[RecordType] = []
    own = table.get("types")
    if own:
        types, wrong = _own_types(own)
        problems += wrong
    if problems:
        raise InputError(problem._replace(file=str(file)) for problem in problems)
    assert isinstance(zone, str) and isinstance(name, str)
    return Settings(name, Vocabulary(types, zone), log, own or {})


def _own_types(tables: object) -> tuple[list[RecordType], list[Problem]]:
    if not isinstance(tables, dict):
        return [], [Problem("should be a table", None, "types")]
    return own_types(tables)


def zone_problems(zone: str) -> list[Problem]:
    """Problems with the name of a zone."""
    try:
        zone_named(zone)
    except ZoneError as error:
        return [Problem(error.message, error.hint, "zone")]
    return []


def _read_by(kind: RecordType) -> tuple[object, ...]:
    """All parts of a type that affect how its records are read."""
    fields = sorted((name, field._replace(doc="")) for name, field in kind.fields.items())
    return kind.topic, fields, kind.effects, kind.amends
