"""Answers saved in files, and repeating the questions in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from timeline import temporal
from timeline.errors import InputError, Problem
from timeline.history.history import History
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Answer, Basis
from timeline.projections.positions import written
from timeline.projections.question import QUESTIONS, Parameter, Question, question_type

_UNREADABLE = "the question cannot be read from it"


class SavedAnswer(NamedTuple):
    """An answer as it was saved in a file, and its question."""

    file: str
    answer: Answer
    question: Question[Any]

    @property
    def projection(self) -> str:
        return self.question.name()

    @property
    def as_known(self) -> int:
        """The position at which the log was cut; of a comparison, the later one."""
        return int(self._ends[-1]["as_known"])

    @property
    def as_of(self) -> str | None:
        """The valid time that was asked about, if that mattered; of a comparison, the later one."""
        return self._ends[-1].get("as_of")

    def at(self, position: int) -> Question[Any]:
        """The question as known at a position; a comparison starts where it started."""
        known = [end["as_known"] for end in self._ends[:-1]]
        cut: dict[str, Any] = {"as_known": "..".join(map(written, [*known, position]))}
        return replace(self.question, **cut)

    @property
    def _ends(self) -> list[Answer]:
        return [self.answer[key] for key in self.question.ends] or [self.answer]


def read_saved(paths: Iterable[Path]) -> list[SavedAnswer]:
    """The answers in some files, and in all `.json` files of some directories.

    Raises:
        InputError: a file cannot be read, or does not hold an answer that can be asked again;
            all problems at once.
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
                found.append(SavedAnswer(str(file), answer, question_of(answer)))
            except OSError as error:
                problem = f"cannot be read: {error.strerror or error}"
                problems.append(Problem(problem, None, None, str(file)))
            except orjson.JSONDecodeError as error:
                hint = "one answer, as `--format json` prints it"
                problems.append(Problem(f"not JSON: {error}", hint, None, str(file)))
            except InputError as error:
                problems += [each._replace(file=str(file)) for each in error.problems]
    if problems:
        raise InputError(problems)
    return found


def question_of(answer: object) -> Question[Any]:
    """The question that an answer carries.

    Raises:
        InputError: it carries none; all problems at once.
    """
    name = answer.get("projection") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(name, str):
        raise InputError("is not an answer", "one that `--format json` printed")
    if name not in QUESTIONS:
        hint = ", ".join(QUESTIONS)
        raise InputError([Problem(f"there is no question {name!r}", hint, "projection")])
    kind = question_type(name)
    parameters = {each.field: each for each in kind.parameters()}
    times = [each for each in ("as_of", "as_known") if each in parameters]
    problems = list(_problems_of_times(answer, kind, times))
    given: dict[str, Any] = {}
    try:
        asked = kind.asked(answer)
    except (TypeError, ValueError):
        raise InputError([Problem(_UNREADABLE), *problems]) from None
    for field, each in parameters.items():
        key = next((key for key in (each.name, field) if key in asked), None)
        if field in times:
            continue
        if key is None:
            if each.required:
                problems.append(Problem("is missing: it is part of the question", None, key))
        elif (value := asked[key]) is not None or each.required:
            if _fits(value, each):
                given[field] = tuple(value) if each.several else value
            else:
                problems.append(Problem(_UNREADABLE, None, key))
    if problems:
        raise InputError(problems)
    for time in times:
        if kind.ends or answer.get(time) is not None:
            sides = [answer[end][time] for end in kind.ends] or [answer[time]]
            given[time] = "..".join(written(each) if time == "as_known" else each for each in sides)
    return kind(**given)


def _problems_of_times(
    answer: Mapping[str, Any], kind: type[Question[Any]], times: Iterable[str]
) -> Iterator[Problem]:
    """The problems of the times in an answer's question, or in both ends of a comparison.

    Only an answer about a period, or that does not depend on the current time, may have been asked
    without `as_of`.
    """
    places: Iterable[str | None] = kind.ends or (None,)
    for end in places:
        found = answer if end is None else answer.get(end)
        if not isinstance(found, dict):
            yield Problem(_UNREADABLE, None, end)
            continue
        for time in times:
            place = time if end is None else f"{end}.{time}"
            value = found.get(time)
            if value is None:
                asked_otherwise = "during" in found or (time in found and not kind.depends_on_now)
                if time == "as_of" and asked_otherwise:
                    continue
                yield Problem("is missing: it is part of the question", None, place)
            elif not (
                isinstance(value, str) if time == "as_of" else type(value) is int and value >= 0
            ):
                yield Problem(_UNREADABLE, None, place)


def _fits(value: object, parameter: Parameter) -> bool:
    """Whether a JSON value can be given for a parameter."""
    if parameter.several:
        return isinstance(value, list) and all(type(each) is parameter.type for each in value)
    least, most = parameter.param.least, parameter.param.most
    if type(value) is not parameter.type:
        return False
    return not isinstance(value, int) or (
        (least is None or value >= least) and (most is None or value <= most)
    )


class AnswerChecker(Newsroom):
    """A newsroom that is asked many questions at few positions: it keeps its histories."""

    def __init__(self, newsroom: Newsroom):
        super().__init__(newsroom.store, newsroom.settings, newsroom.index)
        self.head = newsroom.store.head().position
        self._histories: dict[int, History] = {}

    def history(self, basis: Basis) -> History:
        """What stands at a basis; that of the head, and the last other one, are kept."""
        position = basis.as_known
        if position not in self._histories:
            head = self._histories.get(self.head)
            self._histories = {} if head is None else {self.head: head}
            self._histories[position] = super().history(basis)
        return self._histories[position]

    def again(self, saved: SavedAnswer, position: int) -> Answer:
        """The answer to a saved question, as known at a position.

        Raises:
            InputError: it cannot be asked here.
        """
        try:
            answer: Answer = self.ask(saved.at(position))
        except InputError as error:
            raise InputError(each._replace(file=saved.file) for each in error.problems) from error
        except temporal.TimeError as error:
            problem = Problem(error.message, error.hint, None, saved.file)
            raise InputError([problem]) from error
        return answer
