"""The portable log: the canonical bytes of a record, in and out (docs/formats.md).

A line is UTF-8 JSON without spaces, with its keys in the order of the model: id, story, type,
when, zone, after, before, the type's own fields, headline, body, sources, tags, qualifiers,
recorded_by, recorded_at. The log keeps exactly these bytes except `recorded_at`, which the store
assigns, so export gives back what was imported.

An export begins with the line `HEADER` and ends with a trailer, which counts the records between
and has their SHA-256. A file with neither is a portable log, too: people write them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from typing import IO

import orjson

from timeline import temporal
from timeline.errors import Problem, UnreadableError
from timeline.records.record import Content, Entry, Record
from timeline.records.vocabulary import Vocabulary

# Longer lines are refused before they are parsed.
LONGEST = 1024 * 1024

HEADER = b'{"export":"timeline","version":1}'
_TRAILER = b'{"export":"end",'


def encode(content: Content) -> bytes:
    """The bytes that the log keeps of a record."""
    return orjson.dumps(content)


def decode(entry: Entry, vocabulary: Vocabulary) -> Record:
    """A record from the log's own bytes.

    Records are validated in full when they are written, and again by `timeline verify`. Reading
    only looks up the type in the vocabulary and checks that required keys are there.

    Raises:
        UnreadableError: the bytes are not a record, or of a type or version not known here.
    """
    try:
        kind = vocabulary.of_topic(entry.topic)
        content = orjson.loads(entry.state)
        if not kind.required <= content.keys():
            raise ValueError("it lacks fields")
        if content["type"] != kind.name or content["story"] != entry.story:
            raise ValueError("its fields belie its row")
    except (UnreadableError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise UnreadableError(
            f"the record at position {entry.position} cannot be read: {error}"
        ) from error
    return Record(entry.position, entry.recorded_at, entry.version, kind, content, vocabulary.zone)


def content_of(entry: Entry) -> Content:
    """The fields of an entry, whatever its type."""
    content: Content = orjson.loads(entry.state)
    return content


def line_of(entry: Entry) -> bytes:
    """One line of the portable log, without the line feed."""
    recorded_at = temporal.format_instant(entry.recorded_at).encode()
    return entry.state[:-1] + b',"recorded_at":"' + recorded_at + b'"}'


class Tally:
    """Counts the lines of an export while they are written, or read."""

    def __init__(self) -> None:
        self.records = 0
        self._digest = sha256()

    def add(self, line: bytes) -> None:
        """Count a line, with its end or without."""
        self.records += 1
        self._digest.update(line.rstrip(b"\r\n"))
        self._digest.update(b"\n")

    def trailer(self) -> bytes:
        """The last line of an export with these records, without the line feed."""
        counted = b'"records":%d,"sha256":"%b"}'
        return _TRAILER + counted % (self.records, self._digest.hexdigest().encode())


def export(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The lines of an export, each with its line feed."""
    tally = Tally()
    yield HEADER + b"\n"
    for entry in entries:
        line = line_of(entry)
        tally.add(line)
        yield line + b"\n"
    yield tally.trailer() + b"\n"


def records(stream: IO[bytes], partial: bool = False) -> Iterator[tuple[int, bytes | Problem]]:
    """The lines of a file that are records, numbered from 1.

    Where an export was cut off, or changed, there is a problem in place of its end, unless the
    caller wants a `partial` one. Several exports may follow one another.
    """
    tally: Tally | None = None
    number = 0
    for number, line in lines(stream):
        if line.startswith(_TRAILER):
            if tally is not None and line.strip() != tally.trailer() and not partial:
                yield number, _altered(f"the trailer does not match {tally.records:,} records")
            tally = None
        elif line.strip() == HEADER:
            if tally is not None and not partial:
                yield number, _altered(f"it was cut off after {tally.records:,} records")
            tally = Tally()
        else:
            if tally is not None:
                tally.add(line)
            yield number, line
    if tally is not None and not partial:
        yield number, _altered(f"it was cut off after {tally.records:,} records")


def _altered(what: str) -> Problem:
    return Problem(f"an export is not whole: {what}", "--partial imports what is there")


def lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, numbered from 1.

    A line longer than `LONGEST` is cut off and the rest skipped, to bound memory; `parse` then
    refuses it.
    """
    number = 0
    while line := stream.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST and not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.isspace():
            yield number, line


def too_long() -> Problem:
    """The problem of a record that is too long."""
    return Problem(
        f"the record is longer than {LONGEST // 1024} KiB", "put files elsewhere, and cite them"
    )


def parse(line: bytes, longest: int | None = LONGEST) -> object:
    """The JSON value on a line, or a `Problem`.

    `longest` is the most bytes it may have; None for no limit.
    """
    if longest is not None and len(line) > longest:
        return too_long()
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Problem(f"not JSON: {error}", "one JSON object a line, in UTF-8")
    if not _is_whole(value, line) and (twice := _given_twice(line)) is not None:
        return Problem("is given twice", "only one of them would count", twice)
    return value


def _is_whole(value: object, line: bytes) -> bool:
    """Whether a value certainly holds everything on its line.

    If a key was given twice, the value serialises with fewer quotation marks.
    """
    try:
        written = orjson.dumps(value)
    except TypeError:  # It is nested too deeply.
        return False
    return line.count(b'"') == written.count(b'"') and b"\\u0022" not in line


def _given_twice(line: bytes) -> str | None:
    """The first key that an object on a line repeats."""
    found: list[str] = []

    def look(pairs: list[tuple[str, object]]) -> None:
        counted = Counter(key for key, _ in pairs)
        found.extend(key for key, count in counted.items() if count > 1)

    with suppress(RecursionError):
        json.loads(line, object_pairs_hook=look, parse_int=float)
    return found[0] if found else None
