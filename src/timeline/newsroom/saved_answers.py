"""Answers that were kept, each with its question inside, and asking them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from timeline import temporal
from timeline.errors import InputError, Problem
from timeline.history.history import History
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Answer, Basis

if TYPE_CHECKING:
    from timeline.projections.replay import Filters

# What of an answer is not its content: by what it was asked, and its digest.
QUESTION = ("as_of", "as_known", "recorded_at", "from", "to", "digest")

_TEXT, _ANY_TEXT, _NUMBER = (str,), (str, type(None)), (int,)
_TIMES: dict[str, tuple[type, ...]] = {"as_of": _TEXT, "as_known": _NUMBER}
_SCOPE = {"story": _ANY_TEXT, "entity": _ANY_TEXT}

# The views that can be asked again, and the types of the keys that carry the question.
PROJECTIONS: dict[str, dict[str, tuple[type, ...]]] = {
    "snapshot": {"entity": _TEXT, **_TIMES},
    "chronology": {**_SCOPE, **_TIMES},
    "replay": {**_SCOPE, "from": _NUMBER, **_TIMES},
    "diff": {**_SCOPE, "from": (dict,), "to": (dict,)},
    "why": {"entity": _TEXT, "property": _ANY_TEXT, **_TIMES},
    "check": {**_SCOPE, "only": (list,), "stale_after": _TEXT, "silence": _TEXT, **_TIMES},
    "entities": {"query": _ANY_TEXT, "kind": _ANY_TEXT, "as_known": _NUMBER},
}
_OPTIONAL: dict[str, Callable[[Any], bool]] = {
    "depth": lambda value: type(value) is int and 1 <= value <= 9,
    "by": lambda value: isinstance(value, str),
    "types": lambda value: isinstance(value, list),
    "recorded": lambda value: isinstance(value, list) and len(value) == 2,
}


class SavedAnswer(NamedTuple):
    """An answer as it was kept in a file."""

    file: str
    answer: Answer

    @property
    def projection(self) -> str:
        return str(self.answer["projection"])

    @property
    def as_known(self) -> int:
        """The position at which the log was cut."""
        return int(self._end["as_known"])

    @property
    def as_of(self) -> str | None:
        """The valid time that was asked about, if that mattered."""
        return self._end.get("as_of")

    @property
    def _end(self) -> Answer:
        """What the answer was asked by; of two ends, the later one."""
        end: Answer = self.answer["to"] if self.projection == "diff" else self.answer
        return end


def read_kept(paths: Iterable[Path]) -> list[SavedAnswer]:
    """The answers in some files, and in all `.json` files of some directories.

    Raises:
        InputError: a file cannot be read, or is no answer that can be asked for again; all
            that is wrong is named.
    """
    found: list[SavedAnswer] = []
    problems: list[Problem] = []
    for path in paths:
        files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        if not files:
            problems.append(Problem("holds no .json file", None, None, str(path)))
        for file in files:
            try:
                answer = orjson.loads(file.read_bytes())
            except OSError as error:
                problem = f"cannot be read: {error.strerror or error}"
                problems.append(Problem(problem, None, None, str(file)))
            except orjson.JSONDecodeError as error:
                hint = "one answer, as `--format json` prints it"
                problems.append(Problem(f"not JSON: {error}", hint, None, str(file)))
            else:
                wrong = [each._replace(file=str(file)) for each in _problems(answer)]
                problems += wrong
                if not wrong:
                    found.append(SavedAnswer(str(file), answer))
    if problems:
        raise InputError(problems)
    return found


def _problems(answer: Any) -> Iterator[Problem]:
    """Why something is no answer that can be asked for again."""
    name = answer.get("projection") if isinstance(answer, dict) else None
    if not isinstance(name, str):
        yield Problem("is no answer of a view", "one that `--format json` printed")
        return
    if name not in PROJECTIONS:
        yield Problem(f"there is no view {name!r}", ", ".join(PROJECTIONS), "projection")
        return
    yield from _misfits(answer, PROJECTIONS[name], "")
    if name == "diff":
        for end in ("from", "to"):
            if isinstance(answer.get(end), dict):
                yield from _misfits(answer[end], _TIMES, f"{end}.")
    for key, is_right in _OPTIONAL.items():
        if key in answer and not is_right(answer[key]):
            yield Problem("the question cannot be read from it", None, key)


def _misfits(answer: Answer, keys: dict[str, tuple[type, ...]], place: str) -> Iterator[Problem]:
    for key, kinds in keys.items():
        if key not in answer:
            yield Problem("is missing: it is part of the question", None, f"{place}{key}")
        elif type(answer[key]) not in kinds or (kinds is _NUMBER and answer[key] < 0):
            yield Problem("the question cannot be read from it", None, f"{place}{key}")


class AnswerChecker:
    """A newsroom that is asked many questions, by few positions."""

    def __init__(self, newsroom: Newsroom):
        self.newsroom = newsroom
        self.head = newsroom.store.head().position
        self._at_head: History | None = None
        self._last: tuple[int, History] | None = None

    def again(self, kept: SavedAnswer, as_known: int) -> Answer:
        """The answer to a kept question, as known at a position.

        Raises:
            InputError: it cannot be asked here.
        """
        try:
            return self._answer(kept, as_known)
        except InputError as error:
            raise InputError(each._replace(file=kept.file) for each in error.problems) from error
        except temporal.TimeError as error:
            problem = Problem(error.message, error.hint, None, kept.file)
            raise InputError([problem]) from error

    def _answer(self, kept: SavedAnswer, as_known: int) -> Answer:
        asked = kept.answer
        basis = self.newsroom.basis(kept.as_of or "2000", str(as_known), 0)
        match kept.projection:
            case "replay":
                from timeline.projections.replay import replay_answer

                filters = filters_of(asked)
                return replay_answer(self.newsroom.replay(basis, filters), basis, filters)
            case "diff":
                was = self.newsroom.basis(asked["from"]["as_of"], str(asked["from"]["as_known"]), 0)
                return self.newsroom.diff(was, basis, asked["entity"], asked["story"])
            case "snapshot":
                return {**self.newsroom.snapshot(asked["entity"], basis, asked.get("depth", 1))}
        answer: Answer = self._view(kept)(history=self.history(basis), basis=basis)
        return answer

    def _view(self, kept: SavedAnswer) -> partial[Any]:
        """The view that a question is about, with all but its history and basis."""
        from timeline.projections.check import check
        from timeline.projections.chronology import chronology
        from timeline.projections.entities import entities
        from timeline.projections.why import why

        asked = kept.answer
        match kept.projection:
            case "chronology":
                return partial(chronology, story=asked["story"], entity=asked["entity"])
            case "why":
                return partial(why, entity=asked["entity"], property=asked["property"])
            case "check":
                names = ("only", "story", "entity", "stale_after", "silence")
                return partial(check, **{name: asked[name] for name in names})
            case "entities":
                return partial(entities, query=asked["query"], kind=asked["kind"])
            case name:
                raise AssertionError(f"nobody asks for the view {name!r} again")

    def history(self, basis: Basis) -> History:
        """What stands at a basis; that of the head, and the last other one, are remembered."""
        if basis.as_known == self.head:
            self._at_head = self._at_head or self.newsroom.history(basis)
            return self._at_head
        if self._last is None or self._last[0] != basis.as_known:
            self._last = basis.as_known, self.newsroom.history(basis)
        return self._last[1]


def filters_of(asked: Answer) -> Filters:
    """The filters that the answer of an audit carries."""
    from timeline.projections.replay import Filters

    window = asked.get("recorded", (None, None))
    since, until = (None if side is None else temporal.parse_instant(side) for side in window)
    return Filters(
        asked["story"],
        asked["entity"],
        asked.get("by"),
        tuple(asked.get("types", ())),
        asked["from"],
        since,
        until,
    )


def content(answer: Answer) -> Answer:
    """What an answer says, without what it was asked by."""
    return {name: value for name, value in answer.items() if name not in QUESTION}
