"""A story's version over HTTP: an `ETag` of what was appended, and `If-Match` when appending.

`"qwen=140"` is the version 140 of the story `qwen`. In `If-Match` it means that the story must
still be at it; a plain `"140"` will do where all records are of one story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from timeline.errors import InputError, Problem
from timeline.records.entry import Entry

_TAG = re.compile(r'(?:W/)?"(?:([^"=]+)=)?([0-9]{1,18})"', re.ASCII)


def etag_of(entries: Iterable[Entry]) -> dict[str, str]:
    """The header with the version that some records have brought their story to, if it is one."""
    versions: dict[str, int] = {}
    for entry in entries:
        versions[entry.story] = max(entry.version, versions.get(entry.story, 0))
    tags = [f'"{story}={version}"' for story, version in versions.items()]
    return {"ETag": tags[0]} if len(tags) == 1 else {}


def expected_of(header: str | None, stories: Iterable[object]) -> dict[str, int]:
    """The versions that stories must still have, as `If-Match` says; `stories` are appended to.

    Raises:
        InputError: it cannot be read.
    """
    expected: dict[str, int] = {}
    for text in (header or "").split(","):
        tag = text.strip()
        if not tag and header is None:
            continue
        found = _TAG.fullmatch(tag)
        if found is None:
            raise _wrong(f"{tag[:100]!r} is no version of a story")
        story = found[1] or _only(stories)
        if story in expected:
            raise _wrong(f"{story} is named twice")
        expected[story] = int(found[2])
    return expected


def _only(stories: Iterable[object]) -> str:
    named = set(filter(lambda each: isinstance(each, str), stories))
    if len(named) != 1:
        raise _wrong("it names no story, and the records are not all of one")
    return str(named.pop())


def _wrong(message: str) -> InputError:
    return InputError([Problem(message, '"STORY=VERSION", such as "qwen=140"', "If-Match")])
