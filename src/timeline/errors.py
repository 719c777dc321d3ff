"""The errors that this package raises, in one small tree.

Bad input is reported as a list of problems, so that a reporter can fix a file in one go. An
`InputError` or a `ConflictError` means that nothing was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One thing wrong with the input: where, what, and what would be right."""

    message: str
    hint: str | None = None
    field: str | None = None
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        parts = [part for part in (place, self.field, self.message) if part]
        text = ": ".join(parts)
        return f"{text} ({self.hint})" if self.hint else text

    def as_json(self) -> dict[str, str | int]:
        """The problem as an object, without the parts that do not apply."""
        pairs = {
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "message": self.message,
            "hint": self.hint,
        }
        return {name: value for name, value in pairs.items() if value is not None}


class TimelineError(Exception):
    """The root of everything this package raises on purpose."""


class InputError(TimelineError):
    """The input is wrong. `problems` lists everything that was found; nothing was written.

    `complete` is false if there were too many problems to go on.
    """

    def __init__(
        self, problems: Iterable[Problem] | str, hint: str | None = None, complete: bool = True
    ):
        if isinstance(problems, str):
            problems = [Problem(problems, hint)]
        self.problems = tuple(problems)
        self.complete = complete
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled with its problems, for another process."""
        return type(self), (self.problems, None, self.complete)


class NotFoundError(InputError):
    """The entity, record or story that was named does not exist."""


class Moved(NamedTuple):
    """A story whose version is not the expected one."""

    story: str
    expected: int
    found: int


class ConflictError(TimelineError):
    """Another caller appended first; nothing was written.

    `stories` are those that have changed, and `between` are the records appended since, each as
    an object; only the first of them, if there are many.
    """

    def __init__(
        self, message: str, stories: Iterable[Moved] = (), between: Iterable[Mapping[str, Any]] = ()
    ):
        self.stories = tuple(stories)
        self.between = tuple(between)
        super().__init__(message)


class StoreError(TimelineError):
    """The store failed, or holds what this version cannot read."""


class UnreadableError(StoreError):
    """A record of the log is damaged, or of a type or version not known here."""


class UnreachableError(StoreError):
    """The store does not answer. Its data may be fine."""


class StoreReplacedError(StoreError):
    """The log was removed, or another was put in its place, after it was opened.

    What has it open holds what is no longer the newsroom's: it has to start again.
    """


def close_to(word: str, known: Iterable[str], cutoff: float = 0.75) -> list[str]:
    """Up to three known words that resemble this one, closest first."""
    import difflib

    return difflib.get_close_matches(word, list(known), n=3, cutoff=cutoff)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the closest known words, or all of them if none is close."""
    known = list(known)
    close = close_to(word, known, cutoff=0.7)
    return f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(known)}"


def suggestion(word: str, known: Iterable[str]) -> str:
    """The end of a message: `; did you mean …?`, or nothing if no known word is close."""
    close = close_to(word, known)
    return f"; did you mean {' or '.join(close)}?" if close else ""
