"""What a newsroom has written down in its `timeline.toml`: its name, its zone, its own types."""

from __future__ import annotations

import tomllib
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from timeline import temporal
from timeline.errors import InputError, Problem
from timeline.events.declaration import RecordType
from timeline.events.vocabulary import Vocabulary

CONFIG = "timeline.toml"


class Settings(NamedTuple):
    """What `timeline.toml` says."""

    name: str
    vocabulary: Vocabulary

    @property
    def zone(self) -> str:
        """The IANA zone in which dates without one are read."""
        return self.vocabulary.zone

    def fingerprint(self) -> str:
        """What tells these from other settings by which a log would read otherwise."""
        told = repr((self.zone, [_told(kind) for kind in self.vocabulary.own]))
        return sha256(told.encode()).hexdigest()[:12]


def read_settings(path: Path) -> Settings:
    """What a `timeline.toml` says.

    Raises:
        InputError: it is not there, or something in it is wrong.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"there is no newsroom in {path.parent}", "`timeline init` makes one"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem(f"not TOML: {error}", None, None, str(path))]) from error
    problems = [
        Problem("is unknown", "name, zone, types", key)
        for key in table.keys() - {"name", "zone", "types"}
    ]
    name, zone = table.get("name", path.parent.name), table.get("zone", "UTC")
    if not isinstance(name, str):
        problems.append(Problem("should be a string", None, "name"))
    if not isinstance(zone, str):
        problems.append(Problem("should be a string", "such as Europe/Berlin", "zone"))
    else:
        problems += zone_problems(zone)
    types: list[RecordType] = []
    if own := table.get("types"):
        types, wrong = _own_types(own)
        problems += wrong
    if problems:
        raise InputError(problem._replace(file=str(path)) for problem in problems)
    return Settings(name, Vocabulary(types, zone))


def _own_types(tables: object) -> tuple[list[RecordType], list[Problem]]:
    from timeline.events.own_types import declared

    if not isinstance(tables, dict):
        return [], [Problem("should be a table", None, "types")]
    return declared(tables)


def zone_problems(zone: str) -> list[Problem]:
    """What is wrong with the name of a zone."""
    try:
        temporal.read("2000", zone)
    except temporal.ZoneError as error:
        return [Problem(error.message, error.hint, "zone")]
    return []


def _told(kind: RecordType) -> tuple[object, ...]:
    """All that a type says of how its records are read."""
    return kind.topic, sorted(kind.fields.items()), kind.effects, kind.amends
