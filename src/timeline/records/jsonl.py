"""The portable log: the canonical bytes of a record, in and out (design §2).

A line is UTF-8 JSON without spaces, its keys in the order of the model: id, story, type,
when, zone, after, before, the type's own fields, headline, body, sources, tags, qualifiers,
recorded_by, recorded_at. The log keeps exactly these bytes, but for `recorded_at`,
which is the store's to give; so what goes out is what came in.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

import orjson

from timeline import temporal
from timeline.errors import Problem, StoreError
from timeline.records.entry import Entry
from timeline.records.record import Content, Record
from timeline.records.vocabulary import Vocabulary

# A record is prose, not a file: longer lines are refused before they are parsed.
LONGEST = 1024 * 1024


def encode(content: Content) -> bytes:
    """The bytes that the log keeps of a record."""
    return orjson.dumps(content)


def decode(entry: Entry, vocabulary: Vocabulary) -> Record:
    """A record from the log's own bytes.

    They were validated in full when they were written, and are again by `timeline
    verify`. Here the type is looked up in the vocabulary, and the fields that it cannot
    be without are looked for; nothing is ever imported on the word of a stored row.

    Raises:
        StoreError: the bytes are not a record, or of a type or version not known here.
    """
    kind = vocabulary.of_topic(entry.topic)
    try:
        content = orjson.loads(entry.state)
        if not kind.required <= content.keys():
            raise ValueError("it lacks fields")
        if content["type"] != kind.name or content["story"] != entry.story:
            raise ValueError("its fields belie its row")
    except (ValueError, AttributeError) as error:
        raise StoreError(f"the record at position {entry.position} is damaged: {error}") from error
    return Record(entry.position, entry.recorded_at, entry.version, kind, content, vocabulary.zone)


def content_of(entry: Entry) -> Content:
    """The fields of an entry, without a look at its type."""
    content: Content = orjson.loads(entry.state)
    return content


def line_of(entry: Entry) -> bytes:
    """One line of the portable log, without the line feed."""
    recorded_at = temporal.format_instant(entry.recorded_at).encode()
    return entry.state[:-1] + b',"recorded_at":"' + recorded_at + b'"}'


def lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, with their numbers from 1.

    A line longer than `LONGEST` is cut there and skipped to its end, so that no
    input, however broken, fills the memory; `parse` refuses what was cut.
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
    """What is wrong with a record that is longer than records may be."""
    return Problem(f"the record is longer than {LONGEST // 1024} KiB", "it is prose, not a file")


def parse(line: bytes, longest: int | None = LONGEST) -> object:
    """The JSON value on a line that may have so many bytes; None is any number.

    Returns a `Problem` where it is none.
    """
    if longest is not None and len(line) > longest:
        return too_long()
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Problem(f"not JSON: {error}", "one JSON object a line, in UTF-8")
    if not _is_whole(value, line) and (twice := _given_twice(line)) is not None:
        return Problem("is given twice", "one of them would be passed over", twice)
    return value


def _is_whole(value: object, line: bytes) -> bool:
    """Whether a value surely holds all that its line does.

    Written again, it has fewer quotation marks where a key was given twice.
    """
    try:
        written = orjson.dumps(value)
    except TypeError:  # It is nested too deep to be written.
        return False
    return line.count(b'"') == written.count(b'"') and b"\\u0022" not in line


def _given_twice(line: bytes) -> str | None:
    """The first key that some object on a line has more than once."""
    found: list[str] = []

    def look(pairs: list[tuple[str, object]]) -> None:
        counted = Counter(key for key, _ in pairs)
        found.extend(key for key, count in counted.items() if count > 1)

    with suppress(RecursionError):
        json.loads(line, object_pairs_hook=look, parse_int=float)
    return found[0] if found else None
