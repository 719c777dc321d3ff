"""Checks one record as a user wrote it: content ready for the log, or the list of problems."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from pydantic import ValidationError

from timeline import temporal
from timeline.errors import Problem, did_you_mean
from timeline.records.declaration import RecordType
from timeline.records.models import CITATION_KEYS, LINK_KEYS, WHEN, keys_of, validator_of
from timeline.records.record import LINKS, Content, Draft, named_by
from timeline.records.vocabulary import Vocabulary

# Stores keep instants as 64-bit integers: about 292,000 years on either side of 1970.
_FARTHEST = 2**63 - 1

# The errors of pydantic about lists and strings that exceed a limit.
_LIMITS = ("too_long", "string_too_long")


def validate(
    given: object, vocabulary: Vocabulary, limited: Container[str] | None = None
) -> Draft | list[Problem]:
    """Check one record as a user wrote it.

    `limited` are the fields that must keep to the limits; None means all. Records in a log may
    exceed them, because they may be from a version that had none.
    """
    if not isinstance(given, dict):
        return [Problem("a record is a JSON object", 'such as {"story": …, "type": …}')]
    kind = _type_of(given, vocabulary)
    if isinstance(kind, Problem):
        return [kind]
    problems: list[Problem] = []
    content: Content = {}
    try:
        content = validator_of(kind)(given)
    except ValidationError as error:
        problems = [
            _problem(kind, dict(each))
            for each in error.errors(include_url=False)
            if limited is None or each["type"] not in _LIMITS or each["loc"][0] in limited
        ]
        if not problems:
            content = dict(given)
    if not kind.is_amendment:
        problems += check_when(kind, content or given, vocabulary.zone)
        if not content.keys().isdisjoint(LINKS):
            problems += _check_links(content)
    elif kind.name == "resolution":
        problems += _check_choice(content)
    elif kind.name == "confirmation" and not (given.get("reason") or given.get("sources")):
        problems.append(Problem("needs a source or a reason", "say who vouches for it", "reason"))
    elif "changes" in given and isinstance(given["changes"], dict):
        content["changes"] = dict(given["changes"])
    recorded_at = None
    if isinstance(stamp := given.get("recorded_at"), str):
        content.pop("recorded_at", None)
        try:
            recorded_at = temporal.parse_instant(stamp)
        except temporal.InstantError as error:
            problems.append(Problem(error.message, error.hint, "recorded_at"))
        if stamp[:1] in ("+", "-"):
            hint = "RFC 3339 has years of four digits"
            problems.append(Problem(f"{stamp!r} is not a time of recording", hint, "recorded_at"))
    return problems or Draft(kind, content, recorded_at)


def check_when(kind: RecordType, content: Mapping[str, Any], default_zone: str) -> list[Problem]:
    """Whether `when` can be read, and suits the effects of the type."""
    when, zone = content.get("when"), content.get("zone") or default_zone
    if when is None and not any(content.get(name) for name in LINKS):
        return [Problem("is required", WHEN, "when")]
    if not isinstance(when, str) or not isinstance(zone, str):
        return []
    try:
        reading = temporal.read(when, zone)
    except temporal.EdtfError as error:
        return [Problem(error.message, error.hint, "when")]
    except temporal.ZoneError:
        return []
    problem: Problem | None = None
    if when.startswith("Y") and not _can_be_kept(reading.bounds):
        problem = Problem(f"{when!r} is out of range", "years -290000 to 290000", "when")
    elif kind.effects and reading.kind == "all-of":
        problem = Problem(
            f"{when!r} names several times, and this changes a statement once",
            "write [a,b] for one of several, or one record for each",
            "when",
        )
    elif reading.kind == "period":
        problem = _check_period(kind, reading)
    return [problem] if problem else []


def _can_be_kept(bounds: temporal.Bounds) -> bool:
    """Whether bounds fit a store's integers; only years written with Y may not."""
    return all(side is None or abs(side) <= _FARTHEST for side in bounds)


