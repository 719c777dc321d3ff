"""What can go wrong, in one small tree.

Bad input is never one error but a list of problems, so that a reporter mends a
file in one go; whatever raises one of these has written nothing.
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
    """The input is wrong. `problems` lists all that was found; nothing was written.

    It is not `complete` where there were so many that the rest was not looked at.
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
        """What another process is sent, so that it has the problems, too."""
        return type(self), (self.problems, None, self.complete)


class NotFoundError(InputError):
    """What was named is not there."""


class Moved(NamedTuple):
    """A story that is at another version than was expected."""

    story: str
    expected: int
    found: int


class ConflictError(TimelineError):
    """Somebody else appended first; nothing was written.

    `stories` are those that have moved on, and `between` are the records that came between,
    each as an object; not all of them, if they are many.
    """

    def __init__(
        self, message: str, stories: Iterable[Moved] = (), between: Iterable[Mapping[str, Any]] = ()
    ):
        self.stories = tuple(stories)
        self.between = tuple(between)
        super().__init__(message)


class StoreError(TimelineError):
    """The store failed, or holds what this version cannot read."""


class UnreachableError(StoreError):
    """The store does not answer now. Nothing is known to be wrong with what it holds."""


def close_to(word: str, known: Iterable[str], cutoff: float = 0.75) -> list[str]:
    """Up to three known words that resemble this one, the closest first."""
    import difflib

    return difflib.get_close_matches(word, list(known), n=3, cutoff=cutoff)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the closest known words, or all of them where none is close."""
    known = list(known)
    close = close_to(word, known, cutoff=0.7)
    return f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(known)}"


def suggestion(word: str, known: Iterable[str]) -> str:
    """The end of a message: `; did you mean …?`, or nothing where no known word is close."""
    close = close_to(word, known)
    return f"; did you mean {' or '.join(close)}?" if close else ""