def _check_period(kind: RecordType, reading: temporal.ParsedDate) -> Problem | None:
    if kind.effects and not kind.begins:
        first, _, last = reading.edtf.partition("/")
        return Problem(
            f"{reading.edtf!r} is a period, and {kind.name!r} happens at one time",
            f"write [{first.strip('.')}..{last.strip('.')}] for some time within it",
            "when",
        )
    begin, end = reading.begin, reading.end
    earliest = begin.earliest if begin else None
    latest = end.latest if end else None
    if earliest is not None and latest is not None and earliest >= latest:
        return Problem(f"{reading.edtf!r} ends before it begins", "earlier/later", "when")
    return None


def _check_links(content: Content) -> list[Problem]:
    """Refuse an event that is linked to itself."""
    return [
        Problem("is the event itself", "name another event", f"{name}[{number}].id")
        for name in LINKS
        for number, link in enumerate(content.get(name, ()))
        if link["id"] == content.get("id")
    ]


def _check_choice(content: Content) -> list[Problem]:
    """Refuse a resolution that names an account in two ways."""
    over = content.get("over") or ()
    return [
        Problem(f"{id!r} is what was chosen", "name only the others", place)
        for place, id in named_by(("over", "agrees"), content)
        if id == content.get("chosen")
    ] + [
        Problem(f"{id!r} is also among those decided against", "name it once", place)
        for place, id in named_by(("agrees",), content)
        if id in over
    ]


def _type_of(given: dict[Any, Any], vocabulary: Vocabulary) -> RecordType | Problem:
    name = given.get("type")
    if name is None:
        return Problem("is required", f"one of {', '.join(k.name for k in vocabulary)}", "type")
    if not isinstance(name, str):
        return Problem("should be a string", None, "type")
    kind = vocabulary.get(name)
    if kind is None:
        hint = did_you_mean(name, [k.name for k in vocabulary])
        return Problem(f"unknown type {name!r}", hint, "type")
    return kind


def _problem(kind: RecordType, error: Mapping[str, Any]) -> Problem:
    """A problem found by pydantic, in our words."""
    path = [part for part in error["loc"] if part not in ("str", "int", "float")]
    where = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
    key = keys_of(kind).get(str(path[0])) if path else None
    hint = key.doc if key else None
    match error["type"]:
        case "missing":
            return Problem("is required", hint, where)
        case "extra_forbidden":
            if where == "position":
                return Problem("is assigned by the log", "leave it out", where)
            part = LINK_KEYS if path[0] in LINKS else CITATION_KEYS
            hint = did_you_mean(str(path[-1]), keys_of(kind) if len(path) == 1 else part)
            return Problem(f"unknown key in a {kind.name}", hint, where)
        case "string_pattern_mismatch" if not str(error["input"]).strip():
            return Problem("is blank", hint, where)
        case "string_pattern_mismatch":
            hint = "lower-case letters, digits, '.', '_' and '-', such as qwen-team"
            return Problem(f"{error['input']!r} is not a slug", hint, where)
        case "string_type":
            return Problem(f"should be a string, not {_json_name(error['input'])}", hint, where)
        case "list_type":
            return Problem(f"should be a list, not {_json_name(error['input'])}", hint, where)
        case "dict_type":
            return Problem(f"should be an object, not {_json_name(error['input'])}", hint, where)
        case "too_short" if error["ctx"]["min_length"] > 1:
            return Problem(f"should name {error['ctx']['min_length']} or more", hint, where)
        case "too_short":
            return Problem("should not be empty", hint, where)
        case "too_long":
            count = f"{len(error['input']):,} entries"
            return Problem(f"has {count}", f"at most {error['ctx']['max_length']:,}", where)
        case "string_too_long" if path[-1] == "[key]":
            what = f"has a name of {len(error['input']):,} characters"
            return Problem(what, f"at most {error['ctx']['max_length']:,}", str(path[0]))
        case "string_too_long":
            length = f"{len(error['input']):,} characters"
            return Problem(
                f"is {length} long", f"at most {error['ctx']['max_length']:,} characters", where
            )
        case "repeated":
            return Problem(str(error["msg"]), "name each once", where)
        case "int_type" | "greater_than_equal":
            said = f"should be a whole number, at least 1, not {error['input']!r}"
            return Problem(said, hint, where)
        case "literal_error":
            return Problem(f"should be {error['ctx']['expected']}", None, where)
        case _:
            return Problem(str(error["msg"]), None, where or None)


def _json_name(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"
